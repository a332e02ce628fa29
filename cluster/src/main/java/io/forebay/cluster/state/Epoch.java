package io.forebay.cluster.state;

import io.forebay.common.model.NodeId;
import java.util.List;

/// A time in which one set of storage nodes owned the objects of the cluster.
///
/// @param number counted from 1; a later epoch has a higher number, and no number is given twice
/// @param owners the storage nodes among which keys were placed, by id
public record Epoch(long number, List<NodeId> owners, Phase phase) {
    /// How far an epoch is. Of a state's list the first is settled, only the last may be pending, and
    /// those between are active.
    public enum Phase {
        /// The owners of the epoch in front of it serve, but for the keys that move: those are served by
        /// nobody once it was prepared.
        PENDING,
        /// Its owners serve. Objects may still be where earlier epochs placed them, or lack copies.
        ACTIVE,
        /// Every object is on all its holders under it.
        SETTLED
    }

    public Epoch {
        owners = List.copyOf(owners);
    }

    /// Whether its owners serve what they own.
    public boolean serves() {
        return phase != Phase.PENDING;
    }

    Epoch in(Phase next) {
        return new Epoch(number, owners, next);
    }
}
