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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Everything that the nodes of a cluster agree on: one immutable value with one version.
///
/// AIStore's map, bucket and configuration versions are projections of `version`.
///
/// @param version grows by one with each command applied, refused ones included
/// @param clusterId names the cluster for ever; empty before `Found`
/// @param createdMillis when the cluster was founded, in milliseconds since the Unix epoch
/// @param epochs the owner sets among which objects may be, oldest first; the last is that of the active
///     storage nodes
/// @param nextBucketId the id that the next bucket takes; data of this id or a higher one is not of a
///     destroyed bucket but of a state that is newer than this one
/// @param users by name; the same map as before while no command changes it
public record ClusterState(
        long version,
        String clusterId,
        long createdMillis,
        SortedMap<NodeId, Node> nodes,
        List<Epoch> epochs,
        Map<BucketName, Bucket> buckets,
        long nextBucketId,
        SortedMap<String, String> settings,
        Map<String, User> users) {
    public static final ClusterState EMPTY =
            new ClusterState(0, "", 0, new TreeMap<>(), List.of(), Map.of(), 1, new TreeMap<>(), Map.of());

    public ClusterState {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
        epochs = List.copyOf(epochs);
        buckets = PersistentMap.copyOf(buckets);
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        users = PersistentMap.copyOf(users);
    }

    public @Nullable Bucket bucket(BucketName name) {
        return buckets.get(name);
    }

    /// The bucket of that id, or null.
    public @Nullable Bucket bucket(long id) {
        for (Bucket bucket : buckets.values()) {
            if (bucket.id() == id) {
                return bucket;
            }
        }
        return null;
    }

    /// Whether any bucket's objects have copies on further nodes.
    public boolean hasCopies() {
        return buckets.values().stream().anyMatch(bucket -> bucket.established() > 1);
    }

    public @Nullable Node node(NodeId id) {
        return nodes.get(id);
    }

    /// The storage nodes that own objects, by id.
    public List<Node> owners() {
        return nodes.values().stream().filter(Node::owns).toList();
    }

    /// The newest epoch: the last of the list. Throws IllegalStateException before the first storage node
    /// joined.
    public Epoch newestEpoch() {
        if (epochs.isEmpty()) {
            throw new IllegalStateException("cluster state " + version + " has no epoch yet");
        }
        return epochs.getLast();
    }

    /// The epoch whose owners serve: the newest that is not pending. Throws IllegalStateException before
    /// the first storage node joined.
    public Epoch servingEpoch() {
        Epoch newest = newestEpoch();
        return newest.serves() ? newest : epochs.get(epochs.size() - 2);
    }

    /// Whether every object is on all its holders under the newest epoch, and that epoch serves.
    public boolean isSettled() {
        return epochs.isEmpty() || (epochs.size() == 1 && epochs.getFirst().phase() == Epoch.Phase.SETTLED);
    }

    /// The state after a command. Pure: equal states and commands give equal results on every node.
    public Applied apply(Command command) {
        return switch (command) {
            case Command.Found found -> found(found);
            case Command.Join join -> join(join.node());
            case Command.SetPhase change -> setPhase(change.node(), change.phase());
            case Command.Leave leave -> changeNode(leave.node(), node -> null);
            case Command.Activate activate -> activate(activate.epoch());
            case Command.Settle settle -> settle(settle.epoch());
            case Command.Rebalance rebalance -> rebalance();
            case Command.CreateBucket create -> createBucket(create);
            case Command.SealBucket seal ->
                changeBucket(seal.name(), seal.bucketId(), bucket -> bucket.withSealed(seal.sealed()));
            case Command.DestroyBucket destroy -> changeBucket(destroy.name(), destroy.bucketId(), bucket -> null);
            case Command.SetBucketProperties change -> setProperties(change);
            case Command.ResetBucketProperties reset -> resetProperties(reset.name());
            case Command.ChangeSettings change -> changeSettings(change.changes());
            case Command.AddUser add -> addUser(add.user());
            case Command.AddUserKey add ->
                changeUser(add.name(), user -> UserTable.withKey(user, add.key(), add.kept()), add.key());
            case Command.EnableUser enable ->
                changeUser(enable.name(), user -> user.withEnabled(enable.enabled()), null);
            case Command.RemoveUser remove -> removeUser(remove.name(), remove.force());
        };
    }

    private Applied found(Command.Found found) {
        if (!clusterId.isEmpty()) {
            return refused(ErrorCode.ALREADY_EXISTS, "the cluster is already founded as " + clusterId);
        }
        return changed(new ClusterState(
                version,
                found.clusterId(),
                found.createdMillis(),
                nodes,
                epochs,
                buckets,
                nextBucketId,
                settings,
                users));
    }

    private Applied join(Node node) {
        Node known = nodes.get(node.id());
        if (known != null && known.role() != node.role()) {
            return refused(ErrorCode.IN_USE, "node id " + node.id() + " belongs to a " + known.role());
        }
        return withNode(node.id(), known == null ? node : node.in(known.phase()));
    }

    private Applied activate(long epoch) {
        if (!isNewest(epoch, Epoch.Phase.PENDING)) {
            return refused(ErrorCode.INVALID_ARGUMENT, "epoch " + epoch + " is not the newest that is pending");
        }
        return changed(withEpochs(EpochList.activated(epochs)));
    }

    private Applied settle(long epoch) {
        if (!isNewest(epoch, Epoch.Phase.ACTIVE)) {
            return refused(ErrorCode.INVALID_ARGUMENT, "epoch " + epoch + " is not the newest that serves");
        }
        PersistentMap<BucketName, Bucket> next = PersistentMap.copyOf(buckets);
        for (Bucket bucket : buckets.values()) {
            int copies = bucket.copies();
            if (bucket.established() != copies || bucket.most() != copies) {
                next = next.with(bucket.name(), bucket.withCopies(copies, copies));
            }
        }
        return changed(withBuckets(next, nextBucketId).withEpochs(EpochList.settled(epochs)));
    }

    private Applied rebalance() {
        return isSettled() ? renewed() : changed(this);
    }

    private boolean isNewest(long epoch, Epoch.Phase phase) {
        return !epochs.isEmpty()
                && newestEpoch().number() == epoch
                && newestEpoch().phase() == phase;
    }

    /// The last owner stays one while there are buckets: nobody could take over what it has.
    private Applied setPhase(NodeId id, Node.Phase phase) {
        boolean leaves = phase == Node.Phase.MAINTENANCE || phase == Node.Phase.DECOMMISSIONED;
        List<Node> owners = owners();
        if (leaves
                && !buckets.isEmpty()
                && owners.size() == 1
                && owners.getFirst().id().equals(id)) {
            return refused(
                    ErrorCode.IN_USE,
                    "node " + id + " is the last storage node that owns objects: no other one could take over what it"
                            + " has. Add one first");
        }
        return changeNode(id, node -> node.in(phase));
    }

    private Applied changeNode(NodeId id, Function<Node, @Nullable Node> change) {
        Node node = nodes.get(id);
        if (node == null) {
            return refused(ErrorCode.NO_SUCH_NODE, "node " + id + " is not in the cluster map");
        }
        return withNode(id, change.apply(node));
    }

    private Applied createBucket(Command.CreateBucket create) {
        if (buckets.containsKey(create.name())) {
            return refused(ErrorCode.ALREADY_EXISTS, "bucket " + create.name().quoted() + " already exists");
        }
        long first = epochs.isEmpty() ? 0 : servingEpoch().number();
        Bucket bucket = new Bucket(
                        create.name(), nextBucketId, create.createdMillis(), new TreeMap<>(), false, 1, 1, first)
                .changed(create.properties());
        Applied unreadable = unreadable(bucket);
        return unreadable != null
                ? unreadable
                : changed(withBucket(
                        create.name(), bucket.withCopies(bucket.copies(), bucket.copies()), nextBucketId + 1));
    }

    private Applied setProperties(Command.SetBucketProperties change) {
        Bucket bucket = buckets.get(change.name());
        if (bucket == null) {
            return noSuchBucket(change.name());
        }
        Bucket next = bucket.changed(change.changes());
        Applied unreadable = unreadable(next);
        return unreadable != null ? unreadable : withProperties(bucket, next);
    }

    private Applied resetProperties(BucketName name) {
        Bucket bucket = buckets.get(name);
        return bucket == null ? noSuchBucket(name) : withProperties(bucket, bucket.withoutProperties());
    }

    /// A refusal of properties that no node could read: a bucket with them would fail every write.
    private @Nullable Applied unreadable(Bucket bucket) {
        try {
            bucket.durability();
            bucket.copies();
            return null;
        } catch (StoreException e) {
            return refused(e.code(), e.text());
        }
    }

    /// Copies that are not kept up any more stay where they are until the state is settled. Were more
    /// asked for before, they would be taken for values.
    private Applied withProperties(Bucket before, Bucket next) {
        int copies = next.copies();
        int known = before.copies();
        if (copies == known) {
            return changed(withBucket(next.name(), next, nextBucketId));
        }
        if (epochs.isEmpty()) {
            // Nobody has anything of it yet.
            return changed(withBucket(next.name(), next.withCopies(copies, copies), nextBucketId));
        }
        if (copies > known && known < before.most()) {
            return refused(
                    ErrorCode.IN_USE,
                    "copies of bucket \"" + next.name() + "\" that it had before are yet to be removed: wait for the"
                            + " rebalance");
        }
        if (copies < known && !isSettled()) {
            // What only a holder has that is to be none any more would not be asked for.
            return refused(
                    ErrorCode.IN_USE,
                    "bucket \"" + next.name() + "\" can have fewer copies when its objects are where they belong: wait"
                            + " for the rebalance");
        }
        Bucket bounded = next.withCopies(Math.min(next.established(), copies), Math.max(known, copies));
        return orAsItWas(withBucket(next.name(), bounded, nextBucketId).renewed());
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
        return refused(ErrorCode.NO_SUCH_BUCKET, "bucket " + name.quoted() + " does not exist");
    }

    private Applied withNode(NodeId id, @Nullable Node node) {
        SortedMap<NodeId, Node> next = new TreeMap<>(nodes);
        if (node == null) {
            next.remove(id);
        } else {
            next.put(id, node);
        }
        ClusterState moved = new ClusterState(
                version, clusterId, createdMillis, next, epochs, buckets, nextBucketId, settings, users);
        return orAsItWas(moved.followOwners());
    }

    /// With another epoch when the owners are others than before. While no bucket was ever made there is
    /// no object that could be elsewhere, so the change is settled at once.
    private Applied followOwners() {
        List<NodeId> owners = owners().stream().map(Node::id).toList();
        List<NodeId> before = epochs.isEmpty() ? List.of() : newestEpoch().owners();
        if (owners.equals(before)) {
            return changed(this);
        }
        return inNewEpoch(owners, nextBucketId == 1);
    }

    /// With one more epoch of the same owners, for their rebalance to look again at what objects need.
    private Applied renewed() {
        return epochs.isEmpty() ? changed(this) : inNewEpoch(newestEpoch().owners(), false);
    }

    private Applied inNewEpoch(List<NodeId> owners, boolean settled) {
        List<Epoch> next = EpochList.changed(epochs, owners, settled);
        boolean grows = !epochs.isEmpty() && !newestEpoch().owners().containsAll(owners);
        if (next.size() > (grows ? EpochList.MAX_GROWING : EpochList.MAX)) {
            return refused(
                    ErrorCode.IN_USE,
                    "the owners changed " + (next.size() - 2)
                            + " times since objects were last where they belong: wait for the rebalance");
        }
        return changed(withEpochs(next));
    }

    private ClusterState withEpochs(List<Epoch> next) {
        return new ClusterState(version, clusterId, createdMillis, nodes, next, buckets, nextBucketId, settings, users);
    }

    private ClusterState withBucket(BucketName name, @Nullable Bucket bucket, long nextId) {
        PersistentMap<BucketName, Bucket> known = PersistentMap.copyOf(buckets);
        return withBuckets(bucket == null ? known.without(name) : known.with(name, bucket), nextId);
    }

    private ClusterState withBuckets(Map<BucketName, Bucket> next, long nextId) {
        return new ClusterState(version, clusterId, createdMillis, nodes, epochs, next, nextId, settings, users);
    }

    private Applied changeSettings(Map<String, String> changes) {
        SortedMap<String, String> next = new TreeMap<>(settings);
        changes.forEach((name, value) -> {
            if (value.isEmpty()) {
                next.remove(name);
            } else {
                next.put(name, value);
            }
        });
        return changed(
                new ClusterState(version, clusterId, createdMillis, nodes, epochs, buckets, nextBucketId, next, users));
    }

    private Applied addUser(User user) {
        String taken = UserTable.taken(users, user);
        return taken.isEmpty() ? changed(withUser(user.name(), user)) : refused(ErrorCode.ALREADY_EXISTS, taken);
    }

    /// @param added the key that the change adds, or null
    private Applied changeUser(String name, UnaryOperator<User> change, User.@Nullable AccessKey added) {
        User user = users.get(name);
        if (user == null) {
            return noSuchUser(name);
        }
        if (added != null && UserTable.holder(users, added.id()) != null) {
            return refused(ErrorCode.ALREADY_EXISTS, "access key " + added.id() + " is in use");
        }
        return changed(withUser(name, change.apply(user)));
    }

    /// Buckets of a user who is removed by force become root's.
    private Applied removeUser(String name, boolean force) {
        User user = users.get(name);
        if (user == null) {
            return noSuchUser(name);
        }
        List<Bucket> owned = buckets.values().stream()
                .filter(bucket -> bucket.owner().equals(user.id()))
                .toList();
        if (!owned.isEmpty() && !force) {
            return refused(ErrorCode.IN_USE, UserTable.owns(name, owned));
        }
        PersistentMap<BucketName, Bucket> next = PersistentMap.copyOf(buckets);
        for (Bucket bucket : owned) {
            next = next.with(bucket.name(), bucket.changed(Map.of(Bucket.OWNER, "")));
        }
        return changed(withBuckets(next, nextBucketId).withUser(name, null));
    }

    private Applied noSuchUser(String name) {
        return refused(ErrorCode.NO_SUCH_USER, "there is no user \"" + name + "\"");
    }

    private ClusterState withUser(String name, @Nullable User user) {
        PersistentMap<String, User> known = PersistentMap.copyOf(users);
        PersistentMap<String, User> next = user == null ? known.without(name) : known.with(name, user);
        return new ClusterState(
                version, clusterId, createdMillis, nodes, epochs, buckets, nextBucketId, settings, next);
    }

    private Applied changed(ClusterState next) {
        return new Applied.Changed(next.atVersion(version + 1));
    }

    /// What a further step came to; when that was refused, with nothing of the steps before it.
    private Applied orAsItWas(Applied applied) {
        return switch (applied) {
            case Applied.Changed changed -> changed;
            case Applied.Refused(ClusterState state, ErrorCode code, String message) -> refused(code, message);
        };
    }

    private Applied refused(ErrorCode code, String message) {
        return new Applied.Refused(atVersion(version + 1), code, message);
    }

    private ClusterState atVersion(long next) {
        return new ClusterState(next, clusterId, createdMillis, nodes, epochs, buckets, nextBucketId, settings, users);
    }
}
