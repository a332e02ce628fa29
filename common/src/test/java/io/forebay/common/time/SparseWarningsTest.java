package io.forebay.common.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.error.ErrorCode;
import org.junit.jupiter.api.Test;

class SparseWarningsTest {
    @Test
    void oneOfEachKindPassesEveryTenSeconds() {
        SparseWarnings<ErrorCode> warnings = new SparseWarnings<>(ErrorCode.class);
        assertThat(warnings.isDue(ErrorCode.BUSY, -5)).isTrue();
        assertThat(warnings.isDue(ErrorCode.BUSY, 9_000_000_000L)).isFalse();
        assertThat(warnings.isDue(ErrorCode.NO_SPACE, 0)).isTrue();
        assertThat(warnings.isDue(ErrorCode.BUSY, 10_000_000_000L)).isTrue();
    }
}
