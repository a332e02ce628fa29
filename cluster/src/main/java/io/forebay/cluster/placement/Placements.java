package io.forebay.cluster.placement;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Epoch;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where the objects of one state are: under the epoch that serves, under the one that is to serve next,
/// and where earlier ones that are not settled may have left them. Made once a state and kept beside it.
///
/// The holders of a key under an epoch are as many of its owners as the bucket has copies, by rank; the
/// first is the *primary*. A node that left the map keeps its place among the owners of an epoch, for the
/// others to keep theirs.
public final class Placements {
    private static final Epoch NONE = new Epoch(0, List.of(), Epoch.Phase.SETTLED);

    private final ClusterState state;
    private final List<Epoch> epochs;
    private final List<Placement> placements;
    private final SortedMap<NodeId, Node> members;
    private final int serving;

    private Placements(ClusterState state, List<Epoch> epochs, List<Placement> placements) {
        this.state = state;
        this.epochs = epochs;
        this.placements = placements;
        this.members = members(state, epochs);
        this.serving = epochs.getLast().serves() ? epochs.size() - 1 : epochs.size() - 2;
    }

    public static Placements of(ClusterState state) {
        List<Epoch> epochs = state.epochs().isEmpty() ? List.of(NONE) : state.epochs();
        List<Placement> placements = new ArrayList<>(epochs.size());
        epochs.forEach(epoch -> placements.add(Placement.among(members(state, epoch))));
        return new Placements(state, epochs, placements);
    }

    public ClusterState state() {
        return state;
    }

    /// The epoch whose owners serve; number 0 before there was an owner.
    public Epoch serving() {
        return epochs.get(serving);
    }

    /// The newest epoch: the serving one, or the pending one that follows it.
    public Epoch newest() {
        return epochs.getLast();
    }

    /// The oldest epoch under which objects may still be.
    public Epoch base() {
        return epochs.getFirst();
    }

    /// Names this list of epochs between nodes, by the newest one's number and phase: under one label
    /// objects have the same places.
    public String label() {
        return newest().number() + " " + newest().phase().name().toLowerCase(Locale.ROOT);
    }

    /// Whether that node is the key's primary under any epoch of the list.
    public boolean mayBePrimary(NodeId node, ObjectKey key) {
        return placements.stream().anyMatch(placement -> placement.isOwner(node, key));
    }

    /// Whether every object is on all its holders under the newest epoch, and that epoch serves.
    public boolean areSettled() {
        return epochs.size() == 1 && serving().phase() == Epoch.Phase.SETTLED;
    }

    /// The node that serves the key: in the map, whatever its phase. Throws NODE_UNAVAILABLE when there is
    /// none, or it has left and the next epoch has yet to serve.
    public Node primary(ObjectKey key) {
        Node primary = placements.get(serving).owner(key);
        if (!isKnown(primary)) {
            throw new StoreException(
                    ErrorCode.NODE_UNAVAILABLE,
                    "node " + primary.id() + " has left the cluster, and " + key + " has yet to be given to another");
        }
        return primary;
    }

    /// An owner under the epoch that serves which has left the map, or null: nobody serves its keys until the
    /// next epoch does, whoever else has them.
    public @Nullable NodeId leftOwner() {
        for (NodeId id : serving().owners()) {
            if (!state.nodes().containsKey(id)) {
                return id;
            }
        }
        return null;
    }

    /// Whether that node serves the key. Costs one hash, and none where there is one owner.
    public boolean isPrimary(NodeId node, ObjectKey key) {
        return placements.get(serving).isOwner(node, key);
    }

    /// Whether that node is the key's primary under the epoch of that number. False when the list does not
    /// have it.
    public boolean isPrimary(NodeId node, ObjectKey key, long epoch) {
        int index = index(epoch);
        return index >= 0 && placements.get(index).isOwner(node, key);
    }

    /// The nodes that hold the key under the serving epoch, the primary first, without those that left the
    /// map. Fewer copies are kept from the next epoch on: until it serves, a change still goes to all. One that
    /// knew a stamp of this epoch, but not the last, could become the primary of the next.
    public List<Node> holders(ObjectKey key, Bucket bucket) {
        return known(ranked(serving, key, bucket));
    }

    /// The nodes that hold the key under the newest epoch, the primary first, without those that left the
    /// map.
    public List<Node> newestHolders(ObjectKey key, Bucket bucket) {
        return known(placements.getLast().ranked(key, bucket.copies()));
    }

    /// The nodes that a change of the key was sent to which was made under the epoch of that number, without
    /// those that left the map. What is older than the base is with all that are sure to have it.
    public List<Node> holders(ObjectKey key, Bucket bucket, long epoch) {
        int index = epochs.size() - 1;
        while (index > 0 && epochs.get(index).number() > epoch) {
            index--;
        }
        int copies = index == 0 ? bucket.established() : bucket.copies();
        return known(placements.get(index).ranked(key, copies));
    }

    /// Whether nobody serves the key once the newest epoch was prepared: it is pending, and places the key
    /// on others than the epoch that still serves.
    public boolean isMoving(ObjectKey key, Bucket bucket) {
        return serving < epochs.size() - 1 && !ids(serving, key, bucket).equals(ids(epochs.size() - 1, key, bucket));
    }

