package io.forebay.gateway.auth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextPatternTest {
    private static final RequestContext CONTEXT = key ->
            Map.of("aws:username", List.of("ann*"), "two", List.of("a", "b")).getOrDefault(key, List.of());

    @ParameterizedTest
    @CsvSource({
        "'', '', true",
        "'', a, false",
        "*, '', true",
        "*, a/b:c, true",
        "a*, a, true",
        "a*c, abcbc, true",
        "a*c, abcb, false",
        "a*b*c, a1b2c, true",
        "a*b*c, a1c2b, false",
        "?, '', false",
        "?, é, true",
        "a?c, abc, true",
        "a?c, abbc, false",
        "?, 😀, true",
        "**?**, a, true",
        "a\\*, a*, false",
        "a, A, false",
        "${aws:username}, ann*, true",
        "${aws:username}, anna, false",
        "x/${aws:username}/*, x/ann*/y, true",
        "x/${aws:username}/*, x/annb/y, false",
        "${none}, '', false",
        "'${none, ''nobody''}', nobody, true",
        "${two}, a, false",
        "${*}${?}${$}, *?$, true",
        "${*}, a, false",
        "$aws, $aws, true",
    })
    void matches(String pattern, String value, boolean matches) {
        assertThat(TextPattern.parse(pattern, true, true).matches(value, CONTEXT))
                .as("%s matches %s", pattern, value)
                .isEqualTo(matches);
    }

    @Test
    void isPlainTextWithoutWildcardsAndVariables() {
        assertThat(TextPattern.parse("a*${x}", false, false).matches("a*${x}", CONTEXT))
                .isTrue();
        assertThat(TextPattern.parse("a*${x}", true, false).matches("abc${x}", CONTEXT))
                .isTrue();
        assertThat(TextPattern.parse("abc", true, true).isFixed()).isTrue();
        assertThat(TextPattern.parse("a?c", true, true).isFixed()).isFalse();
        assertThat(TextPattern.parse("a${x}", false, true).isFixed()).isFalse();
    }

    @Test
    void saysWhenAVariableStandsForNothing() {
        TextPattern pattern = TextPattern.parse("a/${none}", true, true);
        assertThat(pattern.match("a/", CONTEXT)).isEqualTo(TextPattern.Match.UNKNOWN);
        assertThat(pattern.mayMatch("a/b")).isTrue();
        assertThat(pattern.mayMatch("b/b")).isFalse();
    }

    @Test
    void refusesVariablesThatAreNone() {
        assertThatThrownBy(() -> TextPattern.parse("${a", true, true)).isInstanceOf(MalformedPolicyException.class);
        assertThatThrownBy(() -> TextPattern.parse("${a, b}", true, true)).isInstanceOf(MalformedPolicyException.class);
    }

    /// Exponential in a matcher that goes back to every wildcard: this would not end.
    @Test
    void takesBoundedTimeWhateverThePattern() {
        String value = "a".repeat(2000);
        TextPattern pattern = TextPattern.parse("a*".repeat(1000) + "b", true, true);
        assertThat(pattern.matches(value, CONTEXT)).isFalse();
        assertThat(pattern.matches(value + "b", CONTEXT)).isTrue();
    }
}
