package io.forebay.protocol.api;

import org.jspecify.annotations.Nullable;

/// What is to become of a node of the cluster, or of all: the message of `POST /admin/cluster`, answered by the table
/// of nodes as
/// it is then.
///
/// @param action `maintenance-on`, `maintenance-off`, `decommission` or `remove`; `rebalance` for all nodes
/// @param node its id; empty for all
/// @param force for `remove`: also when the node lives
public record NodeOrder(String action, String node, boolean force) {
    public NodeOrder(@Nullable String action, @Nullable String node, boolean force) {
        this.action = action == null ? "" : action;
        this.node = node == null ? "" : node;
        this.force = force;
    }
}
