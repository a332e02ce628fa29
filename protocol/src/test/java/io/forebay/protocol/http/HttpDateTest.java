package io.forebay.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                " Sun, 06 Nov 1994 08:49:37 GMT ",
            })
    void readsTheThreeFormsOfTheStandard(String text) {
        assertThat(HttpDate.parse(text)).isEqualTo(784_111_777_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "Mon, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z", "0"})
    void otherTextsAreNoDates(String text) {
        assertThat(HttpDate.parse(text)).isEqualTo(HttpDate.INVALID);
    }

    @Test
    void writesWholeSeconds() {
        assertThat(HttpDate.format(784_111_777_999L)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
