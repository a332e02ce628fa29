package io.forebay.common.model;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Names one version of an object: 32 lower-case hexadecimal digits, or `null` for the one that was written while its
/// bucket gave no ids (Amazon S3, "How S3 Versioning works").
///
/// The first half of an id counts down, so that the newer of two versions of an object has the lesser one.
public final class VersionId {
    public static final String NULL = "null";
    public static final int DIGITS = 32;

    /// The attribute of an object that has the id of its version; absent for the version `null`.
    public static final String ATTRIBUTE = "x-amz-version-id";

    /// The attribute of a version that says that the object was removed then.
    public static final String MARKER = "x-amz-delete-marker";

    private static final int HALF = DIGITS / 2;
    /// So many ids fit into a millisecond.
    private static final int STEPS_BITS = 16;

    private VersionId() {}

    public static boolean isValid(String text) {
        return text.equals(NULL) || isDigits(text);
    }

    /// The id of a version that is written now, less than that of the version before it.
    ///
    /// @param before the id of the newest version that there is; null or `null` for none
    public static String next(long nowMillis, @Nullable String before) {
        long order = nowMillis << STEPS_BITS;
        if (before != null && isDigits(before)) {
            order = Math.max(order, orderOf(before) + 1);
        }
        return digits(Long.MAX_VALUE - order)
                + digits(ThreadLocalRandom.current().nextLong());
    }

    private static long orderOf(String id) {
        return Long.MAX_VALUE - Long.parseUnsignedLong(id, 0, HALF, 16);
    }

    private static String digits(long value) {
        String text = Long.toHexString(value);
        return "0".repeat(HALF - text.length()) + text;
    }

    private static boolean isDigits(String text) {
        if (text.length() != DIGITS) {
            return false;
        }
        for (int index = 0; index < DIGITS; index++) {
            char c = text.charAt(index);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }
}
