package io.forebay.protocol.api.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.WireJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketPropertiesTest {
    @Test
    void defaultsAreTheGoldenFile() throws IOException {
        Map<String, Object> json = BucketProperties.json(BucketName.of("b"), 7, 1_700_000_000_123L, Map.of());
        try (InputStream golden = BucketPropertiesTest.class.getResourceAsStream("bucket-properties.json")) {
            assertThat(golden).isNotNull();
            if (golden != null) {
                assertThat(new String(WireJson.write(json), StandardCharsets.UTF_8))
                        .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip());
            }
        }
    }

    @Test
    void changesAreFlattenedAndKeptInOneForm() {
        assertThat(changes("{\"LRU\":{\"dont_evict_time\":\"90m\"},\"access\":\"18446744073709551615\","
                        + "\"chunks\":{\"objsize_limit\":\"1536KiB\",\"chunk_size\":1048576},"
                        + "\"backend_bck\":{\"name\":\"\",\"provider\":\"\",\"namespace\":null},"
                        + "\"versioning\":{\"enabled\":\"False\",\"synchronize\":null},\"force\":true,"
                        + "\"forebay\":{\"durability\":\"strict\"},\"ec\":null,"
                        + "\"mirror\":{\"copies\":3}}"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "lru.dont_evict_time", "1h30m",
                        "access", "18446744073709551615",
                        "chunks.objsize_limit", "1572864",
                        "chunks.chunk_size", "1048576",
                        "backend_bck.name", "",
                        "backend_bck.provider", "",
                        "versioning.enabled", "false",
                        "forebay.durability", "strict",
                        "mirror.copies", "3"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"nonsense":1}                          | unknown bucket property "nonsense"
                    {"checksum":{"kind":"md5"}}             | unknown bucket property "checksum.kind"
                    {"checksum":"md5"}                      | unknown bucket property "checksum"
                    {"nothing":null}                        | unknown bucket property "nothing"
                    {"checksum":{"type":"sha3"}}            | invalid "checksum.type" value "sha3"
                    {"checksum":{"type":7}}                 | expecting a string
                    {"mirror":{"copies":1}}                 | expecting 2 to 8
                    {"mirror":{"copies":9}}                 | expecting 2 to 8
                    {"forebay":{"copies":0}}                | expecting 1 to 8
                    {"mirror":{"copies":2.5}}               | expecting a whole number
                    {"mirror":{"copies":[2]}}               | expecting a number
                    {"mirror":{"copies":9223372036854775808}} | expecting a whole number
                    {"access":"-1"}                         | invalid access "-1"
                    {"access":"18446744073709551616"}       | invalid access
                    {"features":"1048576"}                  | not features of a bucket
                    {"versioning":{"enabled":"maybe"}}      | expecting true or false
                    {"lru":{"dont_evict_time":"2 hours"}}   | invalid duration "2 hours"
                    {"lru":{"dont_evict_time":"-2h"}}       | never negative
                    {"chunks":{"chunk_size":"1XiB"}}        | invalid size "1XiB"
                    {"forebay":{"durability":"maybe"}}      | invalid "forebay.durability" value
                    {"provider":"aws"}                      | unknown bucket property "provider"
                    """)
    void whatBreaksARuleIsNamed(String json, String message) {
        assertThatThrownBy(() -> changes(json))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"ec":{"enabled":true}}                 | erasure coding is not offered
                    {"rate_limit":{"frontend":{"enabled":true}}} | rate limiting is not offered
                    {"backend_bck":{"name":"b"}}            | remote backends are not offered
                    """)
    void whatIsNotOfferedIsToldSo(String json, String message) {
        assertThatThrownBy(() -> changes(json))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining(message);
    }

    @Test
    void setLeavesShowInTheJson() {
        Map<String, Object> json = BucketProperties.json(
                BucketName.of("b"), 1, 0, Map.of("checksum.type", "md5", "extra.custom", "x", "mirror.copies", "3"));
        String text = new String(WireJson.write(json), StandardCharsets.UTF_8);
        assertThat(text)
                .contains("\"checksum\":{\"type\":\"md5\"")
                .contains("\"mirror\":{\"copies\":3")
                .contains("\"custom\":\"x\"");
    }

    private static Map<String, String> changes(String json) {
        String message = "{\"action\":\"set-bprops\",\"value\":" + json + "}";
        return BucketProperties.changes(
                ActionMessage.parse(message.getBytes(StandardCharsets.UTF_8)).valueMap());
    }
}
