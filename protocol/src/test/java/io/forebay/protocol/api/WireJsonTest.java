package io.forebay.protocol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WireJsonTest {
    private record Message(
            String name, int count, long size, boolean on, Kind kind, List<Part> parts, Map<String, String> tags) {}

    private record Part(int number) {}

    private enum Kind {
        OLD,
        NEW
    }

    /// Nobody is told of Java.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    []                             | it must be an object
                    7                              | it must be an object
                    {"name": {}}                   | name must be a text
                    {"count": "x"}                 | count must be a number from -2147483648 to 2147483647
                    {"count": 3000000000}          | Numeric value (3000000000) out of range of int (-2147483648 - 2147483647) at line 1, column 21
                    {"size": {}}                   | size must be a number from -9223372036854775808 to 9223372036854775807
                    {"on": "maybe"}                | on must be true or false
                    {"kind": "other"}              | kind must be one of [OLD, NEW]
                    {"parts": {}}                  | parts must be a list
                    {"parts": [{}, {"number": []}]}| parts[1].number must be a number from -2147483648 to 2147483647
                    {"parts": [null]}              | parts[0] must not be null
                    {"tags": 3}                    | tags must be an object
                    {"tags": {"a": []}}            | tags.a must be a text
                    {"name": "a                    | Unexpected end-of-input in VALUE_STRING at line 1, column 12
                    {"name" 7}                     | Unexpected character ('7' (code 55)): was expecting a colon to separate property name and value at line 1, column 9
                    """)
    void whatIsWrongIsToldInTheMessagesTerms(String json, String words) {
        assertThatThrownBy(() -> WireJson.read(json.getBytes(StandardCharsets.UTF_8), Message.class))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessage("invalid JSON message: " + words);
    }
}
