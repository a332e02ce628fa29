package io.forebay.protocol.api.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a node knows of the cluster's versions, NodeStateInfo (`cmn/cos/node_state.go`).
public record NodeState(
        NodeState.Smap smap,
        NodeState.Versioned bmd,
        NodeState.Version rmd,
        NodeState.Version config,
        NodeState.Version etlmd,
        long flags) {
    /// Flags of a node and a cluster that are started and well.
    public static final long STARTED = 6;

    /// Flag: the node moves objects after owners changed.
    public static final long REBALANCING = 8;

    /// Flag: the node is out of service for a while.
    public static final long IN_MAINTENANCE = 1024;

    /// The version of the cluster map and who is primary.
    public record Smap(@JsonProperty("Primary") NodeState.Primary primary, String uuid, String version) {}

    public record Primary(
            @JsonProperty("pub_url") String publicUrl,
            @JsonProperty("control_url") String controlUrl,
            String id) {}

    public record Versioned(String uuid, String version) {}

    public record Version(String version) {}

    /// Of a started node: every version is a projection of one.
    public static NodeState started(NodeMessage primary, String uuid, String version) {
        return started(primary, uuid, version, 0);
    }

    /// As `started`.
    ///
    /// @param alerts flags beside those of a node that is well
    public static NodeState started(NodeMessage primary, String uuid, String version, long alerts) {
        String url = primary.publicNet().url();
        Version projected = new Version(version);
        return new NodeState(
                new Smap(new Primary(url, url, primary.id()), uuid, version),
                new Versioned(uuid, version),
                projected,
                projected,
                projected,
                STARTED | alerts);
    }
}
