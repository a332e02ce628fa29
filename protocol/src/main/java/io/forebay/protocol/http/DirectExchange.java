package io.forebay.protocol.http;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// An exchange without a socket: how one handler calls another in the same process, and how tests call any.
///
/// @param outer the exchange that caused it, which waits for other servers in its place; null when there is none
public record DirectExchange(
        Request request,
        Body body,
        boolean mayWait,
        InetSocketAddress remote,
        boolean secure,
        String id,
        @Nullable Exchange outer)
        implements Exchange {

    public DirectExchange(
            Request request, Body body, boolean mayWait, InetSocketAddress remote, boolean secure, String id) {
        this(request, body, mayWait, remote, secure, id, null);
    }

    /// A derived request inside the exchange that caused it: same caller, same thread rule.
    public static DirectExchange within(Exchange outer, Request request, Body body) {
        return new DirectExchange(request, body, outer.mayWait(), outer.remote(), outer.secure(), outer.id(), outer);
    }

    /// A request from inside this process, on a thread that may wait.
    public static DirectExchange of(Request request, Body body) {
        return new DirectExchange(
                request, body, true, InetSocketAddress.createUnresolved("localhost", 0), false, "direct");
    }

    @Override
    public Reply ask(HttpClient client, String baseUrl, Request asked) {
        return outer == null ? Reply.WOULD_WAIT : outer.ask(client, baseUrl, asked);
    }
}
