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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The way of every change of an object that begins on this node: one at a time for each key, first at the
/// key's other holders, then here.
///
/// Locks: the key's turn, which may be held while other nodes are asked, then the key's lock, which never
/// is. What comes from other nodes takes the key's lock alone: keys share locks, the same ones on every
/// node, so that two nodes which wait for each other with one lock held would wait forever.
final class KeyChanges {
    private final VolumeSet volumes;
    private final KeyLocks turns;
    private final KeyLocks locks;
    private final WriteGate gate;
    private final InstantSource clock;
    private final RemovalClock removals;
    private final Redundancy redundancy;
    private final Announcements announcements;
    private final TakenStamps taken = new TakenStamps();

    KeyChanges(VolumeSet volumes, Guards guards, InstantSource clock, Seam seam) {
        this.volumes = volumes;
        this.turns = guards.turns();
        this.locks = guards.keys();
        this.gate = guards.gate();
        this.clock = clock;
        this.removals = seam.removals;
        this.redundancy = seam.redundancy;
        this.announcements = seam.announcements;
    }

    /// What changes are made known by.
    record Seam(RemovalClock removals, Redundancy redundancy, Announcements announcements) {}

    /// Carries out a change. Throws NODE_UNAVAILABLE when the key's other holders do not take it.
    <R> R make(Bucket bucket, ObjectKey key, KeyChange<R> change) {
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        Lock turnLock = turns.lock(indexKey);
        try {
            try (Redundancy.Turn turn = begin(bucket, key)) {
                return turn.isShared()
                        ? makeShared(turn, bucket, key, indexKey, change)
                        : makeAlone(turn, bucket, key, indexKey, change);
            }
        } finally {
            turnLock.unlock();
        }
    }

    private <R> R makeAlone(Redundancy.Turn turn, Bucket bucket, ObjectKey key, byte[] indexKey, KeyChange<R> change) {
        Lock lock = locks.lockInTurn(indexKey);
        try {
            Copies copies = copies(bucket, key, indexKey);
            Stamp known = known(copies, indexKey);
            R answer = change.judge(copies, known);
            return answer != null
                    ? answer
                    : change.commit(turn, copies, next(turn, indexKey, known.join(change.floor())));
        } finally {
            lock.unlock();
        }
    }

    /// What is there of a key; its lock is held. Throws NO_SUCH_BUCKET.
    Copies copies(Bucket bucket, ObjectKey key, byte[] indexKey) {
        gate.check(bucket.id(), key);
        return volumes.copies(indexKey);
    }

    private <R> R makeShared(Redundancy.Turn turn, Bucket bucket, ObjectKey key, byte[] indexKey, KeyChange<R> change) {
        Stamp known;
        Lock lock = locks.lockInTurn(indexKey);
        try {
            Copies copies = volumes.copies(indexKey);
            known = known(copies, indexKey);
            R answer = change.judge(copies, known);
            if (answer != null) {
                return answer;
            }
        } finally {
            lock.unlock();
        }
        Stamp stamp;
        try {
            stamp = replicate(turn, key, indexKey, known, change);
        } catch (StoreException e) {
            throw isInDoubt(e, turn, change)
                    ? new StoreException(ErrorCode.NODE_UNAVAILABLE, "it may have been done: " + e.text(), e)
                    : e;
        }
        boolean done = false;
        lock = locks.lockInTurn(indexKey);
        try {
            Copies copies = copies(bucket, key, indexKey);
            if (!known(copies, indexKey).equals(known)) {
                throw new StoreException(
                        ErrorCode.NODE_UNAVAILABLE, "another node changed " + key + " while it was changed here");
            }
            R answer = change.commit(turn, copies, stamp);
            done = true;
            return answer;
        } finally {
            lock.unlock();
            if (!done) {
                taken.add(indexKey, stamp);
            }
        }
    }

