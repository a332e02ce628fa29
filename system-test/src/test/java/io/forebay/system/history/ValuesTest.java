package io.forebay.system.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.history.Values.Value;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ValuesTest {
    private final Values values = new Values(77);

    @Test
    void bytesAndTagsAreOfOneValueOnly() {
        Value small = values.next(Values.MIN_BYTES, Face.S3);
        Value odd = values.next(1001, Face.AIS);
        assertThat(values.find(values.bytes(small))).isEqualTo(small);
        assertThat(values.find(values.bytes(odd))).isEqualTo(odd);
        assertThat(values.findTag(odd.tag())).isEqualTo(odd);
        assertThat(values.findTag("0123")).isNull();
    }

    @Test
    void bytesOfAnotherRunOrChangedOrCutOffAreNobodys() {
        Value value = values.next(1001, Face.AIS);
        byte[] bytes = values.bytes(value);
        assertThat(new Values(78).find(bytes)).isNull();
        assertThat(values.find(Arrays.copyOf(bytes, 1000))).isNull();
        assertThat(values.find(new byte[3])).isNull();
        bytes[1000]++;
        assertThat(values.find(bytes)).isNull();
    }
}
