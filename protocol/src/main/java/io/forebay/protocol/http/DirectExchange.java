package io.forebay.protocol.http;

import java.net.InetSocketAddress;

/// An exchange without a socket: how one handler calls another in the same process, and how tests call any.
public record DirectExchange(
        Request request, Body body, boolean mayWait, InetSocketAddress remote, boolean secure, String id)
        implements Exchange {

    /// A derived request inside the exchange that caused it: same caller, same thread rule.
    public static DirectExchange within(Exchange outer, Request request, Body body) {
        return new DirectExchange(request, body, outer.mayWait(), outer.remote(), outer.secure(), outer.id());
    }

    /// A request from inside this process, on a thread that may wait.
    public static DirectExchange of(Request request, Body body) {
        return new DirectExchange(
                request, body, true, InetSocketAddress.createUnresolved("localhost", 0), false, "direct");
    }
}
