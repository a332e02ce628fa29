package io.forebay.protocol.api.control;

import org.jspecify.annotations.Nullable;

/// A node that wants to be in the cluster map, or has another address than before.
///
/// @param node its id
/// @param role `GATEWAY` or `STORAGE`
/// @param dataUrl where clients reach it
/// @param controlUrl where the other nodes reach it
/// @param clusterId of the cluster that its data folder belongs to; empty for a new folder
/// @param format of its data folder
/// @param leaseMillis the lease that it would grant, were it to lead; 0 for one that never does
public record JoinRequest(
        String node, String role, String dataUrl, String controlUrl, String clusterId, int format, long leaseMillis) {
    public JoinRequest(
            @Nullable String node,
            @Nullable String role,
            @Nullable String dataUrl,
            @Nullable String controlUrl,
            @Nullable String clusterId,
            int format,
            long leaseMillis) {
        this.node = node == null ? "" : node;
        this.role = role == null ? "" : role;
        this.dataUrl = dataUrl == null ? "" : dataUrl;
        this.controlUrl = controlUrl == null ? "" : controlUrl;
        this.clusterId = clusterId == null ? "" : clusterId;
        this.format = format;
        this.leaseMillis = leaseMillis;
    }
}
