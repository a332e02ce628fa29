package io.forebay.protocol.http;

import java.net.InetSocketAddress;

/// One request being answered.
///
/// The engine first calls the handler of a request without a body on the event loop that read it, with
/// `mayWait()` false: a handler that can answer from memory alone does so, any other returns `Reply.WOULD_WAIT`
/// and is called again on a virtual thread with `mayWait()` true. One code path serves both; only the leaves that
/// would wait ask.
public interface Exchange {
    Request request();

    Body body();

    /// Whether the calling thread may block: on disk, locks, other nodes, or the request's own body.
    boolean mayWait();

    /// The client's address.
    InetSocketAddress remote();

    /// Whether the connection is encrypted.
    boolean secure();

    /// The id of this request, in logs and in the reply.
    String id();
}
