package io.forebay.app;

import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.QuorumContact;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.gateway.Gateway;
import io.forebay.gateway.GatewayParts;
import io.forebay.gateway.control.NodeTable;
import io.forebay.protocol.client.LocalNodes;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.client.NodeClient;
import io.forebay.protocol.http.Handler;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the process gives to its gateway.
record GatewayWiring(
        Foundation base, NodeId self, CommandLog commands, NodeTable table, QuorumContact contact, Access access) {

    /// The gateway with both faces, over started storage nodes.
    Gateway gateway(StorageNodes nodes) {
        NodeId first = nodes.first();
        return new Gateway(
                base.config().gateway(),
                new GatewayParts(
                        self,
                        base.state(),
                        contact,
                        commands,
                        table,
                        channel(nodes),
                        first == null ? Set.of() : Set.of(first),
                        access.users(),
                        access.userKeys(),
                        access.sessions(),
                        access.authorizer(),
                        access.redirects(),
                        base.config().storage().notification().receivers().keySet(),
                        base.process(),
                        base.metrics(),
                        InstantSource.system(),
                        Ticker.SYSTEM));
    }

    private NodeChannel channel(StorageNodes nodes) {
        Map<NodeId, Handler> called = new HashMap<>(nodes.handlers());
        if (base.config().server().nodeCalls() == ServerConfig.NodeCalls.NETWORK) {
            called.keySet().removeIf(id -> !id.equals(nodes.first()));
        }
        return new LocalNodes(called, new NodeClient(base.http(), this::url, base.secret()));
    }

    private @Nullable String url(NodeId id) {
        Node node = base.state().current().node(id);
        return node == null ? null : node.dataUrl();
    }
}
