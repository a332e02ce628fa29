package io.forebay.common.config;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A number of bytes with its text form: `128KiB`, `5GiB`, `1000B`, `64kB`.
public record DataSize(long bytes) {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    public DataSize {
        Check.argument(bytes >= 0, "a size is never negative: %s", bytes);
    }

    public static DataSize ofKib(long count) {
        return new DataSize(Math.multiplyExact(count, 1L << 10));
    }

    public static DataSize ofMib(long count) {
        return new DataSize(Math.multiplyExact(count, 1L << 20));
    }

    /// Parses a whole number with a unit: `B`, `kB MB GB TB PB` by 1000, `KiB MiB GiB TiB PiB` by 1024; without case,
    /// and with no unit for bytes. Throws INVALID_ARGUMENT for any other text.
    public static DataSize parse(String text) {
        int end = 0;
        while (end < text.length() && Character.digit(text.charAt(end), 10) >= 0) {
            end++;
        }
        long unit = unit(text.substring(end).strip().toLowerCase(Locale.ROOT));
        try {
            if (end > 0 && unit > 0) {
                return new DataSize(Math.multiplyExact(Long.parseLong(text, 0, end, 10), unit));
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw invalid(text, e);
        }
        throw invalid(text, null);
    }

    /// The shortest exact text.
    @Override
    public String toString() {
        int unit = 0;
        long count = bytes;
        while (unit < UNITS.length - 1 && count != 0 && count % 1024 == 0) {
            count /= 1024;
            unit++;
        }
        return count + UNITS[unit];
    }

    private static StoreException invalid(String text, @Nullable Throwable cause) {
        return new StoreException(
                ErrorCode.INVALID_ARGUMENT,
                "\"" + text + "\" is not a size: expecting a whole number and a unit, such as 128KiB or 5GiB",
                cause);
    }

    private static long unit(String name) {
        return switch (name) {
            case "", "b" -> 1;
            case "kb" -> 1_000;
            case "mb" -> 1_000_000;
            case "gb" -> 1_000_000_000;
            case "tb" -> 1_000_000_000_000L;
            case "pb" -> 1_000_000_000_000_000L;
            case "kib" -> 1L << 10;
            case "mib" -> 1L << 20;
            case "gib" -> 1L << 30;
            case "tib" -> 1L << 40;
            case "pib" -> 1L << 50;
            default -> 0;
        };
    }
}
