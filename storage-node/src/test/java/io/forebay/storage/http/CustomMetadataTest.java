package io.forebay.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.http.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomMetadataTest {
    @Test
    void writtenLinesReadBack() {
        Map<String, String> entries = Map.of("k", "v=w", "ü", "grün", "empty", "");
        Headers headers = new Headers();
        CustomMetadata.write(entries, headers);
        assertThat(headers.count()).isEqualTo(3);
        assertThat(CustomMetadata.read(headers)).isEqualTo(entries);
    }

    @Test
    void lineEndsBecomeSpaces() {
        Headers headers = new Headers();
        CustomMetadata.write(Map.of("k", "a\r\nX: y"), headers);
        assertThat(headers.find(AisHeaders.CUSTOM)).isEqualTo("k=a  X: y");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no equals sign|custom metadata: invalid format",
                "=v|custom metadata: empty key",
                "k=a\u0001b|key or value contains reserved symbol",
                "k=\u00e9|not UTF-8",
            })
    void brokenLinesAreRefused(String line, String message) {
        Headers headers = new Headers().add(AisHeaders.CUSTOM, line);
        assertThatThrownBy(() -> CustomMetadata.read(headers))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(message);
    }

    @Test
    void keysThatALineCannotTellAreRefused() {
        assertThatThrownBy(() -> CustomMetadata.check(Map.of("a=b", "c")))
                .hasMessage("custom metadata: key \"a=b\" contains '='");
    }

    @Test
    void limitCountsKeysAndValuesInBytes() {
        CustomMetadata.check(Map.of("k", "v".repeat(2047)));
        assertThatThrownBy(() -> CustomMetadata.check(Map.of("k", "ü".repeat(1024))))
                .hasMessage("custom metadata: total size 2049 exceeds max 2048 bytes");
    }
}
