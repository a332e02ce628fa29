package io.forebay.protocol.http.vertx;

import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Request;
import java.net.InetSocketAddress;

/// One request, wholly received, on a thread that may wait.
record VertxExchange(Request request, Body body, InetSocketAddress remote, boolean secure, String id)
        implements Exchange {
    @Override
    public boolean mayWait() {
        return true;
    }
}