    /// Whether a change that has to go to another owner must not be made there again: it would meet its own effect.
    private static boolean isInDoubt(StoreException failure, Redundancy.Turn turn, KeyChange<?> change) {
        return failure.code() == ErrorCode.NOT_OWNER && change.tellsWhatWas() && turn.mayBeTaken();
    }

    /// Makes the change elsewhere under a stamp that is greater than every one known; once more when
    /// another node knows a greater one.
    private Stamp replicate(Redundancy.Turn turn, ObjectKey key, byte[] indexKey, Stamp known, KeyChange<?> change) {
        Stamp stamp = next(turn, indexKey, known.join(change.floor()));
        boolean done = false;
        try {
            Stamp newer = change.replicate(turn, stamp);
            if (newer != null) {
                stamp = next(turn, indexKey, stamp.join(newer));
                newer = change.replicate(turn, stamp);
            }
            if (newer != null) {
                throw new StoreException(
                        ErrorCode.NODE_UNAVAILABLE,
                        "another node has a change " + newer + " of " + key + ", which is newer than " + stamp);
            }
            done = true;
            return stamp;
        } finally {
            if (!done) {
                taken.add(indexKey, stamp);
            }
        }
    }

    /// Carries out removals of different objects together: nobody changes one of them in between, and a
    /// volume commits its part in as few groups as it can. Gives what became of each, in their order.
    <R> List<JointRemoval.Outcome<R>> removeTogether(Bucket bucket, List<JointRemoval.Item<R>> items) {
        List<byte[]> indexKeys = JointRemoval.indexKeys(bucket, items);
        try (KeyLocks.Held _ = turns.lockAll(indexKeys)) {
            return new JointRemoval<>(bucket, items, indexKeys, this).carryOut();
        }
    }

    /// Begins a change of a key whose turn it is. Throws NO_SUCH_BUCKET, and what `Redundancy.begin` does.
    Redundancy.Turn begin(Bucket bucket, ObjectKey key) {
        gate.check(bucket.id(), key);
        return redundancy.begin(bucket, key);
    }

    /// Takes the locks of keys whose turn it is.
    KeyLocks.Held lockAll(List<byte[]> indexKeys) {
        return locks.lockAll(indexKeys);
    }

    /// The stamp of a change of a key of which this one is known.
    Stamp next(Redundancy.Turn turn, byte[] indexKey, Stamp known) {
        return known.join(turn.floor()).join(taken.newest(indexKey)).next(turn.epoch());
    }

    /// Lets somebody else's change of the key, which is from another node but as if it were made here, wait
    /// for those that are under way.
    <R> R inTurn(byte[] indexKey, Supplier<R> change) {
        Lock turnLock = turns.lockInTurn(indexKey);
        try {
            return change.get();
        } finally {
            turnLock.unlock();
        }
    }

    /// Who is told of changes.
    Announcements announcements() {
        return announcements;
    }

    /// By which tombstones are made and forgotten.
    RemovalClock removals() {
        return removals;
    }

    /// The newest stamp that this node knows of a key.
    Stamp known(Copies copies, byte[] indexKey) {
        ObjectRecord record = copies.record();
        Tombstone tombstone = volumes.tombstone(indexKey);
        Stamp ofRecord = record == null ? Stamp.NONE : record.stamp();
        return tombstone == null ? ofRecord : ofRecord.or(tombstone.stamp());
    }

    /// Commits a sink's bytes as the object that a draft describes, in place of what is there; the key's
    /// lock is held.
    ///
    /// @param before what is changed with it: no later, and on the same volume in the same commit
    ObjectRecord commit(
            VolumeStore store,
            Bucket bucket,
            byte[] indexKey,
            Copies copies,
            ByteSink sink,
            RecordDraft draft,
            List<Placed> before) {
        volumes.beforeWrite(store, indexKey);
        List<Mutation> together = commitOthers(store, before, bucket);
        Durability durability = copies.durability(bucket.durability(), store);
        if (durability != bucket.durability()) {
            ObjectWriter.prepare(sink, durability);
        }
        ObjectRecord replaced = copies.on(store);
        ObjectRecord record = ObjectWriter.commit(
                store,
                durability,
                sink,
                new ObjectWriter.Slot(
                        Family.of(indexKey), indexKey, replaced == null ? null : replaced.value(), together),
                extents -> draft.withExtents(extents).encode());
        volumes.supersede(copies, store, indexKey, clock.millis(), bucket.durability());
        return record;
    }

