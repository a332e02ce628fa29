package io.forebay.app;

import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.HeartbeatSender;
import io.forebay.cluster.watch.StatePuller;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.Handler;
import java.util.Objects;

/// What makes a process a storage node of a cluster: the state that it pulls from gateways, the node itself,
/// its place in the cluster map, and its heartbeats.
final class StorageRole {
    private final Foundation base;
    private final ControlPort control;
    private final DataPort data;

    StorageRole(Foundation base, ControlPort control, DataPort data) {
        this.base = base;
        this.control = control;
        this.data = data;
    }

    /// Returns when the node is in the cluster map and serves.
    Server.Served open() {
        ClusterLink link = new ClusterLink(base);
        String clusterId = link.clusterId();
        base.clusterSecret().keep();
        StatePuller puller = base.started(link.puller(clusterId));
        base.state().await(1, base.config().join().patience());
        link.rememberGateways();
        StorageNodes nodes = base.started(new StorageNodes(base, 1));
        NodeId self = Objects.requireNonNull(nodes.first());
        // Only now, when it can answer: from then on others send it requests.
        link.join(self, Node.Role.STORAGE, data.url(), control.url(), clusterId);
        HeartbeatSender heartbeats = base.started(link.heartbeats(
                self, new StorageProgress(nodes, self), link.leader(), puller::expect, nodes.lease(self)));
        base.stopWhenOrdered(self, heartbeats.boot());
        base.followSettings(self);
        nodes.node(self).fence().whenPrepared(heartbeats::wake);
        Handler handler = new NodePort(
                nodes.firstNetworkHandler(), new MapQuestions(base.state(), base.http(), base.secret(), self));
        return new Server.Served(handler, banner(self, clusterId));
    }

    private String banner(NodeId self, String clusterId) {
        return "forebay " + ForebayVersion.text() + "\n  data     " + data.url() + "  (storage node " + self
                + ")\n  control  " + control.url() + "  (/health /ready /metrics /config)\n  folder   "
                + base.folder().path() + "\n  cluster  " + clusterId + "\n\n";
    }
}
