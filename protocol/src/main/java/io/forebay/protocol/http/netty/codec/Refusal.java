package io.forebay.protocol.http.netty.codec;

/// Bytes that break HTTP's grammar or a limit: the status that answers them, and why in one line.
///
/// Stays inside this package. Carries no stack trace: it is the answer to what a client sent.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public Refusal(int status, String text) {
        super(text, null, false, false);
        this.status = status;
    }

    public static Refusal malformed(String text) {
        return new Refusal(400, text);
    }

    public int status() {
        return status;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
