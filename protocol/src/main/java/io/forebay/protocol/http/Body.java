package io.forebay.protocol.http;

import io.forebay.common.io.ByteSource;

/// The body of a request at a server, or of a response at a client, framing removed.
///
/// At a server, the first call of `next` sends `100 Continue` when the client waits for it: a handler that
/// replies without reading has refused the body. The engine closes the body of an exchange; a client's caller
/// closes its own.
public interface Body extends ByteSource {
    /// A body without bytes.
    static Body empty() {
        return EmptyBody.INSTANCE;
    }

    /// Whether any of it was asked for: an untouched body can still be sent elsewhere. A body that cannot tell
    /// says yes.
    default boolean touched() {
        return true;
    }

    /// The whole body in memory, for messages. Throws TOO_LARGE when there are more than `maxBytes`.
    default byte[] readAll(int maxBytes) {
        return BodyBytes.readAll(this, maxBytes);
    }
}
