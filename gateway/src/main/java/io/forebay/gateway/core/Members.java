package io.forebay.gateway.core;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.state.StopOrder;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.control.ClusterControl;
import io.forebay.gateway.control.NodeTable;
import io.forebay.gateway.control.Statuses;
import io.forebay.gateway.routing.Router;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Who belongs to the cluster, and orders about that. Everything here waits for the gateway that leads.
public final class Members {
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
            return Statuses.unheard(router.snapshot().state());
        }
    }

    /// Changes whether a storage node owns objects; gives the number of the epoch by which objects move then, 0
    /// when none has to. Throws NO_SUCH_NODE, INVALID_ARGUMENT for a gateway, and what the state refuses.
    public long setPhase(NodeId id, Node.Phase phase) {
        if (require(id).role() == Node.Role.GATEWAY) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "node " + id + " is a gateway, which owns no objects: stop it, or remove it when it is stopped");
        }
        ClusterState state = control.change(new Command.SetPhase(id, phase));
        return state.isSettled() ? 0 : state.newestEpoch().number();
    }

    /// Makes all storage nodes compare what they hold, and bring what a holder lacks; gives the number of the epoch by
    /// which they do. The one under way when there is one.
    public long rebalance() {
        return control.change(new Command.Rebalance()).newestEpoch().number();
    }

    /// Orders the process of a node to end: that of a storage node as soon as its objects are with others. Throws
    /// NO_SUCH_NODE, NODE_UNAVAILABLE when the leader does not hear of the node, INVALID_ARGUMENT when other nodes
    /// live in its process.
    public void orderStop(NodeId id) {
        Node node = require(id);
        ClusterState state = router.snapshot().state();
        if (!isAloneInItsProcess(node)) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "node " + id + " cannot be stopped alone: other nodes live in the same process");
        }
        String boot = bootOf(id);
        if (boot.isEmpty()) {
            throw new StoreException(
                    ErrorCode.NODE_UNAVAILABLE, "node " + id + " was not heard of lately: there is nothing to stop");
        }
        Map<String, String> changes = new TreeMap<>();
        for (String setting : state.settings().keySet()) {
            String gone = StopOrder.nodeOf(setting);
            if (!gone.isEmpty() && state.node(new NodeId(gone)) == null) {
                changes.put(setting, "");
            }
        }
        changes.put(StopOrder.setting(id), boot);
        control.change(new Command.ChangeSettings(changes));
    }

    /// Whether the node has a process of its own.
    public boolean isAloneInItsProcess(Node node) {
        return router.snapshot().state().nodes().values().stream()
                .allMatch(other ->
                        other.id().equals(node.id()) || !other.controlUrl().equals(node.controlUrl()));
    }

    /// Whether the leader has heard of the node.
    public boolean isHeardOf(NodeId id) {
        return !bootOf(id).isEmpty();
    }

    private String bootOf(NodeId id) {
        for (NodeStatus status : statuses().nodes()) {
            if (status.id().equals(id.value())) {
                return status.boot();
            }
        }
        return "";
    }

    /// The node. Throws NO_SUCH_NODE.
    public Node require(NodeId id) {
        Node node = router.snapshot().state().node(id);
        if (node == null) {
            throw new StoreException(ErrorCode.NO_SUCH_NODE, "node " + id + " is not present in the cluster map");
        }
        return node;
    }

    /// Takes a node out of the cluster map. Throws NO_SUCH_NODE, and unless forced IN_USE when it lives, or
    /// may have objects that no other node has.
    public void remove(NodeId id, boolean force) {
        boolean gateway = require(id).role() == Node.Role.GATEWAY;
        for (NodeStatus status : statuses().nodes()) {
            if (!force && status.id().equals(id.value()) && status.leaseMillis() > 0) {
                throw new StoreException(
                        ErrorCode.IN_USE,
                        "node " + id
                                + (gateway
                                        ? " is a gateway that lives: stop it first"
                                        : " lives: decommission it, so that it moves its objects off and leaves, or"
                                                + " stop it first"));
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
}
