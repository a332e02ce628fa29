package io.forebay.common.config;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// A share of a whole, from 0 to 1, with its text form: `5%` or `0.05`.
public record Ratio(double value) {
    public Ratio {
        Check.argument(value >= 0 && value <= 1, "a share lies between 0%% and 100%%: %s", value);
    }

    /// Throws INVALID_ARGUMENT for a text that is no share.
    public static Ratio parse(String text) {
        boolean percent = text.endsWith("%");
        try {
            BigDecimal number = new BigDecimal(percent ? text.substring(0, text.length() - 1) : text);
            double value = (percent ? number.movePointLeft(2) : number).doubleValue();
            if (value >= 0 && value <= 1) {
                return new Ratio(value);
            }
        } catch (NumberFormatException e) {
            throw invalid(text, e);
        }
        throw invalid(text, null);
    }

    /// That share of a number of bytes, rounded down.
    public long of(long bytes) {
        return (long) (bytes * value);
    }

    @Override
    public String toString() {
        return new BigDecimal(Double.toString(value))
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString()
                + "%";
    }

    private static StoreException invalid(String text, @Nullable Throwable cause) {
        return new StoreException(
                ErrorCode.INVALID_ARGUMENT,
                "\"" + text + "\" is not a share: expecting 0% to 100%, such as 5% or 0.05",
                cause);
    }
}
