package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.ObjectLock;
import io.forebay.common.model.VersionId;
import io.forebay.common.model.Versioning;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What clients change of single objects: they write one, remove one, or change its attributes.
final class ObjectChanges {
    private static final int MAX_TRIES = 3;

    private final VolumeSet volumes;
    private final KeyChanges changes;
    private final InstantSource clock;
    private final Redundancy redundancy;

    ObjectChanges(VolumeSet volumes, KeyChanges changes, InstantSource clock, Redundancy redundancy) {
        this.volumes = volumes;
        this.changes = changes;
        this.clock = clock;
        this.redundancy = redundancy;
    }

    /// Commits what a session wrote on a volume.
    ObjectRecord put(
            VolumeStore store, Bucket bucket, ObjectKey key, WriteSession.Written written, Conditions conditions) {
        ObjectWriter.prepare(written.sink(), bucket.durability());
        Content content = written.sink().content();
        try (Redundancy.Staged staged = redundancy.stage(bucket, key, content)) {
            return changes.make(bucket, key, new Put(store, bucket, key, written, conditions, content, staged));
        }
    }

    private final class Put implements KeyChange<ObjectRecord> {
        private final VolumeStore store;
        private final Bucket bucket;
        private final ObjectKey key;
        private final WriteSession.Written written;
        private final Conditions conditions;
        private final Content content;
        private final Redundancy.Staged staged;
        private @Nullable RecordDraft draft;
        private @Nullable Succession succession;

        private Put(
                VolumeStore store,
                Bucket bucket,
                ObjectKey key,
                WriteSession.Written written,
                Conditions conditions,
                Content content,
                Redundancy.Staged staged) {
            this.store = store;
            this.bucket = bucket;
            this.key = key;
            this.written = written;
            this.conditions = conditions;
            this.content = content;
            this.staged = staged;
        }

        @Override
        public @Nullable ObjectRecord judge(Copies copies, Stamp known) {
            copies.requireCertain(key.toString(), conditions);
            ObjectRecord before = copies.record();
            conditions.check(key, before);
            changes.announcements().admit(bucket);
            long now = clock.millis();
            Succession next = Succession.of(bucket, key, copies, volumes, now);
            succession = next;
            draft = written.draft(now, next.count())
                    .withSystem(next.attributes(written.options().system()));
            return null;
        }

        @Override
        public boolean tellsWhatWas() {
            return !conditions.equals(Conditions.NONE);
        }

        @Override
        public Stamp floor() {
            return succession().floor();
        }

        @Override
        public @Nullable Stamp replicate(Redundancy.Turn turn, Stamp stamp) {
            return Succession.newest(
                    succession().replicate(turn, stamp), turn.replicate(draft(stamp), content, staged, null));
        }

        @Override
        public ObjectRecord commit(Redundancy.Turn turn, Copies copies, Stamp stamp) {
            byte[] indexKey = IndexKeys.of(bucket.id(), key);
            RecordDraft stamped = draft(stamp);
            List<Placed> before = new ArrayList<>(succession().changes(copies, stamp, changes.tombstones(turn)));
            Announcements.Announcement told = changes.announcements().of(bucket, key, Change.Kind.WRITTEN, stamped);
            before.addAll(told.on(store));
            ObjectRecord record = changes.commit(store, bucket, indexKey, copies, written.sink(), stamped, before);
            changes.announcements().made(told);
            return record;
        }

        private Succession succession() {
            return Objects.requireNonNull(succession, "judged before");
        }

        private RecordDraft draft(Stamp stamp) {
            return Objects.requireNonNull(draft, "judged before").withStamp(stamp);
        }
    }

    /// Removes an object, or a version for good. Null when there was none and the conditions allow that.
    ///
    /// @param elsewhere the stamp of an object that another node has, which counts if nothing here is as new
    @Nullable
    Removed remove(Bucket bucket, ObjectKey key, RemovalOptions options, Stamp elsewhere) {
        List<Removed> removed = changes.make(bucket, key.at(""), removal(bucket, key, options, elsewhere));
        return removed.isEmpty() ? null : removed.getFirst();
    }

