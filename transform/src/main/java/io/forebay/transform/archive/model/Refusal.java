package io.forebay.transform.archive.model;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import org.jspecify.annotations.Nullable;

/// The ways in which an archive is refused.
@SuppressWarnings("AnnotateFormatMethod") // As io.forebay.common.error.Check.
public final class Refusal {
    private static final int SHOWN_CHARACTERS = 120;

    private Refusal() {}

    /// It is not what its format says. The message is formatted by `%s`.
    public static StoreException malformed(String message, @Nullable Object... arguments) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, message.formatted(arguments));
    }

    /// It ends before it should.
    public static StoreException truncated(String where) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, "the archive ends " + where);
    }

    /// It asks for more than it may.
    public static StoreException tooLarge(String message, @Nullable Object... arguments) {
        return new StoreException(ErrorCode.TOO_LARGE, message.formatted(arguments));
    }

    /// It uses a form that is not read.
    public static StoreException unsupported(String message, @Nullable Object... arguments) {
        return new StoreException(ErrorCode.UNSUPPORTED, message.formatted(arguments));
    }

    /// A name as a message shows it: in quotes, not too long, without control characters.
    public static String shown(String name) {
        String text = name.length() <= SHOWN_CHARACTERS ? name : name.substring(0, SHOWN_CHARACTERS) + "…";
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> out.append(Character.isISOControl(c) ? '?' : (char) c));
        return out.append('"').toString();
    }
}
