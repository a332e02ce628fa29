package io.forebay.protocol.http;

import java.net.InetSocketAddress;

/// One request being answered.
///
/// The engine first calls the handler of a request without a body on the event loop that read it, with
/// `mayWait()` false: a handler that can answer from memory alone does so, any other returns `Reply.WOULD_WAIT`
/// and is called again on a virtual thread with `mayWait()` true. One code path serves both; only the leaves that
/// would wait ask.
///
/// What waits for another server alone need not leave the event loop: `ask` sends the request, and the handler is
/// called again on that loop when the reply is there.
public interface Exchange {
    Request request();

    Body body();

    /// Whether the calling thread may block: on disk, locks, other nodes, or the request's own body.
    boolean mayWait();

    /// The reply of another server to a request without a body, where this exchange may not wait: `Reply.WOULD_WAIT`
    /// at first, and the reply itself when the engine calls the handler again for it, still on the event loop. The
    /// handler then asks the same again. There is one such request an exchange: another one, or one that cannot be
    /// sent without waiting, is `Reply.WOULD_WAIT`, and the handler is called on a virtual thread next.
    ///
    /// The payload of a success streams and may only be passed on. Throws as `HttpClient.send` does.
    default Reply ask(HttpClient client, String baseUrl, Request request) {
        return Reply.WOULD_WAIT;
    }

    /// The client's address.
    InetSocketAddress remote();

    /// Whether the connection is encrypted.
    boolean secure();

    /// Whether the caller has shown a certificate of the cluster's nodes on this connection.
    default boolean fromNode() {
        return false;
    }

    /// The id of this request, in logs and in the reply.
    String id();
}
