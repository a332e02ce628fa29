package io.forebay.protocol.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// One answer: status, headers and payload. The engine adds `Content-Length` or `Transfer-Encoding`, `Date` and
/// `Connection`; a handler never sets these. Whoever receives a reply owns its payload.
public record Reply(int status, Headers headers, Payload payload) {
    /// Returned instead of an answer when the handler may not wait (`Exchange.mayWait`) but would have to: the
    /// engine calls the handler again on a virtual thread. Nothing may have happened by then that cannot happen
    /// twice.
    public static final Reply WOULD_WAIT = new Reply(0, new Headers(), Payload.none());

    public static Reply of(int status) {
        return new Reply(status, new Headers(), Payload.none());
    }

    public static Reply of(int status, String contentType, byte[] body) {
        return new Reply(
                status, new Headers().add("Content-Type", contentType), new Payload.Memory(ByteBuffer.wrap(body)));
    }

    public static Reply text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /// Whether this is `WOULD_WAIT`.
    public boolean wouldWait() {
        return status == 0;
    }

    public Reply with(String name, String value) {
        headers.set(name, value);
        return this;
    }
}
