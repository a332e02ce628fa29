package io.forebay.gateway.control;

import io.forebay.protocol.api.control.NodeStatuses;

/// What the gateway that leads knows of every node.
@FunctionalInterface
public interface NodeTable {
    /// Waits for the leader. Throws NOT_LEADER, NODE_UNAVAILABLE or DEADLINE_EXCEEDED when there is none that answers.
    NodeStatuses nodes();
}
