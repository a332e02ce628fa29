package io.forebay.system.simulation;

import io.forebay.cluster.placement.Holding;
import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.placement.Run;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The real placement of one cluster state, asked for each key once.
final class Places {
    static final BucketName BUCKET = BucketName.of("b");

    private final ClusterState state;
    private final Placements placements;
    private final List<ObjectKey> keys;
    private final Map<Integer, Place> places = new HashMap<>();
    private final Map<NodeId, List<Integer>> primaries = new HashMap<>();
    private final Map<Allowed, Boolean> allowed = new HashMap<>();

    /// Where a key belongs and has belonged.
    ///
    /// @param moving whether nobody serves it once the newest epoch was prepared
    record Place(List<NodeId> holders, Run run, List<Earlier> earlier, boolean moving) {
        boolean isPrimary(NodeId node) {
            return !holders.isEmpty() && holders.getFirst().equals(node);
        }
    }

    /// Where a key's value may be from an earlier epoch.
    record Earlier(long epoch, List<NodeId> nodes, List<NodeId> sure) {}

    private record Allowed(int key, NodeId sender, long epoch, long fenced) {}

    Places(ClusterState state, List<ObjectKey> keys) {
        this.state = state;
        this.placements = Placements.of(state);
        this.keys = keys;
    }

    ClusterState state() {
        return state;
    }

    Placements placements() {
        return placements;
    }

    Bucket bucket() {
        return Objects.requireNonNull(state.bucket(BUCKET));
    }

    Place place(int key) {
        return places.computeIfAbsent(key, this::find);
    }

    private Place find(int key) {
        ObjectKey name = keys.get(key);
        Bucket bucket = bucket();
        List<Earlier> earlier = new ArrayList<>();
        if (!placements.areSettled()) {
            for (Holding holding : placements.earlier(name, bucket)) {
                earlier.add(new Earlier(holding.epoch(), ids(holding.nodes()), holding.sure()));
            }
        }
        return new Place(
                ids(placements.holders(name, bucket)),
                placements.run(name, bucket),
                earlier,
                placements.isMoving(name, bucket));
    }

    /// The keys whose primary a node is under the epoch that serves.
    List<Integer> keysOf(NodeId node) {
        if (primaries.isEmpty()) {
            for (int key = 0; key < keys.size(); key++) {
                List<NodeId> holders = place(key).holders();
                if (!holders.isEmpty()) {
                    primaries
                            .computeIfAbsent(holders.getFirst(), id -> new ArrayList<>())
                            .add(key);
                }
            }
        }
        return primaries.getOrDefault(node, List.of());
    }

    /// Whether a node that has prepared that epoch takes a commit of the sender under another one.
    boolean allows(int key, NodeId sender, long epoch, long fenced) {
        return allowed.computeIfAbsent(
                new Allowed(key, sender, epoch, fenced),
                asked -> placements.isPrimary(sender, keys.get(key), epoch)
                        && placements.areSame(keys.get(key), bucket(), epoch, fenced));
    }

    boolean isBased(NodeId node, int key) {
        return placements.isBased(node, keys.get(key), bucket());
    }

    private static List<NodeId> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }
}
