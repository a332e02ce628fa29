package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A start does what was in flight again, however many objects there are.
final class RecoveryTest {
    private static final Bucket BUCKET = StoreFixture.bucket(3, Durability.GROUP);
    private static final int FLUSHED = 400;
    private static final int IN_FLIGHT = 7;

    @TempDir
    private Path folder;

    @Test
    void onlyWhatTheIndexHadNotFlushedIsReplayed() throws IOException {
        Path volume = folder.resolve("volume");
        Path crashed = folder.resolve("crashed");
        try (StoreFixture fixture = StoreFixture.stepped(volume, Map.of())) {
            put(fixture, 0, FLUSHED);
            fixture.settle();
            put(fixture, FLUSHED, IN_FLIGHT);
            LiveTree.copy(volume, crashed, file -> true);
        }
        try (StoreFixture fixture = StoreFixture.stepped(crashed, Map.of())) {
            assertThat(replayed(fixture)).isEqualTo(IN_FLIGHT);
            assertThat(fixture.names(BUCKET)).hasSize(FLUSHED + IN_FLIGHT);
        }
        try (StoreFixture fixture = StoreFixture.stepped(volume, Map.of())) {
            assertThat(replayed(fixture)).isZero();
            assertThat(fixture.names(BUCKET)).hasSize(FLUSHED + IN_FLIGHT);
        }
    }

    private static void put(StoreFixture fixture, int first, int count) {
        for (int number = first; number < first + count; number++) {
            fixture.put(BUCKET, "o" + number, bytes(number, 500));
        }
    }

    private static long replayed(StoreFixture fixture) {
        return fixture.metrics
                .text()
                .lines()
                .filter(line -> line.startsWith("forebay_storage_replayed_records_total{"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
