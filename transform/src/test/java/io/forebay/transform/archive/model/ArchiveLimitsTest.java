package io.forebay.transform.archive.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Settings;
import io.forebay.common.error.StoreException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArchiveLimitsTest {
    @Test
    void everyLimitHasADefault() {
        ArchiveLimits limits = Settings.defaults(ArchiveLimits.class);
        assertThat(limits.maxMembers()).isEqualTo(10_000_000);
        assertThat(limits.indexMemory()).isEqualTo(DataSize.ofMib(64));
    }

    @ParameterizedTest
    @CsvSource({"max-members,0", "max-name,0", "max-name,1MiB", "max-header,2GiB", "max-expansion,0", "index-memory,0"})
    void valuesThatMakeNoSenseAreRefused(String key, String value) {
        assertThatThrownBy(() -> Settings.of(ArchiveLimits.class).bind(Map.of(key, value)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(key);
    }
}
