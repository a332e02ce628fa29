package io.forebay.cluster.state;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Everything that the nodes of a cluster agree on: one immutable value with one version.
///
/// AIStore's map, bucket and configuration versions are projections of `version`.
///
/// @param version grows by one with each command applied, refused ones included
/// @param clusterId names the cluster for ever; empty before `Found`
/// @param createdMillis when the cluster was founded, in milliseconds since the epoch
/// @param nextBucketId the id that the next bucket takes; data of this id or a higher one is not of a destroyed
///     bucket but of a state that is newer than this one
public record ClusterState(
        long version,
        String clusterId,
        long createdMillis,
        SortedMap<NodeId, Node> nodes,
        Map<BucketName, Bucket> buckets,
        long nextBucketId,
        SortedMap<String, String> settings) {
    public static final ClusterState EMPTY = new ClusterState(0, "", 0, new TreeMap<>(), Map.of(), 1, new TreeMap<>());

    public ClusterState {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
        buckets = PersistentMap.copyOf(buckets);
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    public @Nullable Bucket bucket(BucketName name) {
        return buckets.get(name);
    }

    public @Nullable Node node(NodeId id) {
        return nodes.get(id);
    }

    /// The storage nodes that own objects, by id.
    public List<Node> owners() {
        return nodes.values().stream()
                .filter(node -> node.role() == Node.Role.STORAGE && node.phase() == Node.Phase.ACTIVE)
                .toList();
    }

    /// The state after a command. Pure: equal states and commands give equal results on every node.
    public Applied apply(Command command) {
        return switch (command) {
            case Command.Found found -> found(found);
            case Command.Join join -> join(join.node());
            case Command.SetPhase change -> changeNode(change.node(), node -> node.in(change.phase()));
            case Command.Leave leave -> changeNode(leave.node(), node -> null);
            case Command.CreateBucket create -> createBucket(create);
            case Command.SealBucket seal ->
                changeBucket(seal.name(), seal.bucketId(), bucket -> bucket.withSealed(seal.sealed()));
            case Command.DestroyBucket destroy -> changeBucket(destroy.name(), destroy.bucketId(), bucket -> null);
            case Command.SetBucketProperties change -> setProperties(change);
            case Command.ResetBucketProperties reset -> changeBucket(reset.name(), 0, Bucket::withoutProperties);
            case Command.ChangeSettings change -> changed(withSettings(change.changes()));
        };
    }

    private Applied found(Command.Found found) {
        if (!clusterId.isEmpty()) {
            return refused(ErrorCode.ALREADY_EXISTS, "the cluster is already founded as " + clusterId);
        }
        return changed(new ClusterState(
                version, found.clusterId(), found.createdMillis(), nodes, buckets, nextBucketId, settings));
    }

    private Applied join(Node node) {
        Node known = nodes.get(node.id());
        if (known != null && known.role() != node.role()) {
            return refused(ErrorCode.IN_USE, "node id " + node.id() + " belongs to a " + known.role());
        }
        return changed(withNode(node.id(), known == null ? node : node.in(known.phase())));
    }

    private Applied changeNode(NodeId id, Function<Node, @Nullable Node> change) {
        Node node = nodes.get(id);
        if (node == null) {
            return refused(ErrorCode.NO_SUCH_NODE, "node " + id + " is not in the cluster map");
        }
        return changed(withNode(id, change.apply(node)));
    }

    private Applied createBucket(Command.CreateBucket create) {
        if (buckets.containsKey(create.name())) {
            return refused(ErrorCode.ALREADY_EXISTS, "bucket \"" + create.name() + "\" already exists");
        }
        Bucket plain = new Bucket(create.name(), nextBucketId, create.createdMillis(), new TreeMap<>(), false);
        return withProperties(plain, create.properties(), nextBucketId + 1);
    }

    private Applied setProperties(Command.SetBucketProperties change) {
        Bucket bucket = buckets.get(change.name());
        return bucket == null ? noSuchBucket(change.name()) : withProperties(bucket, change.changes(), nextBucketId);
    }

    /// Refuses properties that no node could read: a bucket with them would fail every write.
    private Applied withProperties(Bucket bucket, Map<String, String> changes, long nextId) {
        Bucket next = bucket.changed(changes);
        try {
            next.durability();
        } catch (StoreException e) {
            return refused(e.code(), e.text());
        }
        return changed(withBucket(bucket.name(), next, nextId));
    }

    /// `bucketId` 0 means whichever bucket has the name.
    private Applied changeBucket(BucketName name, long bucketId, Function<Bucket, @Nullable Bucket> change) {
        Bucket bucket = buckets.get(name);
        if (bucket == null || (bucketId != 0 && bucket.id() != bucketId)) {
            return noSuchBucket(name);
        }
        return changed(withBucket(name, change.apply(bucket), nextBucketId));
    }

    private Applied noSuchBucket(BucketName name) {
        return refused(ErrorCode.NO_SUCH_BUCKET, "bucket \"" + name + "\" does not exist");
    }

    private ClusterState withNode(NodeId id, @Nullable Node node) {
        SortedMap<NodeId, Node> next = new TreeMap<>(nodes);
        if (node == null) {
            next.remove(id);
        } else {
            next.put(id, node);
        }
        return new ClusterState(version, clusterId, createdMillis, next, buckets, nextBucketId, settings);
    }

    private ClusterState withBucket(BucketName name, @Nullable Bucket bucket, long nextId) {
        PersistentMap<BucketName, Bucket> known = PersistentMap.copyOf(buckets);
        Map<BucketName, Bucket> next = bucket == null ? known.without(name) : known.with(name, bucket);
        return new ClusterState(version, clusterId, createdMillis, nodes, next, nextId, settings);
    }

    private ClusterState withSettings(Map<String, String> changes) {
        SortedMap<String, String> next = new TreeMap<>(settings);
        changes.forEach((name, value) -> {
            if (value.isEmpty()) {
                next.remove(name);
            } else {
                next.put(name, value);
            }
        });
        return new ClusterState(version, clusterId, createdMillis, nodes, buckets, nextBucketId, next);
    }

    private Applied changed(ClusterState next) {
        return new Applied.Changed(next.atVersion(version + 1));
    }

    private Applied refused(ErrorCode code, String message) {
        return new Applied.Refused(atVersion(version + 1), code, message);
    }

    private ClusterState atVersion(long next) {
        return new ClusterState(next, clusterId, createdMillis, nodes, buckets, nextBucketId, settings);
    }
}
