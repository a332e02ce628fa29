package io.forebay.protocol.api.bucket;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.Locale;

/// Sizes as AIStore's configuration has them: `1GiB`, `4MiB`, `512B`.
public final class IecSize {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private IecSize() {}

    /// Bytes of a text with an IEC or SI unit, in any case, or with none. Throws INVALID_ARGUMENT for any other.
    public static long parse(String text) {
        int end = 0;
        while (end < text.length() && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        long unit = unit(text.substring(end).strip().toLowerCase(Locale.ROOT));
        try {
            double bytes = end == 0 || unit == 0 ? -1 : Double.parseDouble(text.substring(0, end)) * unit;
            if (bytes >= 0 && bytes < Long.MAX_VALUE) {
                return (long) bytes;
            }
        } catch (NumberFormatException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid size \"" + text + "\"", e);
        }
        throw new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid size \"" + text + "\"");
    }

    /// In the largest unit that fits, without decimals, rounded.
    public static String format(long bytes) {
        int unit = 0;
        double count = bytes;
        while (unit < UNITS.length - 1 && count >= 1024) {
            count /= 1024;
            unit++;
        }
        return Math.round(count) + UNITS[unit];
    }

    private static long unit(String name) {
        return switch (name) {
            case "", "b" -> 1;
            case "k", "kib" -> 1L << 10;
            case "m", "mib" -> 1L << 20;
            case "g", "gib" -> 1L << 30;
            case "t", "tib" -> 1L << 40;
            case "kb" -> 1_000;
            case "mb" -> 1_000_000;
            case "gb" -> 1_000_000_000;
            case "tb" -> 1_000_000_000_000L;
            default -> 0;
        };
    }
}
