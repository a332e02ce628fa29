package io.forebay.common.config;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Durations as people write them: `100ms`, `5s`, `1m30s`, `2h`, `7d`.
public final class DurationText {
    private static final Pattern WHOLE = Pattern.compile("(?:\\d+(?:ns|us|ms|s|m|h|d))+|0");
    private static final Pattern TERM = Pattern.compile("(\\d+)(ns|us|ms|s|m|h|d)");

    private DurationText() {}

    /// Parses terms of whole numbers and units, one after the other without a space. Throws INVALID_ARGUMENT for any
    /// other text.
    public static Duration parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw invalid(text, null);
        }
        Duration sum = Duration.ZERO;
        Matcher terms = TERM.matcher(text);
        try {
            while (terms.find()) {
                sum = sum.plus(term(Long.parseLong(terms.group(1)), terms.group(2)));
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw invalid(text, e);
        }
        return sum;
    }

    /// The shortest exact text: `1m30s` for 90 seconds.
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder out = new StringBuilder();
        append(out, duration.toDaysPart(), "d");
        append(out, duration.toHoursPart(), "h");
        append(out, duration.toMinutesPart(), "m");
        append(out, duration.toSecondsPart(), "s");
        int nanos = duration.toNanosPart();
        append(out, nanos / 1_000_000, "ms");
        append(out, nanos / 1_000 % 1_000, "us");
        append(out, nanos % 1_000, "ns");
        return out.toString();
    }

    private static void append(StringBuilder out, long count, String unit) {
        if (count != 0) {
            out.append(count).append(unit);
        }
    }

    private static Duration term(long count, String unit) {
        return switch (unit) {
            case "ns" -> Duration.ofNanos(count);
            case "us" -> Duration.ofNanos(Math.multiplyExact(count, 1_000L));
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> throw new IllegalStateException("no unit " + unit);
        };
    }

    private static StoreException invalid(String text, @Nullable Throwable cause) {
        return new StoreException(
                ErrorCode.INVALID_ARGUMENT,
                "\"" + text + "\" is not a duration: expecting numbers with units, such as 100ms, 5s, 1m30s or 7d",
                cause);
    }
}
