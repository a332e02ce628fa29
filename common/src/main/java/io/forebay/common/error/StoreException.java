package io.forebay.common.error;

import org.jspecify.annotations.Nullable;

/// The one exception of Forebay: a code that callers branch on, and a message that names the thing and the rule.
///
/// Codes of fault ABSENT and ROUTING are answers rather than accidents: they carry no stack trace.
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public StoreException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public StoreException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause, true, code.fault() != Fault.ABSENT && code.fault() != Fault.ROUTING);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }

    /// Whether it says that a node, or the way to it, was lost in the middle: another may have what this one
    /// did not give.
    public boolean isOfLostNode() {
        return code.fault() == Fault.ROUTING
                || code == ErrorCode.INCOMPLETE_BODY
                || code == ErrorCode.DEADLINE_EXCEEDED;
    }

    /// The message, never null: every constructor takes one.
    public String text() {
        String message = getMessage();
        return message == null ? code.description() : message;
    }
}
