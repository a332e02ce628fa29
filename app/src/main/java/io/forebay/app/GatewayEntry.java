package io.forebay.app;

import io.forebay.cluster.peer.Peer;
import io.forebay.cluster.peer.PeerCalls;
import io.forebay.cluster.raft.GroupLeadership;
import io.forebay.cluster.raft.Membership;
import io.forebay.cluster.raft.RaftCommandLog;
import io.forebay.cluster.raft.RaftParts;
import io.forebay.cluster.raft.RemoteCommandLog;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.Leadership;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.control.Voters;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// How a gateway comes to a log of commands: it founds a cluster, comes back to its own, or joins one, as a voter or,
/// where there are enough, as one that only watches.
final class GatewayEntry {
    private static final Logger LOG = Logger.getLogger(GatewayEntry.class.getName());

    private final Foundation base;
    private final ControlPort control;
    private final DataPort data;
    private final NodeId self;
    private final ClusterLink link;

    GatewayEntry(Foundation base, ControlPort control, DataPort data, NodeId self, ClusterLink link) {
        this.base = base;
        this.control = control;
        this.data = data;
        this.self = self;
        this.link = link;
    }

    /// The log, and what this gateway is in the group that orders it.
    record Entered(CommandLog log, Leadership leadership, Voters voters) {}

    /// Returns when the state of the cluster is known here.
    Entered enter() {
        List<String> seeds = link.given();
        boolean member = base.memory().votes();
        boolean joins = !member && !seeds.isEmpty();
        String clusterId = joins ? link.clusterId() : "";
        if (joins) {
            base.clusterSecret().keep();
        }
        RaftCommandLog log = new RaftCommandLog(
                base.config().raft(),
                new RaftParts(
                        new Peer(self, control.url()),
                        base.folder().file("raft"),
                        base.http(),
                        base.secret(),
                        base.state(),
                        base.metrics()),
                seeds.isEmpty() ? new Membership.Founding() : new Membership.Joining(seeds));
        control.cluster().open("raft", log.handler());
        control.cluster().open("commands", log.handler());
        base.started(log);
        if (joins && !link.join(self, Node.Role.GATEWAY, data.url(), control.url(), clusterId)) {
            log.close();
            return watching(clusterId);
        }
        log.awaitMembership(base.config().raft().startPatience());
        base.memory().rememberVote();
        base.memory().rememberCluster(base.state().current().clusterId());
        base.parts().add(base.state().subscribe(state -> dropVoters(log, state)));
        return new Entered(log, new GroupLeadership(log), (id, url) -> admit(log, id, url));
    }

    /// There are enough voters: this gateway follows the state as a storage node does, and hands commands on.
    private Entered watching(String clusterId) {
        base.started(link.puller(clusterId));
        base.state().await(1, base.config().join().patience());
        PeerCalls calls = new PeerCalls(base.http(), base.secret(), new Peer(self, control.url()), base.metrics());
        CommandLog log = new RemoteCommandLog(
                calls, base.state(), link.gateways(), base.config().raft());
        return new Entered(log, new NoLeadership(), (id, url) -> false);
    }

    private static boolean admit(RaftCommandLog log, NodeId id, String controlUrl) {
        try {
            log.addMember(id, controlUrl);
            return true;
        } catch (StoreException e) {
            if (e.code() != ErrorCode.PRECONDITION_FAILED) {
                throw e;
            }
            return false;
        }
    }

    /// Whoever was removed from the map votes no longer.
    private static void dropVoters(RaftCommandLog log, ClusterState state) {
        if (!log.isLeader() || state.nodes().values().stream().noneMatch(GatewayEntry::isGateway)) {
            return;
        }
        for (Peer voter : log.voters()) {
            if (state.node(voter.id()) == null) {
                try {
                    log.removeMember(voter.id());
                } catch (StoreException e) {
                    LOG.log(Level.WARNING, "gateway {0} still votes: {1}", new Object[] {voter.id(), e.text()});
                }
            }
        }
    }

    private static boolean isGateway(Node node) {
        return node.role() == Node.Role.GATEWAY;
    }
}
