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
final class VersionRemoval implements KeyRemoval<List<Removed>> {
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
    /// @param stays the object that has another version and remains
    private record Found(
            boolean isCurrent,
            KeyVersions.@Nullable Version version,
            KeyVersions.@Nullable Version next,
            @Nullable ObjectRecord stays) {}

    private Found find(Copies copies) {
        ObjectRecord current = copies.record();
        boolean isCurrent = current != null && current.versionId().equals(id);
        KeyVersions.Version version = KeyVersions.find(volumes.all(), indexKey, id);
        KeyVersions.Version next =
                isCurrent || current == null ? KeyVersions.newest(volumes.all(), indexKey, id) : null;
        boolean returns = next != null && !next.record().isDeleteMarker();
        return new Found(isCurrent, version, returns ? next : null, isCurrent ? null : current);
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
        changes.announcements().admit(bucket);
        found = now;
        return null;
    }

    @Override
    public boolean tellsWhatWas() {
        return true;
    }

    @Override
    public Stamp floor() {
        Found now = found();
        Stamp floor = now.version == null ? Stamp.NONE : now.version.record().stamp();
        return now.next == null ? floor : floor.join(now.next.record().stamp());
    }

    /// The object is committed anew with it, or its absence: another holder may have this version as the object, by a
    /// change that was never acknowledged. What is the object again stays a version of its own there, which counts
    /// for nothing: should this change fail, nothing else tells that holder to keep it.
    @Override
    public @Nullable Stamp replicate(Redundancy.Turn turn, Stamp stamp) {
        Found now = found();
        ObjectRecord stays = now.stays;
        Stamp newer;
        if (now.next != null) {
            newer = replicate(turn, stamp, object.at(now.next.id()), now.next.record());
        } else if (stays != null) {
            newer = replicate(turn, stamp, object, stays);
        } else {
            newer = turn.replicateRemoval(stamp);
        }
        return Succession.newest(newer, turn.of(object.at(id)).replicateRemoval(stamp));
    }

    /// Commits an object at the other holders, with bytes that they have as that key.
    private @Nullable Stamp replicate(Redundancy.Turn turn, Stamp stamp, ObjectKey key, ObjectRecord record) {
        byte[] bytesOf = IndexKeys.of(bucket.id(), key);
        Content content = PiecedContent.newest(key, () -> volumes.copies(bytesOf));
        return turn.replicate(
                RecordDraft.describing(record).withStamp(stamp),
                content,
                Redundancy.Staged.NOTHING,
                new Redundancy.Base(key, record.stamp()));
    }

    @Override
    public List<Removed> commit(Redundancy.Turn turn, Copies copies, Stamp stamp) {
        return changes.commit(bucket, prepare(turn, copies, stamp));
    }

    @Override
    public Prepared<List<Removed>> prepare(Redundancy.Turn turn, Copies copies, Stamp stamp) {
        Found now = find(copies);
        KeyVersions.Version version = now.version;
        ObjectRecord removed = now.isCurrent || version == null ? copies.record() : version.record();
        Announcements.Announcement told = changes.announcements().of(bucket, object.at(id), Change.Kind.REMOVED, null);
        List<Placed> all = new ArrayList<>(told.on(storeOf(now, copies)));
        all.addAll(removal(turn, version, stamp));
        Copies.Copy best = copies.best();
        if (now.next != null) {
            all.add(object(now.next.store(), now.next.record(), copies, stamp));
            all.addAll(removal(turn, now.next, stamp));
            volumes.supersede(copies, now.next.store(), indexKey, clock.millis(), bucket.durability());
        } else if (now.stays == null) {
            Stamp tombstone = turn.leavesTombstone() ? stamp : null;
            all.addAll(changes.removal(bucket.durability(), indexKey, copies, tombstone));
        } else if (best != null && turn.isShared()) {
            all.add(object(best.store(), best.record(), copies, stamp));
        }
        return new Prepared<>(all, told, List.of(new Removed(id, removed != null && removed.isDeleteMarker())));
    }

    /// The put of the object with bytes that are on a volume.
    private Placed object(VolumeStore store, ObjectRecord record, Copies copies, Stamp stamp) {
        byte[] value = RecordDraft.of(record).withStamp(stamp).encode();
        ObjectRecord replaced = copies.on(store);
        return new Placed(
                store, new Mutation.Put(Family.CURRENT, indexKey, value, replaced == null ? null : replaced.value()));
    }

    /// Takes a version of its own away; another holder may have one that is none here.
    private List<Placed> removal(Redundancy.Turn turn, KeyVersions.@Nullable Version version, Stamp stamp) {
        Succession.@Nullable TombstoneOf tombstones = changes.tombstones(turn);
        if (version != null) {
            return Succession.removal(version, indexKey, stamp, tombstones);
        }
        if (tombstones == null) {
            return List.of();
        }
        VolumeStore store = volumes.current().home(indexKey);
        return List.of(new Placed(store, tombstones.put(store, IndexKeys.version(indexKey, id), stamp)));
    }

    /// The volume of the first commit.
    private VolumeStore storeOf(Found now, Copies copies) {
        KeyVersions.Version version = now.version == null ? now.next : now.version;
        return version == null ? changes.storeOf(copies, indexKey) : version.store();
    }

    private Found found() {
        return Objects.requireNonNull(found, "judged before");
    }
}