    /// Removes objects, or versions, together. Those of one object go one after the other.
    List<RemovalOutcome> removeAll(Bucket bucket, List<ObjectRemoval> removals) {
        RemovalOutcome[] outcomes = new RemovalOutcome[removals.size()];
        List<Integer> left = IntStream.range(0, removals.size()).boxed().toList();
        while (!left.isEmpty()) {
            Set<String> names = HashSet.newHashSet(left.size());
            List<Integer> now = new ArrayList<>(left.size());
            List<Integer> later = new ArrayList<>();
            left.forEach(at -> (names.add(removals.get(at).key().name()) ? now : later).add(at));
            List<JointRemoval.Item<List<Removed>>> items = new ArrayList<>(now.size());
            for (int at : now) {
                ObjectKey key = removals.get(at).key();
                items.add(new JointRemoval.Item<>(
                        key.at(""), removal(bucket, key, removals.get(at).options(), Stamp.NONE)));
            }
            List<JointRemoval.Outcome<List<Removed>>> made = changes.removeTogether(bucket, items);
            for (int index = 0; index < made.size(); index++) {
                outcomes[now.get(index)] = RemovalOutcome.of(made.get(index));
            }
            left = later;
        }
        return List.of(outcomes);
    }

    private KeyRemoval<List<Removed>> removal(Bucket bucket, ObjectKey key, RemovalOptions options, Stamp elsewhere) {
        if (key.isVersion()) {
            return new VersionRemoval(bucket, key.at(""), key.version(), options, volumes, changes, clock);
        }
        return bucket.versioning() == Versioning.OFF
                ? new Removal(bucket, key, options.conditions(), elsewhere)
                : new MarkingRemoval(bucket, key, options, volumes, changes, clock);
    }

    /// Removes what is not newer than a removal, here and elsewhere, and goes above that. What was the object here
    /// stays as a version.
    void spreadRemoval(Bucket bucket, ObjectKey key, Stamp removal) {
        changes.make(bucket, key, new Removal(bucket, key, Conditions.NONE, removal) {
            @Override
            public @Nullable List<Removed> judge(Copies copies, Stamp known) {
                return known.isNewerThan(removal) ? List.of() : null;
            }

            @Override
            Announcements.Announcement announcement() {
                return Announcements.Announcement.NONE;
            }
        });
    }

    private class Removal implements KeyRemoval<List<Removed>> {
        private final Bucket bucket;
        private final ObjectKey key;
        private final Conditions conditions;
        private final Stamp elsewhere;

        private Removal(Bucket bucket, ObjectKey key, Conditions conditions, Stamp elsewhere) {
            this.bucket = bucket;
            this.key = key;
            this.conditions = conditions;
            this.elsewhere = elsewhere;
        }

        @Override
        public @Nullable List<Removed> judge(Copies copies, Stamp known) {
            copies.requireCertain(key.toString(), conditions);
            conditions.check(key, copies.record());
            boolean here = !copies.found().isEmpty() || !copies.doubtful().isEmpty();
            if (here || elsewhere.isNewerThan(known)) {
                changes.announcements().admit(bucket);
                return null;
            }
            volumes.requireSound(key.toString());
            return List.of();
        }

        @Override
        public boolean tellsWhatWas() {
            return true;
        }

        @Override
        public Stamp floor() {
            return elsewhere;
        }

        @Override
        public @Nullable Stamp replicate(Redundancy.Turn turn, Stamp stamp) {
            return turn.replicateRemoval(stamp);
        }

        @Override
        public List<Removed> commit(Redundancy.Turn turn, Copies copies, Stamp stamp) {
            return changes.commit(bucket, prepare(turn, copies, stamp));
        }

        @Override
        public Prepared<List<Removed>> prepare(Redundancy.Turn turn, Copies copies, Stamp stamp) {
            byte[] indexKey = IndexKeys.of(bucket.id(), key);
            Announcements.Announcement told = announcement();
            List<Placed> all = new ArrayList<>(told.on(changes.storeOf(copies, indexKey)));
            // Where there are versions, it is another holder's removal.
            all.addAll(Succession.keeping(bucket, key, copies, null, volumes));
            Stamp tombstone = turn.leavesTombstone() ? stamp : null;
            all.addAll(changes.removal(bucket.durability(), indexKey, copies, tombstone));
            return new Prepared<>(all, told, List.of(Removed.OBJECT));
        }

        /// What is told of it.
        Announcements.Announcement announcement() {
            return changes.announcements().of(bucket, key, Change.Kind.REMOVED, null);
        }
    }

