package io.forebay.cluster.state;

import io.forebay.common.model.NodeId;
import java.util.List;

/// A time in which one set of storage nodes owned the objects of the cluster.
///
/// @param number counted from 1; a later epoch has a higher number
/// @param owners the storage nodes among which keys were placed, by id
/// @param active whether the owners serve what they own; before, those of the epoch in front of it do, unless they have
///     prepared this one
public record Epoch(long number, List<NodeId> owners, boolean active) {
    public Epoch {
        owners = List.copyOf(owners);
    }

    Epoch activated() {
        return new Epoch(number, owners, true);
    }
}
