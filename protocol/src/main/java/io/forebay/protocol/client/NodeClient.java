package io.forebay.protocol.client;

import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.HttpClient;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Calls nodes of other processes over HTTP, with the cluster's secret and the id of the request that caused the
/// call.
public final class NodeClient implements NodeChannel {
    private final HttpClient http;
    private final Function<NodeId, @Nullable String> urls;
    private final Secret secret;

    /// @param urls gives a node's `http://host:port`, or null for a node that the cluster map does not have
    public NodeClient(HttpClient http, Function<NodeId, @Nullable String> urls, Secret secret) {
        this.http = http;
        this.urls = urls;
        this.secret = secret;
    }

    @Override
    public Reply call(Exchange outer, NodeId node, Request request, Body body) {
        if (!outer.mayWait() && !isRead(request, body)) {
            return Reply.WOULD_WAIT;
        }
        String url = urls.apply(node);
        if (url == null) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the cluster map has no node " + node);
        }
        request.headers().set(NodeHeaders.NODE_SECRET, secret.value()).set(NodeHeaders.REQUEST_ID, outer.id());
        return outer.mayWait() ? http.send(url, request, body) : outer.ask(http, url, request);
    }

    /// Whether it can be sent from an event loop, and once more from a thread that may wait.
    private static boolean isRead(Request request, Body body) {
        return body.length() == 0 && (request.method() == Method.GET || request.method() == Method.HEAD);
    }
}
