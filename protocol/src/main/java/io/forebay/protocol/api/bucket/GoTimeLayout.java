package io.forebay.protocol.api.bucket;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;

/// Formats times, in UTC, by a Go layout: an example of the moment `Mon Jan 2 15:04:05 MST 2006`.
public final class GoTimeLayout {
    /// Go's `time.RFC822`, AIStore's default.
    public static final GoTimeLayout RFC822 = new GoTimeLayout("02 Jan 06 15:04 MST");

    /// Longest first where one begins another.
    private static final String[] TOKENS = {
        "January", "Monday", "Z07:00", "-07:00", "-0700", "Z0700", "2006", "Jan", "Mon", "MST", "_2", "002", "01", "02",
        "03", "04", "05", "06", "15", "PM", "pm", "1", "2", "3", "4", "5"
    };

    private final String layout;

    public GoTimeLayout(String layout) {
        this.layout = layout;
    }

    /// The time of that many nanoseconds since the epoch.
    public String format(long epochNanos) {
        Instant instant = Instant.ofEpochSecond(
                Math.floorDiv(epochNanos, 1_000_000_000L), Math.floorMod(epochNanos, 1_000_000_000L));
        ZonedDateTime time = instant.atZone(ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(layout.length() + 8);
        int at = 0;
        while (at < layout.length()) {
            int fraction = fractionEnd(at);
            if (fraction > at) {
                appendFraction(time.getNano(), at, fraction, out);
                at = fraction;
                continue;
            }
            String token = token(at);
            if (token.isEmpty()) {
                out.append(layout.charAt(at++));
            } else {
                out.append(value(token, time));
                at += token.length();
            }
        }
        return out.toString();
    }

    private String token(int at) {
        for (String token : TOKENS) {
            if (layout.startsWith(token, at)) {
                return token;
            }
        }
        return "";
    }

    /// The end of `.000` or `,999` that begins there, else `at`.
    private int fractionEnd(int at) {
        char point = layout.charAt(at);
        if ((point != '.' && point != ',') || at + 1 == layout.length()) {
            return at;
        }
        char digit = layout.charAt(at + 1);
        if (digit != '0' && digit != '9') {
            return at;
        }
        int end = at + 1;
        while (end < layout.length() && layout.charAt(end) == digit) {
            end++;
        }
        boolean another = end < layout.length() && Character.isDigit(layout.charAt(end));
        return another ? at : end;
    }

    /// Zeros in the layout keep trailing zeros, nines drop them.
    private void appendFraction(int nanos, int from, int to, StringBuilder out) {
        int digits = Math.min(9, to - from - 1);
        String text = Integer.toString(1_000_000_000 + nanos).substring(1, 1 + digits);
        int end = digits;
        while (layout.charAt(to - 1) == '9' && end > 0 && text.charAt(end - 1) == '0') {
            end--;
        }
        if (end > 0) {
            out.append(layout.charAt(from)).append(text, 0, end);
        }
    }

    private static String value(String token, ZonedDateTime time) {
        int hour = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
        return switch (token) {
            case "2006" -> padded(time.getYear(), 4, '0');
            case "06" -> padded(time.getYear() % 100, 2, '0');
            case "January" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Jan" ->
                time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
            case "01" -> padded(time.getMonthValue(), 2, '0');
            case "1" -> Integer.toString(time.getMonthValue());
            case "Monday" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Mon" ->
                time.getDayOfWeek()
                        .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                        .substring(0, 3);
            case "002" -> padded(time.getDayOfYear(), 3, '0');
            case "02" -> padded(time.getDayOfMonth(), 2, '0');
            case "_2" -> padded(time.getDayOfMonth(), 2, ' ');
            case "2" -> Integer.toString(time.getDayOfMonth());
            case "15" -> padded(time.getHour(), 2, '0');
            case "03" -> padded(hour, 2, '0');
            case "3" -> Integer.toString(hour);
            case "04" -> padded(time.getMinute(), 2, '0');
            case "4" -> Integer.toString(time.getMinute());
            case "05" -> padded(time.getSecond(), 2, '0');
            case "5" -> Integer.toString(time.getSecond());
            case "PM" -> time.getHour() < 12 ? "AM" : "PM";
            case "pm" -> time.getHour() < 12 ? "am" : "pm";
            case "MST" -> "UTC";
            case "-0700" -> "+0000";
            case "-07:00" -> "+00:00";
            default -> "Z";
        };
    }

    private static String padded(int number, int width, char fill) {
        String digits = Integer.toString(number);
        return String.valueOf(fill).repeat(Math.max(0, width - digits.length())) + digits;
    }
}
