package io.forebay.gateway.auth.policy;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// How a condition compares a value of the request with one of the policy.
enum Operator {
    STRING_EQUALS("StringEquals", false),
    STRING_NOT_EQUALS("StringNotEquals", true),
    STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", false),
    STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", true),
    STRING_LIKE("StringLike", false),
    STRING_NOT_LIKE("StringNotLike", true),
    NUMERIC_EQUALS("NumericEquals", false),
    NUMERIC_NOT_EQUALS("NumericNotEquals", true),
    NUMERIC_LESS_THAN("NumericLessThan", false),
    NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", false),
    NUMERIC_GREATER_THAN("NumericGreaterThan", false),
    NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", false),
    DATE_EQUALS("DateEquals", false),
    DATE_NOT_EQUALS("DateNotEquals", true),
    DATE_LESS_THAN("DateLessThan", false),
    DATE_LESS_THAN_EQUALS("DateLessThanEquals", false),
    DATE_GREATER_THAN("DateGreaterThan", false),
    DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", false),
    BOOL("Bool", false),
    BINARY_EQUALS("BinaryEquals", false),
    IP_ADDRESS("IpAddress", false),
    NOT_IP_ADDRESS("NotIpAddress", true),
    ARN_EQUALS("ArnEquals", false),
    ARN_NOT_EQUALS("ArnNotEquals", true),
    ARN_LIKE("ArnLike", false),
    ARN_NOT_LIKE("ArnNotLike", true),
    /// Of whether the request has the key at all: `true` for one that has not.
    NULL("Null", false);

    private static final int ARN_PARTS = 6;

    private final String operatorName;
    private final boolean negated;

    Operator(String operatorName, boolean negated) {
        this.operatorName = operatorName;
        this.negated = negated;
    }

    /// One value of a policy, ready to be compared with.
    interface Test {
        boolean holds(String value, RequestContext context);

        /// Whether it holds for few values that are known from the policy alone: S3's test of what is public asks.
        default boolean isFixed() {
            return true;
        }
    }

    static @Nullable Operator find(String name) {
        for (Operator operator : values()) {
            if (operator.operatorName.equals(name)) {
                return operator;
            }
        }
        return null;
    }

    /// Whether it holds where its test does not.
    boolean isNegated() {
        return negated;
    }

    /// Reads a value of a policy. Throws MalformedPolicyException.
    Test read(String text, boolean variables) {
        return switch (this) {
            case STRING_EQUALS, STRING_NOT_EQUALS, BINARY_EQUALS -> exact(text, variables);
            case STRING_EQUALS_IGNORE_CASE, STRING_NOT_EQUALS_IGNORE_CASE -> ignoringCase(text, variables);
            case STRING_LIKE, STRING_NOT_LIKE -> like(text, variables);
            case NUMERIC_EQUALS, NUMERIC_NOT_EQUALS -> number(text, order -> order == 0);
            case NUMERIC_LESS_THAN -> number(text, order -> order < 0);
            case NUMERIC_LESS_THAN_EQUALS -> number(text, order -> order <= 0);
            case NUMERIC_GREATER_THAN -> number(text, order -> order > 0);
            case NUMERIC_GREATER_THAN_EQUALS -> number(text, order -> order >= 0);
            case DATE_EQUALS, DATE_NOT_EQUALS -> date(text, order -> order == 0);
            case DATE_LESS_THAN -> date(text, order -> order < 0);
            case DATE_LESS_THAN_EQUALS -> date(text, order -> order <= 0);
            case DATE_GREATER_THAN -> date(text, order -> order > 0);
            case DATE_GREATER_THAN_EQUALS -> date(text, order -> order >= 0);
            case BOOL, NULL -> truth(text);
            case IP_ADDRESS, NOT_IP_ADDRESS -> address(text);
            case ARN_EQUALS, ARN_NOT_EQUALS, ARN_LIKE, ARN_NOT_LIKE -> arn(text, variables);
        };
    }

    private record PatternTest(TextPattern pattern) implements Test {
        @Override
        public boolean holds(String value, RequestContext context) {
            return pattern.matches(value, context);
        }

        @Override
        public boolean isFixed() {
            return pattern.isFixed();
        }
    }

    private static Test exact(String text, boolean variables) {
        return new PatternTest(TextPattern.parse(text, false, variables));
    }

    private static Test like(String text, boolean variables) {
        return new PatternTest(TextPattern.parse(text, true, variables));
    }

    private static Test ignoringCase(String text, boolean variables) {
        PatternTest test = new PatternTest(TextPattern.parse(text.toLowerCase(Locale.ROOT), false, variables));
        return new Test() {
            @Override
            public boolean holds(String value, RequestContext context) {
                return test.holds(value.toLowerCase(Locale.ROOT), key -> lower(context.values(key)));
            }

            @Override
            public boolean isFixed() {
                return test.isFixed();
            }
        };
    }

    private static List<String> lower(List<String> values) {
        return values.stream().map(value -> value.toLowerCase(Locale.ROOT)).toList();
    }

    private static Test number(String text, IntPredicate order) {
        BigDecimal limit = decimal(text);
        if (limit == null) {
            throw new MalformedPolicyException("Invalid number in a condition: " + text);
        }
        return (value, context) -> {
            BigDecimal number = decimal(value);
            return number != null && order.test(number.compareTo(limit));
        };
    }

    /// Bounded in length, so that comparing stays cheap.
    private static @Nullable BigDecimal decimal(String text) {
        try {
            BigDecimal number = text.length() > 40 ? null : new BigDecimal(text);
            return number == null || Math.abs((long) number.scale()) > 40 ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Test date(String text, IntPredicate order) {
        Instant limit = instant(text);
        if (limit == null) {
            throw new MalformedPolicyException("Invalid date in a condition: " + text);
        }
        return (value, context) -> {
            Instant instant = instant(value);
            return instant != null && order.test(instant.compareTo(limit));
        };
    }

    /// ISO 8601 with a time or without, or seconds since the epoch.
    private static @Nullable Instant instant(String text) {
        try {
            if (!text.isEmpty() && text.length() < 13 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Test truth(String text) {
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw new MalformedPolicyException("Invalid truth value in a condition: " + text);
        }
        return (value, context) -> value.equalsIgnoreCase(text);
    }

    private static Test address(String text) {
        AddressRange range = AddressRange.parse(text);
        if (range == null) {
            throw new MalformedPolicyException("Invalid IP address or range in a condition: " + text);
        }
        return new Test() {
            @Override
            public boolean holds(String value, RequestContext context) {
                return range.contains(value);
            }

            @Override
            public boolean isFixed() {
                return !range.isPublic();
            }
        };
    }

    /// Each of the six parts is matched for itself, the last one with all its colons.
    private static Test arn(String text, boolean variables) {
        List<String> parts = arnParts(text);
        if (parts.size() != ARN_PARTS) {
            throw new MalformedPolicyException("Invalid ARN in a condition: " + text);
        }
        List<TextPattern> patterns = parts.stream()
                .map(part -> TextPattern.parse(part, true, variables))
                .toList();
        return new Test() {
            @Override
            public boolean holds(String value, RequestContext context) {
                List<String> values = arnParts(value);
                for (int index = 0; index < ARN_PARTS; index++) {
                    if (values.size() != ARN_PARTS || !patterns.get(index).matches(values.get(index), context)) {
                        return false;
                    }
                }
                return true;
            }

            @Override
            public boolean isFixed() {
                return patterns.stream().allMatch(TextPattern::isFixed);
            }
        };
    }

    private static List<String> arnParts(String text) {
        return List.of(text.split(":", ARN_PARTS));
    }
}
