package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.VersionId;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Removes an object of a bucket with versions: what it was stays, and a delete marker says that it is not there any
/// more (Amazon S3, "Deleting object versions from a versioning-enabled bucket").
final class MarkingRemoval implements KeyRemoval<List<Removed>> {
    private final Bucket bucket;
    private final ObjectKey key;
    private final byte[] indexKey;
    private final RemovalOptions options;
    private final VolumeSet volumes;
    private final KeyChanges changes;
    private final InstantSource clock;
    private @Nullable Succession succession;
    private @Nullable RecordDraft marker;

    MarkingRemoval(
            Bucket bucket,
            ObjectKey key,
            RemovalOptions options,
            VolumeSet volumes,
            KeyChanges changes,
            InstantSource clock) {
        this.bucket = bucket;
        this.key = key;
        this.indexKey = IndexKeys.of(bucket.id(), key);
        this.options = options;
        this.volumes = volumes;
        this.changes = changes;
        this.clock = clock;
    }

    @Override
    public @Nullable List<Removed> judge(Copies copies, Stamp known) {
        copies.requireCertain(key.toString());
        ObjectRecord before = copies.record();
        options.conditions().check(key, before);
        if (before == null && !options.marksAbsence()) {
            volumes.requireSound(key.toString());
            return List.of();
        }
        changes.announcements().admit(bucket);
        long now = clock.millis();
        Succession next = Succession.of(bucket, key, copies, volumes, now);
        succession = next;
        Map<String, String> attributes = new TreeMap<>(next.named(Map.of()));
        attributes.put(VersionId.MARKER, "true");
        marker = new RecordDraft(
                0, now, now, next.count(), List.of(), null, null, attributes, Map.of(), null, List.of());
        return null;
    }

    @Override
    public boolean tellsWhatWas() {
        return !options.conditions().equals(Conditions.NONE) || !options.marksAbsence();
    }

    @Override
    public Stamp floor() {
        return succession().floor();
    }

    @Override
    public @Nullable Stamp replicate(Redundancy.Turn turn, Stamp stamp) {
        Stamp newer = succession().replicate(turn, stamp);
        newer = Succession.newest(
                newer,
                turn.of(key.at(succession().id()))
                        .replicate(marker(stamp), Content.NOTHING, Redundancy.Staged.NOTHING, null));
        return Succession.newest(newer, turn.replicateRemoval(stamp));
    }

    @Override
    public List<Removed> commit(Redundancy.Turn turn, Copies copies, Stamp stamp) {
        return changes.commit(bucket, prepare(turn, copies, stamp));
    }

    @Override
    public Prepared<List<Removed>> prepare(Redundancy.Turn turn, Copies copies, Stamp stamp) {
        Succession.@Nullable TombstoneOf tombstones = changes.tombstones(turn);
        List<Placed> all = new ArrayList<>(succession().changes(copies, stamp, tombstones));
        VolumeStore store = changes.storeOf(copies, indexKey);
        byte[] markerKey = IndexKeys.version(indexKey, succession().id());
        byte[] replaced = store.index().find(Family.VERSIONS, markerKey);
        all.add(new Placed(
                store,
                new Mutation.Put(Family.VERSIONS, markerKey, marker(stamp).encode(), replaced)));
        Announcements.Announcement told =
                changes.announcements().of(bucket, key.at(succession().id()), Change.Kind.MARKED, null);
        all.addAll(told.on(store));
        all.addAll(changes.removal(bucket.durability(), indexKey, copies, tombstones == null ? null : stamp));
        return new Prepared<>(all, told, List.of(new Removed(succession().id(), true)));
    }

    private Succession succession() {
        return Objects.requireNonNull(succession, "judged before");
    }

    private RecordDraft marker(Stamp stamp) {
        return Objects.requireNonNull(marker, "judged before").withStamp(stamp);
    }
}
