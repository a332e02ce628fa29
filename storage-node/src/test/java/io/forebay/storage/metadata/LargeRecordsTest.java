package io.forebay.storage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LargeRecordsTest {
    private static final byte[] KEY = {1, 2, 3};

    private final LargeRecords records = new LargeRecords(10_000);

    private static ObjectRecord record(int bytes) {
        Map<String, String> custom = Map.of("k", "v".repeat(bytes));
        return ObjectRecord.of(
                new RecordDraft(1, 1, 1, 1, List.of(), null, null, Map.of(), custom, null, List.of()).encode());
    }

    @Test
    void whatWasOfferedIsFound() {
        ObjectRecord record = record(1000);
        records.offer(KEY, record, records.ticket(KEY));
        assertThat(records.find(KEY.clone())).isSameAs(record);
        assertThat(records.find(new byte[] {1})).isNull();
    }

    @Test
    void aChangeDropsTheRecord() {
        records.offer(KEY, record(1000), records.ticket(KEY));
        records.begin(List.of(KEY));
        assertThat(records.find(KEY)).isNull();
        records.end(List.of(KEY));
        assertThat(records.find(KEY)).isNull();
        assertThat(records.bytes()).isZero();
    }

    @Test
    void whatAChangeOvertookIsNotTaken() {
        long before = records.ticket(KEY);
        records.begin(List.of(KEY));
        records.offer(KEY, record(1000), before);
        long during = records.ticket(KEY);
        records.offer(KEY, record(1000), during);
        records.end(List.of(KEY));
        records.offer(KEY, record(1000), during);
        assertThat(records.find(KEY)).isNull();
        records.offer(KEY, record(1000), records.ticket(KEY));
        assertThat(records.find(KEY)).isNotNull();
    }

    @Test
    void theLeastUsedGoWhenThereAreTooMany() {
        for (byte id = 0; id < 20; id++) {
            byte[] key = {id};
            records.offer(key, record(1000), records.ticket(key));
            assertThat(records.find(new byte[] {0})).isNotNull();
            assertThat(records.bytes()).isLessThanOrEqualTo(10_000);
        }
        assertThat(records.find(new byte[] {1})).isNull();
        assertThat(records.find(new byte[] {19})).isNotNull();
        assertThat(records.evicted()).isGreaterThan(10);
    }

    @Test
    void oneThatIsTooLargeIsNotTaken() {
        records.offer(KEY, record(5000), records.ticket(KEY));
        assertThat(records.find(KEY)).isNull();
    }
}
