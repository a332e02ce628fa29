package io.forebay.cluster.placement;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Epoch;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/// Where the objects of one state belong, and where they may be: the placement of its newest epoch, and those of the
/// epochs before it that are not settled. Made once a state and kept beside it.
public final class Placements {
    private final Epoch newestEpoch;
    private final Placement newest;
    private final List<Placement> earlier;

    private final ClusterState state;

    private Placements(ClusterState state, Epoch newestEpoch, Placement newest, List<Placement> earlier) {
        this.state = state;
        this.newestEpoch = newestEpoch;
        this.newest = newest;
        this.earlier = earlier;
    }

    public static Placements of(ClusterState state) {
        List<Epoch> epochs = state.epochs();
        if (epochs.isEmpty()) {
            return new Placements(state, new Epoch(0, List.of(), true), Placement.of(state), List.of());
        }
        List<Placement> earlier = new ArrayList<>();
        for (Epoch epoch : epochs.subList(0, epochs.size() - 1).reversed()) {
            earlier.add(Placement.among(members(state, epoch)));
        }
        return new Placements(state, epochs.getLast(), Placement.among(members(state, epochs.getLast())), earlier);
    }

    /// The newest epoch; number 0 before there was an owner.
    public Epoch epoch() {
        return newestEpoch;
    }

    /// Whether every object is where the newest epoch places it, and that epoch serves.
    public boolean areSettled() {
        return earlier.isEmpty() && newestEpoch.active();
    }

    /// The node that owns the key under the newest epoch. Throws NODE_UNAVAILABLE when there is none.
    public Node owner(ObjectKey key) {
        return newest.owner(key);
    }

    /// The nodes that hold the key under the newest epoch, the owner first: `copies` of them, or as many as there are.
    public List<Node> holders(ObjectKey key, int copies) {
        return newest.ranked(key, copies);
    }

    /// The holders under each earlier epoch, newest epoch first. Those that left the cluster are not named, and an
    /// epoch
    /// of which no holder is left is not there.
    public List<List<Node>> earlierHolders(ObjectKey key, int copies) {
        List<List<Node>> holders = new ArrayList<>(earlier.size());
        for (Placement placement : earlier) {
            List<Node> known = placement.ranked(key, copies).stream()
                    .filter(node -> state.node(node.id()) != null)
                    .toList();
            if (!known.isEmpty()) {
                holders.add(known);
            }
        }
        return holders;
    }

    /// Whether the key's holders wait for the newest epoch to be activated: it places the key on others than the epoch
    /// that still serves.
    public boolean awaitsActivation(ObjectKey key, int copies) {
        if (newestEpoch.active() || earlier.isEmpty()) {
            return false;
        }
        return !ids(newest.ranked(key, copies)).equals(ids(earlier.getFirst().ranked(key, copies)));
    }

    private static List<NodeId> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    /// The nodes of an epoch. One that left stands in its place, for the others to keep theirs.
    private static List<Node> members(ClusterState state, Epoch epoch) {
        List<Node> members = new ArrayList<>(epoch.owners().size());
        for (NodeId id : epoch.owners()) {
            Node node = state.node(id);
            members.add(node == null ? new Node(id, Node.Role.STORAGE, "", "", Node.Phase.DECOMMISSIONED) : node);
        }
        return members;
    }
}
