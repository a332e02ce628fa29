package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.ObjectLock;
import io.forebay.common.model.VersionId;
import io.forebay.common.model.Versioning;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.metadata.Tombstone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What becomes of the current version of an object when something else takes its place, by the versioning of its
/// bucket: it stays as a version of its own, or goes. And what the successor is called.
///
/// Versions are keys of their own beside the object's. They share its owners, its locks and its volume, so that one
/// commit can make the current version one of them without moving its bytes.
final class Succession {
    private final Bucket bucket;
    private final ObjectKey key;
    private final byte[] indexKey;
    private final VolumeSet volumes;
    private final @Nullable ObjectRecord retired;
    private final KeyVersions.@Nullable Version dropped;
    private final String id;
    private final long count;
    private final Stamp floor;
    private final long nowMillis;

    private Succession(
            Bucket bucket,
            ObjectKey key,
            VolumeSet volumes,
            @Nullable ObjectRecord retired,
            KeyVersions.@Nullable Version dropped,
            Successor successor) {
        this.bucket = bucket;
        this.key = key;
        this.indexKey = IndexKeys.of(bucket.id(), key);
        this.volumes = volumes;
        this.retired = retired;
        this.dropped = dropped;
        this.id = successor.id;
        this.count = successor.count;
        this.floor = successor.floor;
        this.nowMillis = successor.nowMillis;
    }

    /// What comes next.
    private record Successor(String id, long count, Stamp floor, long nowMillis) {}

    /// Judges by what is there; the key's lock is held.
    static Succession of(Bucket bucket, ObjectKey key, Copies copies, VolumeSet volumes, long nowMillis) {
        ObjectRecord before = copies.record();
        Versioning versioning = bucket.versioning();
        if (versioning == Versioning.OFF) {
            long count = before == null ? 1 : before.version() + 1;
            return new Succession(
                    bucket, key, volumes, null, null, new Successor(VersionId.NULL, count, Stamp.NONE, nowMillis));
        }
        copies.requireCertain(key.toString());
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        KeyVersions.Version version = KeyVersions.newest(volumes.all(), indexKey, "");
        ObjectRecord newest = before != null ? before : version == null ? null : version.record();
        long count = newest == null ? 1 : newest.version() + 1;
        Stamp floor = version == null ? Stamp.NONE : version.record().stamp();
        if (versioning == Versioning.ENABLED) {
            String id = VersionId.next(nowMillis, newest == null ? null : newest.versionId());
            return new Succession(bucket, key, volumes, before, null, new Successor(id, count, floor, nowMillis));
        }
        boolean replaces = before == null || before.versionId().equals(VersionId.NULL);
        KeyVersions.Version unnamed = KeyVersions.find(volumes.all(), indexKey, VersionId.NULL);
        return new Succession(
                bucket,
                key,
                volumes,
                replaces ? null : before,
                unnamed,
                new Successor(VersionId.NULL, count, floor, nowMillis));
    }

    /// The id of the successor.
    String id() {
        return id;
    }

    /// The number of the successor's content.
    long count() {
        return count;
    }

    /// A stamp that the successor's is to be newer than.
    Stamp floor() {
        return floor;
    }

    /// The attributes of an object that succeeds: those given, what it is called, and retention where the bucket
    /// gives some.
    Map<String, String> attributes(Map<String, String> given) {
        return ObjectLock.withDefault(bucket.defaultRetention(), named(given), nowMillis);
    }

    /// The attributes of the successor: those given, and what it is called.
    Map<String, String> named(Map<String, String> given) {
        boolean asGiven = id.equals(VersionId.NULL)
                && !given.containsKey(VersionId.ATTRIBUTE)
                && !given.containsKey(VersionId.MARKER);
        if (asGiven) {
            return given;
        }
        Map<String, String> attributes = new TreeMap<>(given);
        attributes.remove(VersionId.MARKER);
        attributes.remove(VersionId.ATTRIBUTE);
        if (!id.equals(VersionId.NULL)) {
            attributes.put(VersionId.ATTRIBUTE, id);
        }
        return attributes;
    }

