package io.forebay.storage.http;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;

/// Numbers of parts in queries.
final class PartNumbers {
    static final int MAX_OF_S3 = 10_000;

    private PartNumbers() {}

    /// Throws INVALID_ARGUMENT when the text is not a number from 1 to `max`.
    static int parse(String text, int max) {
        try {
            int number = Integer.parseInt(text);
            Check.argument(number >= 1, "part number must be a positive integer, got: %s", text);
            Check.argument(number <= max, "part number must be an integer between 1 and %s, got: %s", max, text);
            return number;
        } catch (NumberFormatException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid part number \"" + text + "\"", e);
        }
    }
}
