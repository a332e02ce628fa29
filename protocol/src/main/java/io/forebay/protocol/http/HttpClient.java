package io.forebay.protocol.http;

import org.jspecify.annotations.Nullable;

/// Sends requests to servers: the other side of `Handler`.
public interface HttpClient {
    /// Sends a request, from a thread that may wait, and returns the reply when its head is there. The payload
    /// streams and belongs to the caller, who closes it; the body stays the caller's. A body that is not in memory
    /// is touched only when the server asks for it, so that one that refuses leaves it whole.
    ///
    /// Throws NODE_UNAVAILABLE when the server cannot be reached or goes away, DEADLINE_EXCEEDED when it is too
    /// slow, BUSY when all connections to it stay in use, and what the body throws.
    ///
    /// @param baseUrl `http://host:port`
    Reply send(String baseUrl, Request request, Body body);

    /// Sends a request without a body from an event loop, and runs `answered` on that loop, once and after this has
    /// returned, when the reply's head is there or will not come. A failure's payload is in memory then. Null where
    /// that would wait, or where the client does not know the calling thread's loop.
    default @Nullable PendingReply begin(String baseUrl, Request request, Runnable answered) {
        return null;
    }
}
