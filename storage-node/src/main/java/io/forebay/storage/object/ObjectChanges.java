package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What clients change of single objects: they write one, remove one, or change its attributes.
final class ObjectChanges {
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
            long now = clock.millis();
            draft = new RecordDraft(
                    written.sink().size(),
                    now,
                    now,
                    before == null ? 1 : before.version() + 1,
                    written.checksums(),
                    null,
                    null,
                    written.options().system(),
                    written.options().custom(),
                    null,
                    List.of());
            return null;
        }

        @Override
        public @Nullable Stamp replicate(Redundancy.Turn turn, Stamp stamp) {
            return turn.replicate(draft(stamp), content, staged, null);
        }

        @Override
        public ObjectRecord commit(Redundancy.Turn turn, Copies copies, Stamp stamp) {
            byte[] indexKey = IndexKeys.object(bucket.id(), key.name());
            return changes.commit(store, bucket, indexKey, copies, written.sink(), draft(stamp));
        }

        private RecordDraft draft(Stamp stamp) {
            return Objects.requireNonNull(draft, "judged before").withStamp(stamp);
        }
    }

    /// Removes an object. False when there was none and the conditions allow that.
    ///
    /// @param elsewhere the stamp of an object that another node has, which counts if nothing here is as new
    boolean remove(Bucket bucket, ObjectKey key, Conditions conditions, Stamp elsewhere) {
        return changes.make(bucket, key, new Removal(bucket, key, conditions, elsewhere));
    }

    /// Removes what is not newer than a removal, here and elsewhere, and goes above that.
    void spreadRemoval(Bucket bucket, ObjectKey key, Stamp removal) {
        changes.make(bucket, key, new Removal(bucket, key, Conditions.NONE, removal) {
            @Override
            public @Nullable Boolean judge(Copies copies, Stamp known) {
                return known.isNewerThan(removal) ? Boolean.FALSE : null;
            }
        });
    }

    private class Removal implements KeyChange<Boolean> {
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
        public @Nullable Boolean judge(Copies copies, Stamp known) {
            copies.requireCertain(key.toString(), conditions);
            conditions.check(key, copies.record());
            boolean here = !copies.found().isEmpty() || !copies.doubtful().isEmpty();
            if (here || elsewhere.isNewerThan(known)) {
                return null;
            }
            volumes.requireSound(key.toString());
            return Boolean.FALSE;
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
        public Boolean commit(Redundancy.Turn turn, Copies copies, Stamp stamp) {
            byte[] indexKey = IndexKeys.object(bucket.id(), key.name());
            changes.remove(bucket.durability(), indexKey, copies, turn.leavesTombstone() ? stamp : null);
            return true;
        }
    }

    /// Changes the attributes of an object. Throws NO_SUCH_OBJECT, and PRECONDITION_FAILED when a condition does not
    /// hold of it.
    ObjectRecord update(Bucket bucket, ObjectKey key, Conditions conditions, UnaryOperator<RecordDraft> change) {
        return changes.make(bucket, key, new Update(bucket, key, conditions, change));
    }

    private final class Update implements KeyChange<ObjectRecord> {
        private final Bucket bucket;
        private final ObjectKey key;
        private final byte[] indexKey;
        private final Conditions conditions;
        private final UnaryOperator<RecordDraft> change;
        private @Nullable RecordDraft changed;
        private Stamp base = Stamp.NONE;

        private Update(Bucket bucket, ObjectKey key, Conditions conditions, UnaryOperator<RecordDraft> change) {
            this.bucket = bucket;
            this.key = key;
            this.indexKey = IndexKeys.object(bucket.id(), key.name());
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
            conditions.check(key, record);
            base = record.stamp();
            changed = change.apply(RecordDraft.describing(record));
            return null;
        }

        @Override
        public @Nullable Stamp replicate(Redundancy.Turn turn, Stamp stamp) {
            Content content = new PiecedContent(
                    key, () -> volumes.copies(indexKey).found().subList(0, 1));
            return turn.replicate(draft(stamp), content, Redundancy.Staged.NOTHING, base);
        }

        @Override
        public ObjectRecord commit(Redundancy.Turn turn, Copies copies, Stamp stamp) {
            return changes.commitAttributes(bucket, indexKey, copies, draft(stamp));
        }

        private RecordDraft draft(Stamp stamp) {
            return Objects.requireNonNull(changed, "judged before").withStamp(stamp);
        }
    }
}