    /// Has the key's other holders keep what stays. What goes is only hidden there, by a successor of the same id:
    /// should
    /// the change fail, it is still a version. Returns the newest stamp that stands in the way, or null.
    @Nullable
    Stamp replicate(Redundancy.Turn turn, Stamp stamp) {
        ObjectRecord stays = retired;
        if (stays == null) {
            return null;
        }
        Content content = PiecedContent.newest(key, () -> volumes.copies(indexKey));
        return turn.of(key.at(stays.versionId()))
                .replicate(
                        RecordDraft.describing(stays).withStamp(stamp),
                        content,
                        Redundancy.Staged.NOTHING,
                        new Redundancy.Base(key, stays.stamp()));
    }

    /// The newer of two stamps that stand in the way, or null.
    static @Nullable Stamp newest(@Nullable Stamp some, @Nullable Stamp other) {
        return some == null ? other : other == null ? some : some.or(other);
    }

    /// The same here, of what is there now; the key's lock is held.
    ///
    /// @param tombstones makes one of a key
    List<Placed> changes(Copies copies, Stamp stamp, @Nullable TombstoneOf tombstones) {
        List<Placed> changes = new ArrayList<>(3);
        Copies.Copy current = copies.best();
        if (retired != null && current != null) {
            byte[] versionKey = IndexKeys.version(indexKey, retired.versionId());
            byte[] value = RecordDraft.of(current.record()).withStamp(stamp).encode();
            byte[] before = current.store().index().find(Family.VERSIONS, versionKey);
            changes.add(new Placed(current.store(), new Mutation.Put(Family.VERSIONS, versionKey, value, before)));
        }
        KeyVersions.Version unnamed =
                dropped == null ? null : KeyVersions.find(volumes.all(), indexKey, VersionId.NULL);
        if (unnamed != null) {
            changes.addAll(removal(unnamed, indexKey, stamp, tombstones));
        }
        return changes;
    }

    /// What keeps the current version where another one, or its absence, is taken over from another holder: it may
    /// be all that tells of it by now. What the others know of it under a newer stamp counts.
    ///
    /// @param successor the id of what is taken over; null for the absence
    static List<Placed> keeping(
            Bucket bucket, ObjectKey key, Copies copies, @Nullable String successor, VolumeSet volumes) {
        Copies.Copy current = copies.best();
        if (current == null || key.isVersion() || bucket.versioning() == Versioning.OFF) {
            return List.of();
        }
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        ObjectRecord record = current.record();
        String id = record.versionId();
        if (id.equals(successor) || KeyVersions.find(volumes.all(), indexKey, id) != null) {
            return List.of();
        }
        byte[] versionKey = IndexKeys.version(indexKey, id);
        Tombstone removed = volumes.tombstone(versionKey);
        if (removed != null && !record.stamp().isNewerThan(removed.stamp())) {
            return List.of();
        }
        byte[] value = RecordDraft.of(record).encode();
        return List.of(new Placed(current.store(), new Mutation.Put(Family.VERSIONS, versionKey, value, null)));
    }

    /// Makes the tombstone of a key.
    @FunctionalInterface
    interface TombstoneOf {
        Mutation put(VolumeStore store, byte[] key, Stamp stamp);
    }

    /// Takes a version away.
    static List<Placed> removal(
            KeyVersions.Version version, byte[] objectKey, Stamp stamp, @Nullable TombstoneOf tombstones) {
        byte[] versionKey = IndexKeys.version(objectKey, version.id());
        VolumeStore store = version.store();
        List<Placed> changes = new ArrayList<>(2);
        changes.add(new Placed(
                store,
                new Mutation.Remove(
                        Family.VERSIONS, versionKey, version.record().value())));
        if (tombstones != null) {
            changes.add(new Placed(store, tombstones.put(store, versionKey, stamp)));
        }
        return changes;
    }
}
