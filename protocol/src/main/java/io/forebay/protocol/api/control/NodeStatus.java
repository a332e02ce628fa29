package io.forebay.protocol.api.control;

import org.jspecify.annotations.Nullable;

/// One node of the cluster map, as the leader sees it.
///
/// @param role `GATEWAY` or `STORAGE`
/// @param phase as in the cluster map, such as `ACTIVE`
/// @param boot names the run of its process, as it said at its last heartbeat; empty when it was not heard of
/// @param leads whether it is the leader itself
/// @param stateVersion of the state that it had at its last heartbeat
/// @param preparedEpoch as it said then
/// @param heardMillis how long ago that was; -1 when this leader has not heard of it
/// @param leaseMillis how long its lease still lives; 0 when it has none
public record NodeStatus(
        String id,
        String role,
        String phase,
        String boot,
        String dataUrl,
        String controlUrl,
        boolean leads,
        long stateVersion,
        long preparedEpoch,
        long heardMillis,
        long leaseMillis,
        Rebalance rebalance,
        Space space) {
    public NodeStatus(
            @Nullable String id,
            @Nullable String role,
            @Nullable String phase,
            @Nullable String boot,
            @Nullable String dataUrl,
            @Nullable String controlUrl,
            boolean leads,
            long stateVersion,
            long preparedEpoch,
            long heardMillis,
            long leaseMillis,
            @Nullable Rebalance rebalance,
            @Nullable Space space) {
        this.id = id == null ? "" : id;
        this.role = role == null ? "" : role;
        this.phase = phase == null ? "" : phase;
        this.boot = boot == null ? "" : boot;
        this.dataUrl = dataUrl == null ? "" : dataUrl;
        this.controlUrl = controlUrl == null ? "" : controlUrl;
        this.leads = leads;
        this.stateVersion = stateVersion;
        this.preparedEpoch = preparedEpoch;
        this.heardMillis = heardMillis;
        this.leaseMillis = leaseMillis;
        this.rebalance = rebalance == null ? Rebalance.NONE : rebalance;
        this.space = space == null ? Space.NONE : space;
    }
}
