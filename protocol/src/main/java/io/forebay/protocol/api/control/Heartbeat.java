package io.forebay.protocol.api.control;

import org.jspecify.annotations.Nullable;

/// What a node tells the leader about once a second.
///
/// @param node its id
/// @param boot names this run of its process, so that two processes of one id are told apart
/// @param stateVersion of the cluster state that it has
/// @param preparedEpoch the newest epoch under which it serves or is ready to: no commit under an older one
///     is under way, and keys that it loses by this one are not served any longer
public record Heartbeat(
        String node, String boot, long stateVersion, long preparedEpoch, Rebalance rebalance, Space space) {
    public Heartbeat(
            @Nullable String node,
            @Nullable String boot,
            long stateVersion,
            long preparedEpoch,
            @Nullable Rebalance rebalance,
            @Nullable Space space) {
        this.node = node == null ? "" : node;
        this.boot = boot == null ? "" : boot;
        this.stateVersion = stateVersion;
        this.preparedEpoch = preparedEpoch;
        this.rebalance = rebalance == null ? Rebalance.NONE : rebalance;
        this.space = space == null ? Space.NONE : space;
    }
}
