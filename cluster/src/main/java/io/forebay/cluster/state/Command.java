package io.forebay.cluster.state;

import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import java.util.Map;

/// A change of the cluster state. What is random or timed in it was decided by the submitter.
public sealed interface Command {
    /// Names the cluster; the first command of every log.
    record Found(String clusterId, long createdMillis) implements Command {}

    /// Adds a node, or changes the addresses of one that is known by that id and role.
    record Join(Node node) implements Command {}

    /// Changes whether a node owns objects.
    record SetPhase(NodeId node, Node.Phase phase) implements Command {}

    /// Removes a node from the map.
    record Leave(NodeId node) implements Command {}

    /// Lets the newest epoch serve: its predecessors' owners have prepared it, or have no lease any more.
    record Activate(long epoch) implements Command {}

    /// Says that every object is where the newest epoch places it.
    record Settle(long epoch) implements Command {}

    /// Makes the owners look again at whether every object is with all its holders: another epoch of the same owners.
    /// Changes nothing while they are at it.
    record Rebalance() implements Command {}

    record CreateBucket(BucketName name, long createdMillis, Map<String, String> properties) implements Command {}

    /// Refuses writes to a bucket (or takes that back) while its emptiness is looked at.
    record SealBucket(BucketName name, long bucketId, boolean sealed) implements Command {}

    /// Removes a bucket with everything in it. `bucketId` guards against a newer bucket of the same name.
    record DestroyBucket(BucketName name, long bucketId) implements Command {}

    /// Changes property leaves; an empty value sets a leaf back to its default.
    record SetBucketProperties(BucketName name, Map<String, String> changes) implements Command {}

    /// Sets every property back to its default.
    record ResetBucketProperties(BucketName name) implements Command {}

    /// Changes cluster-wide settings; an empty value sets one back to its default.
    record ChangeSettings(Map<String, String> changes) implements Command {}

    /// Adds a user. Refused when the name or one of the keys is another's.
    record AddUser(User user) implements Command {}

    /// Gives a user a further pair of keys.
    ///
    /// @param kept so many of those before stay, the newest
    record AddUserKey(String name, User.AccessKey key, int kept) implements Command {}

    /// Whether the keys of a user are accepted.
    record EnableUser(String name, boolean enabled) implements Command {}

    /// Removes a user. Refused while the user owns buckets; by force these become root's.
    record RemoveUser(String name, boolean force) implements Command {}
}
