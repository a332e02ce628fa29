package io.forebay.common.model;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What retention and legal hold forbid, and how a bucket gives retention by default (Amazon S3, "How S3 Object Lock
/// works"). They are attributes of a version, as the headers of S3 have them.
public final class ObjectLock {
    /// The attribute that says how retention may be ended.
    public static final String MODE = "x-amz-object-lock-mode";

    /// The attribute that says until when a version is retained, in ISO 8601.
    public static final String UNTIL = "x-amz-object-lock-retain-until-date";

    /// The attribute that says whether there is a legal hold: `ON` or `OFF`.
    public static final String LEGAL_HOLD = "x-amz-object-lock-legal-hold";

    /// The mode of retention that whoever may bypass it can end.
    public static final String GOVERNANCE = "GOVERNANCE";

    /// The mode of retention that nobody can end.
    public static final String COMPLIANCE = "COMPLIANCE";

    private ObjectLock() {}

    /// Retention that a bucket gives what does not ask for any. As text `GOVERNANCE P5D`.
    public record Default(String mode, Period period) {
        public static Default parse(String text) {
            int space = text.indexOf(' ');
            return new Default(text.substring(0, space), Period.parse(text.substring(space + 1)));
        }

        public String text() {
            return mode + " " + period;
        }
    }

    public static boolean isMode(String text) {
        return text.equals(GOVERNANCE) || text.equals(COMPLIANCE);
    }

    /// Attributes of what is written, with retention by default unless they have some.
    public static Map<String, String> withDefault(
            @Nullable Default retention, Map<String, String> attributes, long nowMillis) {
        if (retention == null || attributes.containsKey(MODE)) {
            return attributes;
        }
        Map<String, String> retained = new TreeMap<>(attributes);
        Instant until = Instant.ofEpochMilli(nowMillis)
                .atZone(ZoneOffset.UTC)
                .plus(retention.period)
                .toInstant();
        retained.put(MODE, retention.mode);
        retained.put(UNTIL, until.toString());
        return retained;
    }

    /// Throws FORBIDDEN when a version may not be removed.
    ///
    /// @param bypasses whether retention in governance mode does not count
    public static void checkRemoval(ObjectKey key, Map<String, String> attributes, long nowMillis, boolean bypasses) {
        if ("ON".equals(attributes.get(LEGAL_HOLD))) {
            throw new StoreException(ErrorCode.FORBIDDEN, key + " is under a legal hold");
        }
        boolean bypassed = bypasses && GOVERNANCE.equals(attributes.get(MODE));
        if (!bypassed && isRetained(attributes, nowMillis)) {
            throw retained(key, attributes);
        }
    }

    /// Throws FORBIDDEN when retention would become less, or of another mode, before it has ended.
    ///
    /// @param bypasses whether retention in governance mode does not count
    public static void checkChange(
            ObjectKey key, Map<String, String> before, Map<String, String> after, long nowMillis, boolean bypasses) {
        String mode = before.get(MODE);
        if (mode == null || !isRetained(before, nowMillis) || (bypasses && mode.equals(GOVERNANCE))) {
            return;
        }
        if (!mode.equals(after.get(MODE)) || millis(after.get(UNTIL), 0) < millis(before.get(UNTIL), 0)) {
            throw retained(key, before);
        }
    }

    private static StoreException retained(ObjectKey key, Map<String, String> attributes) {
        return new StoreException(ErrorCode.FORBIDDEN, key + " is retained until " + attributes.get(UNTIL));
    }

    private static boolean isRetained(Map<String, String> attributes, long nowMillis) {
        return millis(attributes.get(UNTIL), 0) > nowMillis;
    }

    /// What cannot be read retains for ever.
    private static long millis(@Nullable String text, long absent) {
        if (text == null) {
            return absent;
        }
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException e) {
            return Long.MAX_VALUE;
        }
    }
}
