package io.forebay.app;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.HeartbeatChannel;
import io.forebay.cluster.watch.Leadership;
import io.forebay.cluster.watch.StateFeed;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.gateway.control.Admission;
import io.forebay.gateway.control.LeaderDoor;
import io.forebay.gateway.control.NodeTable;
import io.forebay.gateway.control.Supervisor;
import io.forebay.gateway.control.SupervisorConfig;
import io.forebay.gateway.control.Voters;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.http.Handler;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A gateway's part in watching over the nodes of its cluster: it feeds them the state, and while it leads, answers
/// their heartbeats and lets new ones in.
final class GatewayWatch {
    private final Foundation base;
    private final ClusterLink link;
    private final Supervisor supervisor;
    private final Handler door;
    private final StateFeed feed;
    private final AtomicBoolean supervises = new AtomicBoolean();

    GatewayWatch(
            Foundation base, ClusterLink link, NodeId self, CommandLog commands, Leadership leadership, Voters voters) {
        this.base = base;
        this.link = link;
        SupervisorConfig config = base.config().gateway().supervisor();
        this.supervisor = new Supervisor(
                self,
                config,
                new Supervisor.Parts(
                        base.state(), leadership, link.contact(), Ticker.SYSTEM, Timers.SYSTEM, base.metrics()));
        this.feed = new StateFeed(
                base.state(),
                link.contact(),
                base.config().cluster().pollWait(),
                Ticker.SYSTEM,
                Timers.SYSTEM,
                base.metrics());
        Admission admission = new Admission(base.state(), commands, voters, DataFolder.FORMAT, config, base.metrics());
        this.door = new LeaderDoor(self, supervisor, admission, feed, leadership, base.state());
    }

    /// Begins to answer other nodes.
    ///
    /// @param controlUrl of this process
    void open(ClusterDoor cluster, String controlUrl) {
        base.started(feed);
        base.parts().add(base.state().subscribe(state -> superviseOthers(state, controlUrl)));
        List.of("state", "heartbeat", "join", "nodes").forEach(name -> cluster.open(name, door));
    }

    /// The nodes of one process live and end together: there is something to decide as soon as others join.
    private void superviseOthers(ClusterState state, String here) {
        boolean alone = state.nodes().values().stream()
                .allMatch(node -> node.controlUrl().equals(here));
        if (!alone && supervises.compareAndSet(false, true)) {
            base.started(supervisor);
        }
    }

    /// What the leader knows of every node, whichever gateway that is.
    NodeTable table() {
        return () -> {
            try {
                return supervisor.nodes();
            } catch (StoreException e) {
                return elsewhere(e);
            }
        };
    }

    /// The leader, by a call where it is this gateway.
    HeartbeatChannel leader() {
        return heartbeat -> {
            try {
                return supervisor.send(heartbeat);
            } catch (StoreException e) {
                if (e.code() != ErrorCode.NOT_LEADER) {
                    throw e;
                }
                return link.leader().send(heartbeat);
            }
        };
    }

    private NodeStatuses elsewhere(StoreException failure) {
        if (failure.code() != ErrorCode.NOT_LEADER) {
            throw failure;
        }
        return link.leader().nodes();
    }
}
