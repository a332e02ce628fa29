package io.forebay.gateway.auth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Patterns against regular expressions that say the same, on short texts of few letters, where they meet most often.
final class TextPatternFuzzTest {
    private static final int ROUNDS = 50_000;

    @Test
    void patternsMatchWhatRegularExpressionsMatch() {
        long seed = Long.getLong("seed", 20_261_130L);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            String pattern = text(random, "ab*?", 8);
            String value = text(random, "ab", 8);
            boolean expected = Pattern.matches(pattern.replace("*", ".*").replace("?", "."), value);
            assertThat(TextPattern.wildcards(pattern).matches(value, key -> List.of()))
                    .as("seed %s: %s matches %s", seed, pattern, value)
                    .isEqualTo(expected);
        }
    }

    private static String text(Random random, String letters, int most) {
        int length = random.nextInt(most + 1);
        StringBuilder text = new StringBuilder(length);
        for (int index = 0; index < length; index++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