    /// Whether an epoch of that number is in the list, and it and all behind it up to the other one place
    /// the key on the same holders.
    public boolean areSame(ObjectKey key, Bucket bucket, long from, long to) {
        int index = index(from);
        if (index < 0) {
            return false;
        }
        List<NodeId> ids = ids(index, key, bucket);
        for (int next = index + 1; next < epochs.size() && epochs.get(next).number() <= to; next++) {
            if (!ids(next, key, bucket).equals(ids)) {
                return false;
            }
        }
        return true;
    }

    public Run run(ObjectKey key, Bucket bucket) {
        int index = runStart(key, bucket);
        return new Run(epochs.get(index).number(), index == oldest(bucket));
    }

    /// Where else the key's newest value may be than with its holders under the epochs of its run, newest
    /// first.
    public List<Holding> earlier(ObjectKey key, Bucket bucket) {
        List<Holding> holdings = new ArrayList<>();
        List<NodeId> after = List.of();
        for (int index = runStart(key, bucket) - 1; index >= oldest(bucket); index--) {
            List<Node> ranked = ranked(index, key, bucket);
            List<NodeId> ids = ids(ranked);
            if (!ids.equals(after)) {
                List<NodeId> sure = ids(known(ranked.subList(0, Math.min(ranked.size(), bucket.established()))));
                holdings.add(new Holding(epochs.get(index).number(), known(ranked), sure));
                after = ids;
            }
        }
        return List.copyOf(holdings);
    }

    /// Whether any epoch places the key on that node. What it has of others is left from when the bucket
    /// had more copies, and no value.
    public boolean mayHold(NodeId node, ObjectKey key, Bucket bucket) {
        for (int index = epochs.size() - 1; index >= oldest(bucket); index--) {
            if (ids(index, key, bucket).contains(node)) {
                return true;
            }
        }
        return false;
    }

    /// Whether the base places the key on that node. Before the node takes part in a later epoch it
    /// removes what it has of others: that may have been changed or removed without it.
    public boolean isBased(NodeId node, ObjectKey key, Bucket bucket) {
        List<Node> holders = placements.getFirst().ranked(key, bucket.established());
        return holders.stream().anyMatch(holder -> holder.id().equals(node));
    }

    /// The nodes of the map that may hold objects, by id.
    public SortedMap<NodeId, Node> members() {
        return members;
    }

    private static SortedMap<NodeId, Node> members(ClusterState state, List<Epoch> epochs) {
        SortedMap<NodeId, Node> members = new TreeMap<>();
        for (Epoch epoch : epochs) {
            for (NodeId id : epoch.owners()) {
                Node node = state.node(id);
                if (node != null) {
                    members.put(id, node);
                }
            }
        }
        return Collections.unmodifiableSortedMap(members);
    }

    /// Whether each object of the bucket is with another node too than those that are silent or have left,
    /// so that the silent ones need not be asked.
    public boolean covers(Bucket bucket, Set<NodeId> silent) {
        if (silent.isEmpty()) {
            return true;
        }
        for (Epoch epoch : epochs.subList(oldest(bucket), epochs.size())) {
            Set<NodeId> missing = new HashSet<>(epoch.owners());
            missing.removeIf(id -> !silent.contains(id) && state.node(id) != null);
            boolean isConcerned = missing.stream().anyMatch(silent::contains);
            int copies = Math.min(bucket.established(), epoch.owners().size());
            if (isConcerned && missing.size() >= copies) {
                return false;
            }
        }
        return true;
    }

    /// Whether each object of every bucket is with another node too than the silent ones and those that
    /// have left.
    public boolean covers(Set<NodeId> silent) {
        return state.buckets().values().stream().allMatch(bucket -> covers(bucket, silent));
    }

    /// The index of the first epoch of the key's run.
    private int runStart(ObjectKey key, Bucket bucket) {
        int oldest = oldest(bucket);
        if (oldest == serving) {
            return serving;
        }
        List<NodeId> ids = ids(serving, key, bucket);
        int first = serving;
        while (first > oldest && ids(first - 1, key, bucket).equals(ids)) {
            first--;
        }
        return first;
    }

    /// The index of the oldest epoch that may have placed objects of the bucket.
    private int oldest(Bucket bucket) {
        int index = 0;
        while (index < serving && epochs.get(index).number() < bucket.firstEpoch()) {
            index++;
        }
        return index;
    }

    private int index(long epoch) {
        for (int index = epochs.size() - 1; index >= 0; index--) {
            if (epochs.get(index).number() == epoch) {
                return index;
            }
        }
        return -1;
    }

    /// All that changes made under an epoch are sent to.
    private List<Node> ranked(int index, ObjectKey key, Bucket bucket) {
        return placements.get(index).ranked(key, index == 0 ? bucket.most() : bucket.copies());
    }

    private List<NodeId> ids(int index, ObjectKey key, Bucket bucket) {
        return ids(placements.get(index).ranked(key, bucket.copies()));
    }

    private static List<NodeId> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    private List<Node> known(List<Node> nodes) {
        return nodes.stream().allMatch(this::isKnown)
                ? nodes
                : nodes.stream().filter(this::isKnown).toList();
    }

    private boolean isKnown(Node node) {
        return state.nodes().containsKey(node.id());
    }

    private static List<Node> members(ClusterState state, Epoch epoch) {
        List<Node> members = new ArrayList<>(epoch.owners().size());
        for (NodeId id : epoch.owners()) {
            @Nullable Node node = state.node(id);
            members.add(node == null ? new Node(id, Node.Role.STORAGE, "", "", Node.Phase.DECOMMISSIONED) : node);
        }
        return members;
    }
}
