package io.forebay.cluster.process;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.charset.StandardCharsets;

/// From which level on the entries of a log are asked for.
public enum Severity {
    INFO,
    WARNING,
    ERROR;

    private static final byte[] WARNING_LEVEL = "WARNING ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR_LEVEL = "SEVERE ".getBytes(StandardCharsets.US_ASCII);
    private static final int DATE = 10;

    /// From AIStore's word; an empty one is everything. Throws INVALID_ARGUMENT.
    static Severity parse(String word) {
        return switch (word) {
            case "", "info" -> INFO;
            case "warning" -> WARNING;
            case "error" -> ERROR;
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "unknown log severity \"" + word + "\": expecting info, warning or error");
        };
    }

    /// Whether an entry belongs to it that begins with the line from there up to there: time, level, logger,
    /// message.
    boolean shows(byte[] text, int from, int to) {
        int space = from;
        while (space < to && text[space] != ' ') {
            space++;
        }
        int level = space + 1;
        return switch (this) {
            case INFO -> true;
            case WARNING -> isAt(text, level, to, WARNING_LEVEL) || isAt(text, level, to, ERROR_LEVEL);
            case ERROR -> isAt(text, level, to, ERROR_LEVEL);
        };
    }

    /// Whether a line begins an entry: with a time. Others go on with the entry before.
    static boolean begins(byte[] text, int from, int to) {
        return to - from > DATE
                && isDigit(text[from])
                && isDigit(text[from + DATE - 1])
                && text[from + 4] == '-'
                && text[from + 7] == '-'
                && text[from + DATE] == 'T';
    }

    private static boolean isAt(byte[] text, int from, int to, byte[] word) {
        if (from + word.length > to) {
            return false;
        }
        for (int index = 0; index < word.length; index++) {
            if (text[from + index] != word[index]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
