package io.forebay.app;

import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.client.NodeClient;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.http.netty.HttpClientConfig;
import io.forebay.protocol.http.netty.NettyHttpClient;
import io.forebay.storage.StorageNode;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the storage nodes of this process reach all others: those beside them by a call, the rest over the
/// network, with a shorter deadline than clients' requests have.
final class StorageChannel implements NodeChannel {
    private final Foundation base;
    private final Map<NodeId, StorageNode> beside;
    private final NodeClient others;

    /// @param beside the nodes of this process; filled before the first call
    StorageChannel(Foundation base, Map<NodeId, StorageNode> beside) {
        this.base = base;
        this.beside = beside;
        HttpClientConfig config =
                patient(base.config().client(), base.config().storage().peer().answerTimeout());
        NettyHttpClient http = base.parts()
                .add(new NettyHttpClient(
                        config, base.loops(), base.metrics(), base.tls().nodes()));
        this.others = new NodeClient(http, this::url, base.secret());
    }

    @Override
    public Reply call(Exchange outer, NodeId node, Request request, Body body) {
        StorageNode local = beside.get(node);
        if (local != null) {
            return local.handler().handle(DirectExchange.within(outer, request, body));
        }
        // Rare, and what a node counts or decides on the way is not made to be done again on the loop.
        return outer.mayWait() ? others.call(outer, node, request, body) : Reply.WOULD_WAIT;
    }

    private @Nullable String url(NodeId id) {
        Node node = base.state().current().node(id);
        return node == null ? null : node.dataUrl();
    }

    private static HttpClientConfig patient(HttpClientConfig config, Duration answerTimeout) {
        return new HttpClientConfig(
                config.connectionsPerNode(),
                config.waitTimeout(),
                config.connectTimeout(),
                answerTimeout,
                config.bodyTimeout(),
                config.idleTimeout(),
                config.headBytes(),
                config.bodyRead(),
                config.window(),
                config.bufferedBytes());
    }
}
