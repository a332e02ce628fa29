package io.forebay.gateway.control;

import io.forebay.common.model.NodeId;

/// The gateways that vote on the order of commands. Called on the gateway that leads.
@FunctionalInterface
public interface Voters {
    /// Makes a gateway that has joined one of them, unless there are enough; says whether it votes. Waits.
    boolean admit(NodeId gateway, String controlUrl);
}
