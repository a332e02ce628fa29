package io.forebay.common.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RangeHeaderTest {
    @Test
    void numbersBeyondAllAreBehindTheEndOfEveryObject() {
        assertThat(resolved("bytes=2-99999999999999999999", 10)).isEqualTo(new ByteRange(2, 8));
        assertThat(resolved("bytes=-99999999999999999999", 10)).isEqualTo(new ByteRange(0, 10));
        assertThat(resolved("bytes=9223372036854775807-99999999999999999999", 10))
                .isNull();
    }

    @Test
    void otherTextsAreNoRanges() {
        for (String text : new String[] {"", "bytes", "bytes=", "bytes=-", "bytes=3-2", "bytes=0-1,3-4", "lines=1-2"}) {
            assertThat(RangeHeader.parse(text)).as(text).isNull();
        }
    }

    private static @Nullable ByteRange resolved(String text, long size) {
        return Objects.requireNonNull(RangeHeader.parse(text)).resolve(size);
    }
}
