package io.forebay.app;

import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;

/// The port of a storage node: the node's own requests, and beside them the questions about the cluster map that
/// AIStore's clients ask whichever node they talk to (the SDK does, to read on after a 404).
final class NodePort implements Handler {
    private static final String DAEMON = "/v1/daemon";

    private final Handler node;
    private final Handler gateway;

    NodePort(Handler node, Handler gateway) {
        this.node = node;
        this.gateway = gateway;
    }

    @Override
    public Reply handle(Exchange exchange) {
        return asksForMap(exchange.request()) ? gateway.handle(exchange) : node.handle(exchange);
    }

    /// Whether a request asks for the cluster map, or the buckets that belong to it.
    static boolean asksForMap(Request request) {
        if (!request.target().startsWith(DAEMON) || !request.rawPath().equals(DAEMON)) {
            return false;
        }
        return switch (request.query().find("what", "")) {
            case "smap", "bmd" -> true;
            default -> false;
        };
    }
}
