package io.forebay.gateway.core;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Epoch;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.control.ClusterControl;
import io.forebay.gateway.control.NodeTable;
import io.forebay.gateway.routing.Router;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.api.control.Space;
import java.util.List;
import java.util.Set;

/// Who belongs to the cluster, and orders about that. Everything here waits for the gateway that leads.
public final class Members {
    private static final long NOT_HEARD = -1;
    private static final int MOST_NAMED = 5;

    private final Router router;
    private final ClusterControl control;
    private final NodeTable table;

    public Members(Router router, ClusterControl control, NodeTable table) {
        this.router = router;
        this.control = control;
        this.table = table;
    }

    /// Every node as the leader sees it; where no leader answers, as the cluster state that is known here
    /// has it.
    public NodeStatuses statuses() {
        try {
            return table.nodes();
        } catch (StoreException e) {
            Fault fault = e.code().fault();
            if (fault != Fault.ROUTING && fault != Fault.OVERLOAD) {
                throw e;
            }
            return known();
        }
    }

    /// Changes whether a storage node owns objects. Throws NO_SUCH_NODE, INVALID_ARGUMENT for a gateway.
    public void setPhase(NodeId id, Node.Phase phase) {
        if (require(id).role() == Node.Role.GATEWAY) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "node " + id + " is a gateway, which owns no objects: stop it, or remove it when it is stopped");
        }
        control.change(new Command.SetPhase(id, phase));
    }

    /// Takes a node out of the cluster map. Throws NO_SUCH_NODE, and unless forced IN_USE when it lives, or
    /// may have objects that no other node has.
    public void remove(NodeId id, boolean force) {
        require(id);
        for (NodeStatus status : statuses().nodes()) {
            if (!force && status.id().equals(id.value()) && status.leaseMillis() > 0) {
                throw new StoreException(
                        ErrorCode.IN_USE,
                        "node " + id
                                + " lives: decommission it, so that it moves its objects off and leaves, or stop it"
                                + " first");
            }
        }
        if (!force) {
            requireCopies(id);
        }
        control.change(new Command.Leave(id));
    }

    private void requireCopies(NodeId id) {
        Placements placements = router.snapshot().placements();
        if (!placements.members().containsKey(id)) {
            return;
        }
        List<String> lost = placements.state().buckets().values().stream()
                .filter(bucket -> !placements.covers(bucket, Set.of(id)))
                .map(bucket -> "\"" + bucket.name() + "\"")
                .sorted()
                .toList();
        if (!lost.isEmpty()) {
            String some = String.join(", ", lost.subList(0, Math.min(lost.size(), MOST_NAMED)));
            throw new StoreException(
                    ErrorCode.IN_USE,
                    "node " + id + " may have the only copies of objects of bucket " + some
                            + (lost.size() > MOST_NAMED ? " and " + (lost.size() - MOST_NAMED) + " more" : "")
                            + ": without it they are lost for good. Start it again, or remove it with --force to give"
                            + " them up");
        }
    }

    private Node require(NodeId id) {
        Node node = router.snapshot().state().node(id);
        if (node == null) {
            throw new StoreException(ErrorCode.NO_SUCH_NODE, "node " + id + " is not present in the cluster map");
        }
        return node;
    }

    private NodeStatuses known() {
        ClusterState state = router.snapshot().state();
        List<Epoch> epochs = state.epochs();
        long active = 0;
        for (Epoch epoch : epochs) {
            active = epoch.serves() ? epoch.number() : active;
        }
        return new NodeStatuses(
                state.clusterId(),
                state.version(),
                active,
                epochs.isEmpty() ? 0 : epochs.getLast().number(),
                epochs.isEmpty() ? 0 : epochs.getFirst().number(),
                state.nodes().values().stream().map(Members::unheard).toList());
    }

    private static NodeStatus unheard(Node node) {
        return new NodeStatus(
                node.id().value(),
                node.role().name(),
                node.phase().name(),
                node.dataUrl(),
                node.controlUrl(),
                false,
                0,
                0,
                NOT_HEARD,
                0,
                Rebalance.NONE,
                Space.NONE);
    }
}
