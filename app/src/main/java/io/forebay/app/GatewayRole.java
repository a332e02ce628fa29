package io.forebay.app;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.HeartbeatChannel;
import io.forebay.cluster.watch.HeartbeatSender;
import io.forebay.cluster.watch.Lease;
import io.forebay.cluster.watch.NodeProgress;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.gateway.Gateway;
import io.forebay.protocol.api.control.HeartbeatReply;
import io.forebay.protocol.http.Handler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What makes a process a gateway: the log of commands, the gateway itself, and the storage nodes that a
/// server has beside it.
final class GatewayRole {
    private final Foundation base;
    private final ServerRole role;
    private final ControlPort control;
    private final DataPort data;
    private final NodeId self;

    GatewayRole(Foundation base, ServerRole role, ControlPort control, DataPort data) {
        this.base = base;
        this.role = role;
        this.control = control;
        this.data = data;
        this.self = base.identities().id("gateway");
    }

    /// Returns when the cluster knows the nodes of this process and every request can be answered.
    Server.Served open() {
        ForebayConfig config = base.config();
        int count = role.hasStorageNodes()
                ? base.identities().storageNodes(config.server().storageNodeCount())
                : 0;
        Access access = Access.of(base);
        ClusterLink link = new ClusterLink(base);
        GatewayEntry.Entered entered = new GatewayEntry(base, control, data, self, link).enter();
        CommandLog commands = entered.log();
        GatewayWatch watch = new GatewayWatch(base, link, self, commands, entered.leadership(), entered.voters());
        StorageNodes nodes = base.started(new StorageNodes(base, count));
        Gateway gateway = base.parts()
                .add(new GatewayWiring(base, self, commands, watch.table(), link.contact(), access).gateway(nodes));
        control.openAdmin(gateway.adminHandler());
        Map<NodeId, String> ports = nodes.openPorts(data.address(), gateway.handler());
        StartPatience patience = new StartPatience(config.join().patience());
        List<String> urls = patience.ask(() -> enter(new Roster(commands, base.state(), control.url()), nodes, ports));
        patience.ask(() -> {
            new InterruptedRemovals(commands, base.state()).takeBack();
            return true;
        });
        UsersFile users = UsersFile.read(config.server().usersFile());
        patience.ask(() -> {
            users.enter(gateway.users());
            return true;
        });
        watch.open(control.cluster(), control.url());
        link.rememberGateways();
        beat(link, watch, nodes);
        Handler shared = nodes.first() == null
                ? gateway.handler()
                : new SharedPort(base.secret(), nodes.firstNetworkHandler(), gateway.handler());
        return new Server.Served(shared, banner(access, urls));
    }

    /// Tells the leader that the nodes of this process live.
    private void beat(ClusterLink link, GatewayWatch watch, StorageNodes nodes) {
        Lease none = new Lease(
                base.config().storage().statePatience(),
                Ticker.SYSTEM,
                Timers.SYSTEM,
                new Metrics(),
                "node=\"" + self + "\"");
        HeartbeatSender own =
                base.started(link.heartbeats(self, () -> NodeProgress.NONE, watch.leader(), version -> {}, none));
        base.stopWhenOrdered(self, own.boot());
        base.followSettings(self);
        for (NodeId id : nodes.handlers().keySet()) {
            HeartbeatSender heartbeats = base.started(link.heartbeats(
                    id, new StorageProgress(nodes, id), whileAlone(watch.leader()), version -> {}, nodes.lease(id)));
            nodes.node(id).fence().whenPrepared(heartbeats::wake);
        }
    }

    /// While this process is the whole cluster there is nobody who could take anything away from its nodes,
    /// and nobody has to say so.
    private HeartbeatChannel whileAlone(HeartbeatChannel leader) {
        return heartbeat -> {
            ClusterState state = base.state().current();
            boolean alone = state.nodes().values().stream()
                    .allMatch(node -> node.controlUrl().equals(control.url()));
            return alone
                    ? new HeartbeatReply(
                            base.config().gateway().supervisor().lease().toNanos(), state.version())
                    : leader.send(heartbeat);
        };
    }

    /// Enters every node under its present address; gives those of the storage nodes.
    private List<String> enter(Roster roster, StorageNodes nodes, Map<NodeId, String> ports) {
        List<String> urls = new ArrayList<>();
        NodeId first = nodes.first();
        if (first != null) {
            roster.enter(first, Node.Role.STORAGE, data.url());
            urls.add(data.url());
        }
        ports.forEach((id, url) -> {
            roster.enter(id, Node.Role.STORAGE, url);
            urls.add(url);
        });
        roster.enter(self, Node.Role.GATEWAY, data.url());
        return urls;
    }

    private String banner(Access access, List<String> urls) {
        return new Banner(
                        ForebayVersion.text(),
                        data.url(),
                        control.url(),
                        base.folder().path(),
                        urls,
                        base.config().gateway().s3().region(),
                        access.keys(),
                        access.token())
                .text();
    }
}
