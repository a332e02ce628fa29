package io.forebay.cluster.placement;

import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import java.util.List;
import java.util.Set;

/// The nodes that hold a key's value of one epoch, if there is one.
///
/// @param epoch the number of the newest epoch for which this is so: a value that was written under a
///     later one is not with these nodes only
/// @param nodes those of them that are in the cluster map, the primary first; perhaps none
/// @param sure of these each one has the value, if there is one: the first of them, without those that
///     left the map
public record Holding(long epoch, List<Node> nodes, List<NodeId> sure) {
    public Holding {
        nodes = List.copyOf(nodes);
        sure = List.copyOf(sure);
    }

    /// Whether answers of these nodes tell the newest value of the epoch, or that there is none. Where all
    /// that have it left the map, nothing is known and nobody is left to ask: that is so too.
    public boolean isToldBy(Set<NodeId> answered) {
        return sure.isEmpty() || sure.stream().anyMatch(answered::contains);
    }
}
