package io.forebay.cluster.state;

import io.forebay.common.model.NodeId;

/// A member of the cluster.
///
/// @param id unique, never used again after the node left
/// @param role what it does
/// @param dataUrl where clients reach it, `http://host:port` without a trailing slash
/// @param controlUrl where the other nodes reach it
/// @param phase whether it owns objects
public record Node(NodeId id, Role role, String dataUrl, String controlUrl, Phase phase) {
    public enum Role {
        GATEWAY,
        STORAGE
    }

    /// A storage node owns objects only while it is ACTIVE.
    public enum Phase {
        ACTIVE,
        /// It should own objects and does not answer; ACTIVE again when it does.
        OFFLINE,
        /// An operator took it out for a while; it keeps its data until others have it.
        MAINTENANCE,
        /// It leaves when others have its data.
        DECOMMISSIONED
    }

    /// Where clients reach it that speak HTTPS, at the same port, or those that do not.
    public String dataUrl(boolean secure) {
        return secure ? dataUrl.replaceFirst("^http:", "https:") : dataUrl;
    }

    /// Whether objects are placed on it.
    public boolean owns() {
        return role == Role.STORAGE && phase == Phase.ACTIVE;
    }

    public Node in(Phase next) {
        return new Node(id, role, dataUrl, controlUrl, next);
    }
}
