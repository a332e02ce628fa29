package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.ObjectLock;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Removes one version of an object for good. When it was the newest, the one before it is the object again, unless
/// that is a delete marker.
final class VersionRemoval implements KeyChange<List<Removed>> {
    private final Bucket bucket;
    private final ObjectKey object;
    private final byte[] indexKey;
    private final String id;
    private final RemovalOptions options;
    private final VolumeSet volumes;
    private final KeyChanges changes;
    private final InstantSource clock;
    private @Nullable Found found;

    /// @param object without a version
    VersionRemoval(
            Bucket bucket,
            ObjectKey object,
            String id,
            RemovalOptions options,
            VolumeSet volumes,
            KeyChanges changes,
            InstantSource clock) {
        this.bucket = bucket;
        this.object = object;
        this.indexKey = IndexKeys.of(bucket.id(), object);
        this.id = id;
        this.options = options;
        this.volumes = volumes;
        this.changes = changes;
        this.clock = clock;
    }

    /// What there is to remove, and what takes its place.
    ///
    /// @param isCurrent whether the object is that version
    /// @param version the version of its own; after a crash it may be both
    /// @param next the version that is the object again
    private record Found(
            boolean isCurrent, KeyVersions.@Nullable Version version, KeyVersions.@Nullable Version next) {}

    private Found find(Copies copies) {
        ObjectRecord current = copies.record();
        boolean isCurrent = current != null && current.versionId().equals(id);
        KeyVersions.Version version = KeyVersions.find(volumes.all(), indexKey, id);
        KeyVersions.Version next =
                isCurrent || current == null ? KeyVersions.newest(volumes.all(), indexKey, id) : null;
        return new Found(isCurrent, version, next == null || next.record().isDeleteMarker() ? null : next);
    }

    @Override
    public @Nullable List<Removed> judge(Copies copies, Stamp known) {
        copies.requireCertain(object.toString());
        Found now = find(copies);
        ObjectRecord current = copies.record();
        KeyVersions.Version version = now.version;
        ObjectRecord removed = now.isCurrent ? current : version == null ? null : version.record();
        options.conditions().check(object.at(id), removed);
        if (removed == null) {
            volumes.requireSound(object.toString());
            return List.of();
        }
        ObjectLock.checkRemoval(object.at(id), removed.system(), clock.millis(), options.bypassesGovernance());
        found = now;
        return null;
    }

    @Override
    public Stamp floor() {
        Found now = found();
        Stamp floor = now.version == null ? Stamp.NONE : now.version.record().stamp();
        return now.next == null ? floor : floor.or(now.next.record().stamp());
    }

    @Override
    public @Nullable Stamp replicate(Redundancy.Turn turn, Stamp stamp) {
        Found now = found();
        KeyVersions.Version next = now.next;
        Stamp newer = null;
        if (next != null) {
            ObjectKey key = object.at(next.id());
            byte[] nextKey = IndexKeys.of(bucket.id(), key);
            Content content =
                    new PiecedContent(key, () -> volumes.copies(nextKey).found().subList(0, 1));
            newer = turn.replicate(
                    RecordDraft.describing(next.record()).withStamp(stamp),
                    content,
                    Redundancy.Staged.NOTHING,
                    new Redundancy.Base(key, next.record().stamp()));
            newer = Succession.newest(newer, turn.of(key).replicateRemoval(stamp));
        } else if (now.isCurrent) {
            newer = turn.replicateRemoval(stamp);
        }
        return now.version == null
                ? newer
                : Succession.newest(newer, turn.of(object.at(id)).replicateRemoval(stamp));
    }

    @Override
    public List<Removed> commit(Redundancy.Turn turn, Copies copies, Stamp stamp) {
        Found now = find(copies);
        KeyVersions.Version version = now.version;
        KeyVersions.Version next = now.next;
        Succession.@Nullable TombstoneOf tombstones = changes.tombstones(turn);
        List<Placed> all = new ArrayList<>();
        if (version != null) {
            all.addAll(Succession.removal(version, indexKey, stamp, tombstones));
        }
        ObjectRecord removed = now.isCurrent || version == null ? copies.record() : version.record();
        if (next != null) {
            byte[] value = RecordDraft.of(next.record()).withStamp(stamp).encode();
            ObjectRecord replaced = copies.on(next.store());
            all.add(new Placed(
                    next.store(),
                    new Mutation.Put(Family.CURRENT, indexKey, value, replaced == null ? null : replaced.value())));
            all.addAll(Succession.removal(next, indexKey, stamp, tombstones));
            volumes.supersede(copies, next.store(), indexKey, clock.millis(), bucket.durability());
            Placed.commit(all, bucket.durability());
        } else if (now.isCurrent) {
            changes.remove(bucket.durability(), indexKey, copies, tombstones == null ? null : stamp, all);
        } else {
            Placed.commit(all, bucket.durability());
        }
        return List.of(new Removed(id, removed != null && removed.isDeleteMarker()));
    }

    private Found found() {
        return Objects.requireNonNull(found, "judged before");
    }
}
