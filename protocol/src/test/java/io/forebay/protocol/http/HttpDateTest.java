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
        assertThat(HttpDate.format(0)).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
        assertThat(HttpDate.format(-1)).isEqualTo("Wed, 31 Dec 1969 23:59:59 GMT");
    }

    @Test
    void writesEveryYearOfFourDigits() {
        long end = 253_402_300_800_000L;
        // Steps of a prime number of milliseconds, about 104 days, meet every month, weekday and hour.
        for (long millis = -30_610_224_000_000L; millis < end; millis += 9_000_000_011L) {
            String date = HttpDate.format(millis);
            assertThat(HttpDate.parse(date)).isEqualTo(Math.floorDiv(millis, 1000L) * 1000);
        }
        assertThat(HttpDate.format(end - 1)).isEqualTo("Fri, 31 Dec 9999 23:59:59 GMT");
        assertThat(HttpDate.format(-62_135_596_800_000L)).isEqualTo("Mon, 01 Jan 0001 00:00:00 GMT");
    }
}
