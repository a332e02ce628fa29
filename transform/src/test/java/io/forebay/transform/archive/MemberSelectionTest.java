package io.forebay.transform.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MemberSelectionTest {
    @ParameterizedTest
    @CsvSource({
        "regexp,'\\.(jpg|png)$',a/b.jpg,true",
        "regexp,'\\.(jpg|png)$',a/b.jpg.txt,false",
        "regexp,b,a/b.jpg,true",
        "prefix,a/,a/b.jpg,true",
        "prefix,/a/,a/b.jpg,true",
        "prefix,b,a/b.jpg,false",
        "prefix,*,a/b.jpg,true",
        "suffix,.jpg,a/b.jpg,true",
        "suffix,a,a/b.jpg,false",
        "substr,/b,a/b.jpg,true",
        "substr,c,a/b.jpg,false",
        "substr,*,a/b.jpg,false",
        "wdskey,a/b,a/b.jpg,true",
        "wdskey,/a/b,a/b.jpg,true",
        "wdskey,a/b,a/b.seg.jpg,false",
        "wdskey,a/b.seg,a/b.seg.jpg,true",
        "wdskey,a.d/b,a.d/b,true",
        "wdskey,b,a/b.jpg,false",
        "'',a,a/b.jpg,true",
        "*,b,a/b.jpg,false"
    })
    void modeSaysHowNamesAreCompared(String mode, String expression, String name, boolean isMeant) {
        MemberSelection selection = MemberSelection.of(mode, expression);
        assertThat(selection.matches(name)).isEqualTo(isMeant);
        assertThat(selection.matches("/" + name)).isEqualTo(isMeant);
    }

    @ParameterizedTest
    @CsvSource({"regexp", "prefix", "suffix", "substr", "wdskey", "''"})
    void emptyExpressionMeansEverything(String mode) {
        assertThat(MemberSelection.of(mode, "").matches("anything")).isTrue();
        assertThat(MemberSelection.of(mode, "").prefix()).isEmpty();
    }

    @Test
    void prefixOfAllThatIsMeantIsKnownWhereItCanBe() {
        assertThat(MemberSelection.of("prefix", "/a/").prefix()).isEqualTo("a/");
        assertThat(MemberSelection.of("wdskey", "a/b").prefix()).isEqualTo("a/b");
        assertThat(MemberSelection.of("prefix", "*").prefix()).isEmpty();
        assertThat(MemberSelection.of("suffix", "a").prefix()).isEmpty();
    }

    @Test
    void unknownModesAndBadExpressionsAreRefused() {
        refused("glob", "a", "unknown matching mode \"glob\"");
        refused("regexp", "a(", "invalid regular expression \"a(\"");
        refused("regexp", "(a)\\1", "invalid regular expression \"(a)\\1\"");
        refused("regexp", "(".repeat(4000) + ")".repeat(4000), "at most 4096 characters");
        refused("prefix", "a".repeat(5000), "at most 4096 characters");
    }

    private static void refused(String mode, String expression, String words) {
        assertThatThrownBy(() -> MemberSelection.of(mode, expression))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource({"(a+)+$", "(a|aa)+$", "(.*)*(.*)*(.*)*b"})
    void expressionsTakeTimeByTheLengthOfTheName(String expression) {
        assertThat(MemberSelection.of("regexp", expression).matches("a".repeat(4000) + "!"))
                .isFalse();
    }
}
