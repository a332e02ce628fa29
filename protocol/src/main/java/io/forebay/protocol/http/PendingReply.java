package io.forebay.protocol.http;

/// The reply of another server to a request that was begun on an event loop. Belongs to that loop.
public interface PendingReply {
    /// The reply, once it is there, to be taken once; its payload belongs to the caller. Throws as `HttpClient.send`
    /// does.
    Reply take();

    /// Nobody wants the reply any longer: what there is of it is closed, and nobody is told of the rest.
    void cancel();
}
