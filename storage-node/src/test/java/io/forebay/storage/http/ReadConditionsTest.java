package io.forebay.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import io.forebay.storage.http.ReadConditions.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadConditionsTest {
    private static final long MODIFIED = 784_111_777_500L;
    private static final String SAME = HttpDate.format(MODIFIED);
    private static final String BEFORE = HttpDate.format(MODIFIED - 1000);
    private static final String AFTER = HttpDate.format(MODIFIED + 1000);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"abc\"|true",
                "abc|true",
                "*|true",
                "W/\"abc\"|true",
                "\"x\", \"abc\"|true",
                "\"x,abc\"|false",
                "\"x\",abc,|true",
                "\"ab\"|false",
                "''|false",
                ",|false",
                "\"|false",
            })
    void listOfTagsNamesTheTag(String list, boolean named) {
        assertThat(EntityTags.contains(list, "abc")).isEqualTo(named);
        assertThat(judge("If-Match", list)).isEqualTo(named ? Verdict.PROCEED : Verdict.FAILED);
        assertThat(judge("If-None-Match", list)).isEqualTo(named ? Verdict.NOT_MODIFIED : Verdict.PROCEED);
    }

    @Test
    void datesCompareByWholeSeconds() {
        assertThat(judge("If-Modified-Since", BEFORE)).isEqualTo(Verdict.PROCEED);
        assertThat(judge("If-Modified-Since", SAME)).isEqualTo(Verdict.NOT_MODIFIED);
        assertThat(judge("If-Modified-Since", AFTER)).isEqualTo(Verdict.NOT_MODIFIED);
        assertThat(judge("If-Unmodified-Since", BEFORE)).isEqualTo(Verdict.FAILED);
        assertThat(judge("If-Unmodified-Since", SAME)).isEqualTo(Verdict.PROCEED);
        assertThat(judge("If-Unmodified-Since", AFTER)).isEqualTo(Verdict.PROCEED);
    }

    @Test
    void textsThatAreNoDatesArePassedOver() {
        assertThat(judge("If-Modified-Since", "soon")).isEqualTo(Verdict.PROCEED);
        assertThat(judge("If-Unmodified-Since", "soon")).isEqualTo(Verdict.PROCEED);
    }

    @Test
    void tagOutranksTheDateOfItsDirection() {
        assertThat(judge(new Headers().add("If-Match", "abc").add("If-Unmodified-Since", BEFORE)))
                .isEqualTo(Verdict.PROCEED);
        assertThat(judge(new Headers().add("If-None-Match", "x").add("If-Modified-Since", AFTER)))
                .isEqualTo(Verdict.PROCEED);
        assertThat(judge(new Headers().add("If-Match", "abc").add("If-None-Match", "abc")))
                .isEqualTo(Verdict.NOT_MODIFIED);
    }

    private static Verdict judge(String name, String value) {
        return judge(new Headers().add(name, value));
    }

    private static Verdict judge(Headers headers) {
        return ReadConditions.of(headers).judge("abc", MODIFIED);
    }
}
