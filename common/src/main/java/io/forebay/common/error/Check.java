package io.forebay.common.error;

import org.jspecify.annotations.Nullable;

/// Checks that stay on in production.
@SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency of every module for one class.
public final class Check {
    private Check() {}

    /// Throws IllegalStateException with a message formatted by `%s` when an invariant is broken: a bug of ours.
    public static void that(boolean condition, String message, @Nullable Object... arguments) {
        if (!condition) {
            throw new IllegalStateException(message.formatted(arguments));
        }
    }

    /// Throws INVALID_ARGUMENT with a message formatted by `%s` when a caller broke a rule.
    public static void argument(boolean condition, String message, @Nullable Object... arguments) {
        if (!condition) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, message.formatted(arguments));
        }
    }
}
