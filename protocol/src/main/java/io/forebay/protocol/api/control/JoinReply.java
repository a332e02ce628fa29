package io.forebay.protocol.api.control;

import org.jspecify.annotations.Nullable;

/// The node is in the cluster map.
///
/// @param clusterId of the cluster
/// @param stateVersion of the first state that has the node with its address
/// @param votes whether it votes on the order of commands: of a gateway that is among the first five
public record JoinReply(String clusterId, long stateVersion, boolean votes) {
    public JoinReply(@Nullable String clusterId, long stateVersion, boolean votes) {
        this.clusterId = clusterId == null ? "" : clusterId;
        this.stateVersion = stateVersion;
        this.votes = votes;
    }
}
