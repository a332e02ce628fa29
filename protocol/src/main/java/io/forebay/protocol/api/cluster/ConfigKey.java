package io.forebay.protocol.api.cluster;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.DurationText;
import io.forebay.common.config.Ratio;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.bucket.GoDuration;
import io.forebay.protocol.api.bucket.IecSize;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A leaf of AIStore's configuration that stands for a setting of ours, and how the values of the two read.
///
/// @param name AIStore's, dotted
/// @param setting ours
record ConfigKey(String name, String setting, ConfigKey.Form form) {
    enum Form {
        TEXT,
        NUMBER,
        /// `on`, `off`, `true` or `false` of ours.
        FLAG,
        DURATION,
        SIZE,
        /// The level of the log: 1 to 4 are `error`, `warn`, `info` and `debug`.
        LEVEL,
        /// A share that is left free, where AIStore has the percentage that may be used.
        USED_PERCENT
    }

    /// A value of ours in AIStore's JSON type; an empty one is not shown (null).
    @Nullable
    Object shown(String value) {
        if (value.isEmpty()) {
            return form == Form.TEXT ? "" : null;
        }
        return switch (form) {
            case TEXT -> value;
            case NUMBER -> Long.valueOf(value);
            case FLAG -> value.equals("true") || value.equals("on");
            case DURATION -> GoDuration.format(DurationText.parse(value).toNanos());
            case SIZE -> IecSize.format(DataSize.parse(value).bytes());
            case LEVEL -> Integer.toString(level(value));
            case USED_PERCENT -> Math.round(100 - 100 * Ratio.parse(value).value());
        };
    }

    /// A value of AIStore's as ours. Throws INVALID_ARGUMENT.
    String ours(Object value) {
        String text = value.toString();
        return switch (form) {
            case TEXT, NUMBER -> text;
            case FLAG -> flag(text);
            case DURATION -> DurationText.format(Duration.ofNanos(GoDuration.parse(text)));
            case SIZE -> new DataSize(IecSize.parse(text)).toString();
            case LEVEL -> word(text);
            case USED_PERCENT -> 100 - whole(text) + "%";
        };
    }

    private String flag(String text) {
        return switch (text) {
            case "true", "false" -> text;
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "invalid \"" + name + "\" value \"" + text + "\": expecting true or false");
        };
    }

    private int whole(String text) {
        Check.argument(text.matches("\\d{1,9}"), "invalid \"%s\" value \"%s\": expecting a number", name, text);
        return Integer.parseInt(text);
    }

    private static int level(String word) {
        return switch (word) {
            case "error" -> 1;
            case "warn" -> 2;
            case "info" -> 3;
            default -> 4;
        };
    }

    /// A number whose lower three bits are the level, and the others modules of AIStore's own.
    private String word(String text) {
        int number = whole(text);
        Check.argument(
                number >> 3 == 0, "\"%s\" %s: modules of a log are not offered, its level is of all", name, text);
        return switch (number) {
            case 1 -> "error";
            case 2 -> "warn";
            case 3 -> "info";
            case 4 -> "debug";
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "invalid \"" + name + "\" value \"" + text
                                + "\": expecting 1 (errors), 2 (warnings), 3 (notes) or 4 (details)");
        };
    }
}
