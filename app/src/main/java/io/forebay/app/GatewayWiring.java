package io.forebay.app;

import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.config.Secret;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.gateway.Gateway;
import io.forebay.gateway.GatewayParts;
import io.forebay.protocol.client.LocalNodes;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.client.NodeClient;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.HttpClient;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the process gives to its gateway.
///
/// @param http calls nodes over the network
record GatewayWiring(
        ForebayConfig config,
        NodeId self,
        Secret secret,
        StateWatch watch,
        CommandLog commands,
        Access access,
        HttpClient http,
        Metrics metrics) {

    /// The gateway with both faces, over started storage nodes.
    Gateway gateway(StorageNodes nodes, LogText log) {
        return new Gateway(
                config.gateway(),
                new GatewayParts(
                        self,
                        watch,
                        commands,
                        channel(nodes),
                        Set.of(nodes.first()),
                        access.authorizer(),
                        access.redirects(),
                        log::read,
                        metrics,
                        InstantSource.system(),
                        Ticker.SYSTEM));
    }

    private NodeChannel channel(StorageNodes nodes) {
        Map<NodeId, Handler> called = new HashMap<>(nodes.handlers());
        if (config.server().nodeCalls() == ServerConfig.NodeCalls.NETWORK) {
            called.keySet().removeIf(id -> !id.equals(nodes.first()));
        }
        return new LocalNodes(called, new NodeClient(http, this::url, secret));
    }

    private @Nullable String url(NodeId id) {
        Node node = watch.current().node(id);
        return node == null ? null : node.dataUrl();
    }
}
