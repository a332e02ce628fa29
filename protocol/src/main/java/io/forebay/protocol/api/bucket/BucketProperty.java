package io.forebay.protocol.api.bucket;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One leaf of a bucket's properties: its dotted name, the JSON type that AIStore gives it, its default and its
/// rule.
///
/// Values are kept as text: `true`, decimal numbers, Go durations, sizes in bytes.
///
/// @param name such as `checksum.type`
/// @param allowed the only values, or empty for any
/// @param isOmitted whether an empty value is left out of the JSON
/// @param refusal why no client may change it or switch it on (`true`), or null when it may
record BucketProperty(
        String name,
        Kind kind,
        String defaultValue,
        Set<String> allowed,
        long min,
        long max,
        boolean isOmitted,
        @Nullable String refusal) {

    enum Kind {
        TEXT,
        FLAG,
        NUMBER,
        /// An unsigned 64-bit number as a JSON string.
        MASK,
        DURATION,
        SIZE
    }

    static BucketProperty text(String name, String defaultValue, String... allowed) {
        return new BucketProperty(name, Kind.TEXT, defaultValue, Set.of(allowed), 0, 0, false, null);
    }

    static BucketProperty flag(String name, boolean defaultValue) {
        return new BucketProperty(name, Kind.FLAG, Boolean.toString(defaultValue), Set.of(), 0, 0, false, null);
    }

    static BucketProperty number(String name, long defaultValue, long min, long max) {
        return new BucketProperty(name, Kind.NUMBER, Long.toString(defaultValue), Set.of(), min, max, false, null);
    }

    static BucketProperty value(String name, Kind kind, String defaultValue) {
        return new BucketProperty(name, kind, defaultValue, Set.of(), 0, Long.MAX_VALUE, false, null);
    }

    BucketProperty omittedWhenEmpty() {
        return new BucketProperty(name, kind, defaultValue, allowed, min, max, true, refusal);
    }

    /// A property whose default cannot be left: whoever asks for another value is told why.
    BucketProperty fixed(String why) {
        return new BucketProperty(name, kind, defaultValue, allowed, min, max, isOmitted, why);
    }

    /// The value as it is kept. Throws INVALID_ARGUMENT when it breaks the rule, UNSUPPORTED when what it asks
    /// for is not offered.
    String parse(Object value) {
        String parsed = switch (kind) {
            case TEXT -> parseText(value);
            case FLAG -> parseFlag(value);
            case NUMBER -> parseNumber(value);
            case MASK -> AccessMask.parse(plain(value)).toString();
            case DURATION -> parseDuration(value);
            case SIZE -> Long.toString(value instanceof String text ? IecSize.parse(text) : whole(value));
        };
        if (refusal != null && !parsed.equals(defaultValue)) {
            throw new StoreException(ErrorCode.UNSUPPORTED, "bucket property \"" + name + "\": " + refusal);
        }
        return parsed;
    }

    /// The kept value in its JSON type.
    Object json(String value) {
        return switch (kind) {
            case TEXT, MASK, DURATION -> value;
            case FLAG -> Boolean.valueOf(value);
            case NUMBER -> Long.valueOf(value);
            case SIZE -> IecSize.format(Long.parseLong(value));
        };
    }

    private String parseText(Object value) {
        Check.argument(value instanceof String, "invalid \"%s\": expecting a string", name);
        String text = value.toString();
        Check.argument(
                allowed.isEmpty() || allowed.contains(text),
                "invalid \"%s\" value \"%s\": expecting one of %s",
                name,
                text,
                allowed.stream().sorted().toList());
        return text;
    }

    private String parseFlag(Object value) {
        String text = value.toString().toLowerCase(Locale.ROOT);
        Check.argument(
                text.equals("true") || text.equals("false"),
                "invalid \"%s\" value \"%s\": expecting true or false",
                name,
                value);
        return text;
    }

    private String parseNumber(Object value) {
        long number = whole(value);
        Check.argument(
                number >= min && number <= max, "invalid \"%s\" value %s: expecting %s to %s", name, number, min, max);
        return Long.toString(number);
    }

    private String parseDuration(Object value) {
        long nanos = value instanceof String text ? GoDuration.parse(text) : whole(value);
        Check.argument(nanos >= 0, "invalid \"%s\" value \"%s\": a duration is never negative", name, value);
        return GoDuration.format(nanos);
    }

    private long whole(Object value) {
        try {
            return new BigDecimal(plain(value)).longValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid \"" + name + "\" value \"" + value + "\": expecting a whole number",
                    e);
        }
    }

    private String plain(Object value) {
        Check.argument(
                value instanceof String
                        || value instanceof Integer
                        || value instanceof Long
                        || value instanceof BigInteger
                        || value instanceof Double,
                "invalid \"%s\" value \"%s\": expecting a number",
                name,
                value);
        return value.toString();
    }
}
