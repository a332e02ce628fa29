package io.forebay.protocol.api.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every node of the cluster map, as the leader sees them.
///
/// @param stateVersion of the state whose map this is
/// @param activeEpoch the newest epoch that serves
/// @param newestEpoch differs from it while owners prepare a change
/// @param settledEpoch the oldest epoch under which objects may still lie; equal to `activeEpoch` when all
///     have moved
/// @param epochs those in force, oldest first
public record NodeStatuses(
        String clusterId,
        long stateVersion,
        long activeEpoch,
        long newestEpoch,
        long settledEpoch,
        List<EpochStatus> epochs,
        List<NodeStatus> nodes) {
    public NodeStatuses(
            @Nullable String clusterId,
            long stateVersion,
            long activeEpoch,
            long newestEpoch,
            long settledEpoch,
            @Nullable List<EpochStatus> epochs,
            @Nullable List<NodeStatus> nodes) {
        this.clusterId = clusterId == null ? "" : clusterId;
        this.stateVersion = stateVersion;
        this.activeEpoch = activeEpoch;
        this.newestEpoch = newestEpoch;
        this.settledEpoch = settledEpoch;
        this.epochs = epochs == null ? List.of() : List.copyOf(epochs);
        this.nodes = nodes == null ? List.of() : List.copyOf(nodes);
    }

    /// Of a leader that tells no epochs one by one, as those of earlier versions do.
    public NodeStatuses(
            @Nullable String clusterId,
            long stateVersion,
            long activeEpoch,
            long newestEpoch,
            long settledEpoch,
            @Nullable List<NodeStatus> nodes) {
        this(clusterId, stateVersion, activeEpoch, newestEpoch, settledEpoch, List.of(), nodes);
    }

    /// Whether the newest owners serve, and everything has moved to them.
    public boolean areOwnersSettled() {
        return settledEpoch == newestEpoch && activeEpoch == newestEpoch;
    }
}
