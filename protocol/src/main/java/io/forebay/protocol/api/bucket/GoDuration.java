package io.forebay.protocol.api.bucket;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// Durations as Go writes them: `1h30m`, `250ms`, `2h0m`.
public final class GoDuration {
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final int MAX_LENGTH = 100;

    private GoDuration() {}

    /// Nanoseconds of a text such as `1h30m` or `1.5s`, without parts of one. Throws INVALID_ARGUMENT for any other.
    public static long parse(String text) {
        boolean negative = text.startsWith("-");
        int at = negative ? 1 : 0;
        if (text.equals("0")) {
            return 0;
        }
        if (at == text.length() || text.length() > MAX_LENGTH) {
            throw invalid(text);
        }
        BigDecimal nanos = BigDecimal.ZERO;
        while (at < text.length()) {
            int number = at;
            while (at < text.length() && isNumeric(text.charAt(at))) {
                at++;
            }
            int unit = at;
            while (at < text.length() && !isNumeric(text.charAt(at))) {
                at++;
            }
            BigDecimal unitNanos = BigDecimal.valueOf(unitNanos(text, text.substring(unit, at)));
            nanos = nanos.add(amount(text, number, unit).multiply(unitNanos).setScale(0, RoundingMode.DOWN));
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw invalid(text);
        }
        return negative ? -nanos.longValue() : nanos.longValue();
    }

    /// As AIStore prints it: Go's form with a last `m0s` cut to `m`, so `2h0m`, `10m`, `30s`, `250ms`, `0s`.
    public static String format(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        if (nanos < 0) {
            return "-" + format(-nanos);
        }
        if (nanos < SECOND) {
            return nanos < MICRO
                    ? nanos + "ns"
                    : nanos < MILLI ? decimal(nanos, MICRO) + "µs" : decimal(nanos, MILLI) + "ms";
        }
        StringBuilder text = new StringBuilder();
        if (nanos >= HOUR) {
            text.append(nanos / HOUR).append('h');
        }
        if (nanos >= MINUTE) {
            text.append(nanos % HOUR / MINUTE).append('m');
        }
        long seconds = nanos % MINUTE;
        return seconds == 0 && nanos >= MINUTE
                ? text.toString()
                : text.append(decimal(seconds, SECOND)).append('s').toString();
    }

    private static String decimal(long nanos, long unit) {
        long fraction = nanos % unit;
        if (fraction == 0) {
            return Long.toString(nanos / unit);
        }
        String digits = Long.toString(unit + fraction).substring(1);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return nanos / unit + "." + digits.substring(0, end);
    }

    private static boolean isNumeric(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    private static BigDecimal amount(String text, int from, int to) {
        try {
            return new BigDecimal(text.substring(from, to));
        } catch (NumberFormatException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, invalid(text).text(), e);
        }
    }

    private static long unitNanos(String text, String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> MICRO;
            case "ms" -> MILLI;
            case "s" -> SECOND;
            case "m" -> MINUTE;
            case "h" -> HOUR;
            default -> throw invalid(text);
        };
    }

    private static StoreException invalid(String text) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid duration \"" + text + "\"");
    }
}
