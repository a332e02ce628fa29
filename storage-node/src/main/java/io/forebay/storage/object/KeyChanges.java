package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.metadata.Tombstone;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Changes of single objects that begin on this node: under the key's lock, first at the key's other holders, then
/// here.
final class KeyChanges {
    private final VolumeSet volumes;
    private final KeyLocks locks;
    private final WriteGate gate;
    private final InstantSource clock;
    private final Redundancy redundancy;

    KeyChanges(VolumeSet volumes, Guards guards, InstantSource clock, Redundancy redundancy) {
        this.volumes = volumes;
        this.locks = guards.keys();
        this.gate = guards.gate();
        this.clock = clock;
        this.redundancy = redundancy;
    }

    /// Commits what a session wrote on a volume.
    ObjectRecord put(
            VolumeStore store, Bucket bucket, ObjectKey key, WriteSession.Written written, Conditions conditions) {
        ByteSink sink = written.sink();
        ObjectWriter.prepare(sink, bucket.durability());
        byte[] indexKey = IndexKeys.object(bucket.id(), key.name());
        Content content = sink.content();
        try (Redundancy.Staged staged = redundancy.stage(bucket, key, content)) {
            Lock lock = locks.lock(indexKey);
            try {
                gate.check(bucket.id(), key);
                try (Redundancy.Turn turn = redundancy.begin(bucket, key)) {
                    Copies copies = volumes.copies(indexKey);
                    copies.requireCertain(key.toString(), conditions);
                    ObjectRecord before = copies.record();
                    conditions.check(key, before);
                    volumes.beforeWrite(store, indexKey);
                    RecordDraft unstamped = draft(written, before);
                    RecordDraft draft = agree(
                            turn,
                            key,
                            known(copies, indexKey),
                            stamp -> unstamped.withStamp(stamp),
                            stamped -> turn.replicate(stamped, content, staged, null));
                    return commit(store, bucket, indexKey, copies, sink, draft);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Commits a sink's bytes as the object that a draft describes, in place of what is there; the key's lock is held.
    ObjectRecord commit(
            VolumeStore store, Bucket bucket, byte[] indexKey, Copies copies, ByteSink sink, RecordDraft draft) {
        Durability durability = copies.durability(bucket.durability(), store);
        if (durability != bucket.durability()) {
            ObjectWriter.prepare(sink, durability);
        }
        ObjectRecord replaced = copies.on(store);
        ObjectRecord record = ObjectWriter.commit(
                store,
                durability,
                sink,
                new ObjectWriter.Slot(Family.CURRENT, indexKey, replaced == null ? null : replaced.value()),
                extents -> draft.withExtents(extents).encode());
        volumes.supersede(copies, store, indexKey, clock.millis(), bucket.durability());
        return record;
    }

    /// Removes an object. False when there was none and the conditions allow that.
    ///
    /// @param elsewhere the stamp of an object that another node has, which counts if nothing here is as new
    boolean remove(Bucket bucket, ObjectKey key, Conditions conditions, Stamp elsewhere) {
        byte[] indexKey = IndexKeys.object(bucket.id(), key.name());
        Lock lock = locks.lock(indexKey);
        try {
            gate.check(bucket.id(), key);
            try (Redundancy.Turn turn = redundancy.begin(bucket, key)) {
                Copies copies = volumes.copies(indexKey);
                copies.requireCertain(key.toString(), conditions);
                conditions.check(key, copies.record());
                Stamp known = known(copies, indexKey);
                boolean here = !copies.found().isEmpty() || !copies.doubtful().isEmpty();
                if (!here && !elsewhere.isNewerThan(known)) {
                    return false;
                }
                Stamp stamp = agree(turn, key, known.or(elsewhere), next -> next, turn::replicateRemoval);
                remove(bucket, indexKey, copies, turn.leavesTombstone() ? stamp : null);
                return true;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Removes what is there, and notes what it cannot reach; the key's lock is held. What is not valid goes first, so
    /// that it never shows again.
    ///
    /// @param tombstone the stamp of the tombstone that stays, or null for none
    void remove(Bucket bucket, byte[] indexKey, Copies copies, @Nullable Stamp tombstone) {
        Copies.Copy best = copies.best();
        VolumeStore noteOn = best == null ? volumes.current().home(indexKey) : best.store();
        volumes.supersede(copies, noteOn, indexKey, clock.millis(), bucket.durability());
        List<Mutation> mutations = new ArrayList<>(2);
        if (best != null) {
            mutations.add(
                    new Mutation.Remove(Family.CURRENT, indexKey, best.record().value()));
        }
        if (tombstone != null) {
            mutations.add(tombstone(noteOn, indexKey, tombstone, clock.millis()));
        }
        if (!mutations.isEmpty()) {
            noteOn.commit(mutations, bucket.durability());
        }
    }

    /// The put of a tombstone.
    static Mutation tombstone(VolumeStore store, byte[] key, Stamp stamp, long nowMillis) {
        byte[] before = store.index().find(Family.TOMBSTONES, key);
        return new Mutation.Put(Family.TOMBSTONES, key, new Tombstone(stamp, nowMillis).encode(), before);
    }

    /// Changes the attributes of an object. Throws NO_SUCH_OBJECT.
    ObjectRecord update(Bucket bucket, ObjectKey key, UnaryOperator<RecordDraft> change) {
        byte[] indexKey = IndexKeys.object(bucket.id(), key.name());
        Lock lock = locks.lock(indexKey);
        try {
            gate.check(bucket.id(), key);
            try (Redundancy.Turn turn = redundancy.begin(bucket, key)) {
                Copies copies = volumes.copies(indexKey);
                copies.requireCertain(key.toString());
                Copies.Copy best = copies.best();
                if (best == null) {
                    throw new StoreException(ErrorCode.NO_SUCH_OBJECT, key + " does not exist");
                }
                RecordDraft changed = change.apply(RecordDraft.describing(best.record()));
                StoredContent content = new StoredContent(key, List.of(best));
                RecordDraft draft = agree(
                        turn,
                        key,
                        known(copies, indexKey),
                        stamp -> changed.withStamp(stamp),
                        stamped -> turn.replicate(
                                stamped,
                                content,
                                Redundancy.Staged.NOTHING,
                                best.record().stamp()));
                return commitAttributes(bucket, indexKey, copies, draft);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Commits other attributes of the valid copy; the key's lock is held.
    ObjectRecord commitAttributes(Bucket bucket, byte[] indexKey, Copies copies, RecordDraft draft) {
        Copies.Copy best = copies.best();
        if (best == null) {
            throw new IllegalStateException("there is no object whose attributes could be changed");
        }
        volumes.supersede(copies, best.store(), indexKey, clock.millis(), bucket.durability());
        byte[] value = draft.withExtents(best.record().extents()).encode();
        best.store()
                .commit(
                        List.of(new Mutation.Put(
                                Family.CURRENT, indexKey, value, best.record().value())),
                        bucket.durability());
        return ObjectRecord.of(value);
    }

    /// The newest stamp that this node knows of a key.
    Stamp known(Copies copies, byte[] indexKey) {
        ObjectRecord record = copies.record();
        Tombstone tombstone = volumes.tombstone(indexKey);
        Stamp ofRecord = record == null ? Stamp.NONE : record.stamp();
        return tombstone == null ? ofRecord : ofRecord.or(tombstone.stamp());
    }

    /// Makes a change at the other holders, under a stamp that is greater than every one known; once more when one of
    /// them knows a greater one. Throws NODE_UNAVAILABLE.
    ///
    /// @param stamped the change under a stamp
    /// @param there makes it, and returns the newest stamp that stands in the way or null
    static <T> T agree(
            Redundancy.Turn turn,
            ObjectKey key,
            Stamp known,
            Function<Stamp, T> stamped,
            Function<T, @Nullable Stamp> there) {
        Stamp stamp = known.or(turn.floor()).next(turn.epoch());
        T change = stamped.apply(stamp);
        Stamp newer = there.apply(change);
        if (newer != null) {
            stamp = stamp.or(newer).next(turn.epoch());
            change = stamped.apply(stamp);
            newer = there.apply(change);
        }
        if (newer != null) {
            throw new StoreException(
                    ErrorCode.NODE_UNAVAILABLE,
                    "another node has a change " + newer + " of " + key + ", which is newer than " + stamp);
        }
        return change;
    }

    private RecordDraft draft(WriteSession.Written written, @Nullable ObjectRecord before) {
        long now = clock.millis();
        return new RecordDraft(
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
    }
}
