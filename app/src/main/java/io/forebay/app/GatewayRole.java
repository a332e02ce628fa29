package io.forebay.app;

import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.NodeProgress;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.Gateway;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What makes a process a gateway: the log of commands, the gateway itself, and the storage nodes that a server has
/// beside it.
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
        Access access = Access.of(config.server().auth(), base.given(), base.folder(), base.secret());
        ClusterLink link = new ClusterLink(base);
        GatewayEntry.Entered entered = new GatewayEntry(base, control, data, self, link).enter();
        CommandLog commands = entered.log();
        GatewayWatch watch = new GatewayWatch(base, link, self, commands, entered.leadership(), entered.voters());
        StorageNodes nodes = base.started(new StorageNodes(base, count));
        Gateway gateway = base.parts()
                .add(new GatewayWiring(base, self, commands, watch.table(), link.contact(), access).gateway(nodes));
        control.openAdmin(gateway.adminHandler());
        Map<NodeId, String> ports = nodes.openPorts(data.address(), gateway.handler());
        List<String> urls = enter(new Roster(commands, base.state(), control.url()), nodes, ports);
        new InterruptedRemovals(commands, base.state()).takeBack();
        watch.open(control.cluster(), control.url());
        link.rememberGateways();
        beat(link, watch, nodes);
        return new Server.Served(gateway.handler(), banner(access, urls));
    }

    /// Tells the leader that the nodes of this process live.
    private void beat(ClusterLink link, GatewayWatch watch, StorageNodes nodes) {
        base.started(link.heartbeats(self, () -> NodeProgress.NONE, watch.leader(), version -> {}));
        for (NodeId id : nodes.handlers().keySet()) {
            base.started(link.heartbeats(id, new StorageProgress(base, nodes, id), watch.leader(), version -> {}));
        }
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
