package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.WireJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a form's policy allows (Amazon S3, "POST Policy"): until when, and conditions on its fields.
///
/// @param minBytes the least size of the file
/// @param maxBytes the greatest size of the file
record PostPolicy(Instant expiration, List<Condition> conditions, long minBytes, long maxBytes) {
    private static final String PREFIX = "Invalid according to Policy: ";
    private static final Set<String> UNBOUND =
            Set.of("policy", "file", "signature", "awsaccesskeyid", "x-amz-signature");
    private static final String IGNORED = "x-ignore-";

    /// What one field has to be.
    ///
    /// @param field in lower case
    record Condition(String field, String value, boolean prefix) {
        boolean holds(String given) {
            return prefix ? given.startsWith(value) : given.equals(value);
        }

        @Override
        public String toString() {
            return "[\"" + (prefix ? "starts-with" : "eq") + "\", \"$" + field + "\", \"" + value + "\"]";
        }
    }

    /// Reads a policy in base64. Throws InvalidPolicyDocument.
    static PostPolicy parse(String base64) {
        Map<?, ?> document = document(base64);
        Instant expiration = expiration(document.get("expiration"));
        if (!(document.get("conditions") instanceof List<?> list)) {
            throw invalid("Policy missing conditions.");
        }
        List<Condition> conditions = new ArrayList<>();
        long min = 0;
        long max = Long.MAX_VALUE;
        for (Object item : list) {
            if (item instanceof List<?> range && isRange(range)) {
                min = Math.max(min, number(range.get(1)));
                max = Math.min(max, number(range.get(2)));
            } else {
                conditions.add(condition(item));
            }
        }
        return new PostPolicy(expiration, conditions, min, max);
    }

    private static Map<?, ?> document(String base64) {
        try {
            return WireJson.read(Base64.getMimeDecoder().decode(base64), Map.class);
        } catch (IllegalArgumentException | StoreException e) {
            throw invalid("Invalid JSON.");
        }
    }

    private static Instant expiration(@Nullable Object value) {
        if (!(value instanceof String text)) {
            throw invalid("Policy missing expiration.");
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw invalid("Invalid 'expiration' value: '" + text + "'");
        }
    }

    private static boolean isRange(List<?> item) {
        boolean range = !item.isEmpty() && "content-length-range".equalsIgnoreCase(String.valueOf(item.getFirst()));
        if (range && item.size() != 3) {
            throw invalid("Invalid content-length-range: two sizes are needed.");
        }
        return range;
    }

    private static long number(@Nullable Object value) {
        try {
            long number = Long.parseLong(String.valueOf(value));
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalid("Invalid content-length-range: \"" + value + "\" is no size.");
        }
        throw invalid("Invalid content-length-range: \"" + value + "\" is no size.");
    }

    private static Condition condition(Object item) {
        if (item instanceof Map<?, ?> map && map.size() == 1) {
            Map.Entry<?, ?> only = map.entrySet().iterator().next();
            return new Condition(lower(only.getKey()), String.valueOf(only.getValue()), false);
        }
        if (item instanceof List<?> list && list.size() == 3) {
            String operator = lower(list.getFirst());
            String field = lower(list.get(1));
            boolean prefix = operator.equals("starts-with");
            if ((prefix || operator.equals("eq")) && field.startsWith("$")) {
                return new Condition(field.substring(1), String.valueOf(list.get(2)), prefix);
            }
        }
        throw invalid("Invalid Simple-Condition: " + item);
    }

    private static String lower(@Nullable Object value) {
        return String.valueOf(value).toLowerCase(Locale.ROOT);
    }

    private static S3Failure invalid(String reason) {
        return new S3Failure(S3Error.INVALID_POLICY_DOCUMENT, "Invalid Policy: " + reason);
    }

    /// Holds a form to the policy. Throws AccessDenied with what is against it.
    ///
    /// @param fields by name in lower case, `bucket` and the key as it will be included
    void check(Map<String, String> fields, Instant now) {
        if (!now.isBefore(expiration)) {
            throw denied("Policy expired.");
        }
        Set<String> bound = new HashSet<>();
        for (Condition condition : conditions) {
            bound.add(condition.field);
            if (!condition.holds(fields.getOrDefault(condition.field, ""))) {
                throw denied("Policy Condition failed: " + condition);
            }
        }
        for (String field : fields.keySet()) {
            if (!bound.contains(field) && !UNBOUND.contains(field) && !field.startsWith(IGNORED)) {
                throw denied("Extra input fields: " + field);
            }
        }
    }

    private static S3Failure denied(String reason) {
        return new S3Failure(S3Error.ACCESS_DENIED, PREFIX + reason);
    }
}
