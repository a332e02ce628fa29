package io.forebay.protocol.client;

import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.Map;

/// Calls the nodes of this process directly, on the caller's thread and under its thread rule, and the others
/// through another channel.
///
/// A direct call is trusted: the handlers are those behind the check of the cluster's secret. They render their
/// own failures, as they do for the network.
public final class LocalNodes implements NodeChannel {
    private final Map<NodeId, Handler> handlers;
    private final NodeChannel others;

    public LocalNodes(Map<NodeId, Handler> handlers, NodeChannel others) {
        this.handlers = Map.copyOf(handlers);
        this.others = others;
    }

    @Override
    public Reply call(Exchange outer, NodeId node, Request request, Body body) {
        Handler handler = handlers.get(node);
        return handler == null
                ? others.call(outer, node, request, body)
                : handler.handle(DirectExchange.within(outer, request, body));
    }
}