    /// Changes the attributes of an object. Throws NO_SUCH_OBJECT, and PRECONDITION_FAILED when a condition does not
    /// hold of it.
    ObjectRecord update(Bucket bucket, ObjectKey key, Conditions conditions, UnaryOperator<RecordDraft> change) {
        return changes.make(bucket, key, new Update(bucket, key, conditions, change));
    }

    /// Changes the HTTP attributes of an object, or of a version. Throws as `update` and `updateVersion` do,
    /// and FORBIDDEN for what a lock does not allow.
    ///
    /// @param bypasses whether retention in governance mode does not count
    ObjectRecord updateSystem(
            Bucket bucket,
            ObjectKey key,
            Conditions conditions,
            UnaryOperator<Map<String, String>> change,
            boolean bypasses) {
        UnaryOperator<RecordDraft> ofDraft = draft -> {
            Map<String, String> after = change.apply(draft.system());
            ObjectLock.checkChange(key, draft.system(), after, clock.millis(), bypasses);
            return draft.withSystem(after);
        };
        return key.isVersion()
                ? updateVersion(bucket, key, conditions, ofDraft)
                : update(bucket, key, conditions, ofDraft);
    }

    /// As `update`, of a version, be it the current one or not. Throws NO_SUCH_VERSION.
    private ObjectRecord updateVersion(
            Bucket bucket, ObjectKey version, Conditions conditions, UnaryOperator<RecordDraft> change) {
        ObjectKey object = version.at("");
        UnaryOperator<RecordDraft> ofCurrent = draft -> {
            String id = draft.system().getOrDefault(VersionId.ATTRIBUTE, VersionId.NULL);
            if (!id.equals(version.version())) {
                throw noSuchVersion(version);
            }
            return change.apply(draft);
        };
        StoreException missing = noSuchVersion(version);
        // It may become the current one, or cease to be it, in between.
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            for (ObjectKey key : List.of(object, version)) {
                try {
                    return update(bucket, key, conditions, key.isVersion() ? change : ofCurrent);
                } catch (StoreException e) {
                    if (e.code() != ErrorCode.NO_SUCH_VERSION && e.code() != ErrorCode.NO_SUCH_OBJECT) {
                        throw e;
                    }
                    missing = noSuchVersion(version);
                }
            }
        }
        throw missing;
    }

    private static StoreException noSuchVersion(ObjectKey version) {
        return new StoreException(ErrorCode.NO_SUCH_VERSION, version + " does not exist");
    }

    private final class Update implements KeyChange<ObjectRecord> {
        private final Bucket bucket;
        private final ObjectKey key;
        private final byte[] indexKey;
        private final Conditions conditions;
        private final UnaryOperator<RecordDraft> change;
        private @Nullable RecordDraft changed;
        private Redundancy.@Nullable Base base;

        private Update(Bucket bucket, ObjectKey key, Conditions conditions, UnaryOperator<RecordDraft> change) {
            this.bucket = bucket;
            this.key = key;
            this.indexKey = IndexKeys.of(bucket.id(), key);
            this.conditions = conditions;
            this.change = change;
        }

        @Override
        public @Nullable ObjectRecord judge(Copies copies, Stamp known) {
            copies.requireCertain(key.toString());
            ObjectRecord record = copies.record();
            if (record == null) {
                throw new StoreException(ErrorCode.NO_SUCH_OBJECT, key + " does not exist");
            }
            changed = change.apply(RecordDraft.describing(record));
            conditions.check(key, record);
            base = new Redundancy.Base(key, record.stamp());
            return null;
        }

        @Override
        public boolean tellsWhatWas() {
            return !conditions.equals(Conditions.NONE);
        }

        @Override
        public @Nullable Stamp replicate(Redundancy.Turn turn, Stamp stamp) {
            Content content = PiecedContent.newest(key, () -> volumes.copies(indexKey));
            return turn.replicate(draft(stamp), content, Redundancy.Staged.NOTHING, base);
        }

        @Override
        public ObjectRecord commit(Redundancy.Turn turn, Copies copies, Stamp stamp) {
            Copies.Copy best = Objects.requireNonNull(copies.best(), "judged before");
            return changes.commitBytesOf(best, bucket, indexKey, copies, draft(stamp));
        }

        private RecordDraft draft(Stamp stamp) {
            return Objects.requireNonNull(changed, "judged before").withStamp(stamp);
        }
    }
}
