package io.forebay.protocol.http;

/// Sends requests to servers: the other side of `Handler`, for threads that may wait.
public interface HttpClient {
    /// Sends a request and returns the reply when its head is there. The payload streams and belongs to the
    /// caller, who closes it; the body stays the caller's. A body that is not in memory is touched only when the
    /// server asks for it, so that one that refuses leaves it whole.
    ///
    /// Throws NODE_UNAVAILABLE when the server cannot be reached or goes away, DEADLINE_EXCEEDED when it is too
    /// slow, BUSY when all connections to it stay in use, and what the body throws.
    ///
    /// @param baseUrl `http://host:port`
    Reply send(String baseUrl, Request request, Body body);
}