    /// Commits the changes that are on other volumes than this one, for good, and returns the rest.
    List<Mutation> commitOthers(VolumeStore store, List<Placed> changes, Bucket bucket) {
        if (changes.isEmpty()) {
            return List.of();
        }
        List<Placed> elsewhere =
                changes.stream().filter(change -> !change.store().equals(store)).toList();
        Placed.commit(elsewhere, atLeastGroup(bucket.durability()));
        return changes.stream()
                .filter(change -> change.store().equals(store))
                .map(Placed::mutation)
                .toList();
    }

    static Durability atLeastGroup(Durability durability) {
        return durability == Durability.NONE ? Durability.GROUP : durability;
    }

    /// How a change makes the tombstones of what it removes; null when it leaves none.
    Succession.@Nullable TombstoneOf tombstones(Redundancy.Turn turn) {
        return turn.leavesTombstone()
                ? (store, key, stamp) -> Tombstones.put(store, key, stamp, removals.millis())
                : null;
    }

    /// Commits an object or version with bytes that are there: its own, when other attributes of it are committed, or
    /// those of another version of the object. The key's lock is held.
    ObjectRecord commitBytesOf(Copies.Copy bytes, Bucket bucket, byte[] indexKey, Copies copies, RecordDraft draft) {
        volumes.supersede(copies, bytes.store(), indexKey, clock.millis(), bucket.durability());
        byte[] value = draft.withExtents(bytes.record().extents()).encode();
        ObjectRecord before = copies.on(bytes.store());
        Mutation put = new Mutation.Put(Family.of(indexKey), indexKey, value, before == null ? null : before.value());
        bytes.store().commit(List.of(put), bucket.durability());
        return ObjectRecord.of(value);
    }

    /// The volume on which the change of a key is committed: the object's, or where it would be.
    VolumeStore storeOf(Copies copies, byte[] indexKey) {
        Copies.Copy best = copies.best();
        return best == null ? volumes.current().home(indexKey) : best.store();
    }

    /// Commits what a removal has prepared; the key's lock is held.
    <R> R commit(Bucket bucket, KeyRemoval.Prepared<R> prepared) {
        Placed.commit(prepared.changes(), bucket.durability());
        announcements.made(prepared.told());
        return prepared.answer();
    }

    /// Removes what is there, and notes what it cannot reach; the key's lock is held.
    ///
    /// @param tombstone the stamp of the tombstone that stays, or null for none
    void remove(Durability durability, byte[] indexKey, Copies copies, @Nullable Stamp tombstone) {
        Placed.commit(removal(durability, indexKey, copies, tombstone), durability);
    }

    /// What removes what is there; what is not valid is gone already when this returns, so that it never
    /// shows again. The key's lock is held. Otherwise as `remove`.
    List<Placed> removal(Durability durability, byte[] indexKey, Copies copies, @Nullable Stamp tombstone) {
        Copies.Copy best = copies.best();
        VolumeStore noteOn = storeOf(copies, indexKey);
        volumes.supersede(copies, noteOn, indexKey, clock.millis(), durability);
        List<Placed> changes = new ArrayList<>(2);
        if (best != null) {
            changes.add(new Placed(
                    noteOn,
                    new Mutation.Remove(
                            Family.of(indexKey), indexKey, best.record().value())));
        }
        if (tombstone != null) {
            changes.add(new Placed(noteOn, Tombstones.put(noteOn, indexKey, tombstone, removals.millis())));
        }
        return changes;
    }
}
