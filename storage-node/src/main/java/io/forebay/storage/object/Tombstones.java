package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.metadata.Tombstone;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What the volumes remember of removed keys: on whichever volume had the key, and it counts on whichever
/// it is.
final class Tombstones {
    private static final int DROPPED_TOGETHER = 500;

    private Tombstones() {}

    /// The put of a tombstone; the key's lock is held.
    static Mutation put(VolumeStore store, byte[] key, Stamp stamp, long nowMillis) {
        byte[] before = store.index().find(Family.TOMBSTONES, key);
        return new Mutation.Put(Family.TOMBSTONES, key, new Tombstone(stamp, nowMillis).encode(), before);
    }

    /// Moves a tombstone to another volume, because its own is to be emptied.
    static void move(VolumeStore from, VolumeStore to, byte[] key, VolumeSet volumes, Guards guards) {
        Lock lock = guards.keys().lockInTurn(key);
        try {
            byte[] value = from.index().find(Family.TOMBSTONES, key);
            if (value == null
                    || !volumes.current().serves(from)
                    || !volumes.current().serves(to)) {
                return;
            }
            Tombstone moved = Tombstone.of(value);
            byte[] there = to.index().find(Family.TOMBSTONES, key);
            if (there == null || moved.stamp().isNewerThan(Tombstone.of(there).stamp())) {
                to.commit(List.of(new Mutation.Put(Family.TOMBSTONES, key, moved.encode(), there)), Durability.GROUP);
            }
            // Who looks at one volume after the other looks again.
            volumes.relocating();
            from.commit(List.of(new Mutation.Remove(Family.TOMBSTONES, key, value)), Durability.GROUP);
        } finally {
            lock.unlock();
        }
    }

    /// Which tombstones are needed no longer.
    ///
    /// @param epoch of their stamp, at most
    /// @param millis when they were made, at the latest
    record Forgotten(long epoch, long millis) {
        boolean has(byte[] value) {
            Tombstone tombstone = Tombstone.of(value);
            return tombstone.stamp().epoch() <= epoch && tombstone.removedMillis() <= millis;
        }
    }

    /// A tombstone with its key.
    private static final class Entry {
        private final byte[] key;
        private final Tombstone tombstone;

        private Entry(byte[] key, Tombstone tombstone) {
            this.key = key;
            this.tombstone = tombstone;
        }

        private OldRemoval removal() {
            return new OldRemoval(
                    IndexKeys.bucketId(key), IndexKeys.name(key), IndexKeys.versionId(key), tombstone.stamp());
        }
    }

    /// Removes tombstones of a volume.
    ///
    /// @param consent of some old removals of objects those that may be forgotten
    static void drop(VolumeStore store, Forgotten forgotten, UnaryOperator<List<OldRemoval>> consent, KeyLocks locks) {
        byte[] from = IndexKeys.start();
        while (true) {
            List<Entry> entries = some(store, forgotten, from);
            if (entries.isEmpty()) {
                return;
            }
            List<Entry> dropped = consented(entries, consent);
            // One by one, not as a range: compaction repeats a range without asking what came after it.
            locks.runAlone(() -> drop(store, dropped));
            from = IndexKeys.successor(entries.getLast().key);
        }
    }

    private static List<Entry> some(VolumeStore store, Forgotten forgotten, byte[] from) {
        List<Entry> entries = new ArrayList<>();
        try (IndexCursor cursor = store.index().cursor(Family.TOMBSTONES, IndexKeys.end())) {
            for (cursor.seek(from); cursor.isValid() && entries.size() < DROPPED_TOGETHER; cursor.next()) {
                if (forgotten.has(cursor.value())) {
                    entries.add(new Entry(cursor.key(), Tombstone.of(cursor.value())));
                }
            }
        }
        return entries;
    }

    private static List<Entry> consented(List<Entry> entries, UnaryOperator<List<OldRemoval>> consent) {
        List<OldRemoval> objects = entries.stream()
                .filter(entry -> !IndexKeys.isUpload(entry.key))
                .map(Entry::removal)
                .toList();
        Set<OldRemoval> forgettable = new HashSet<>(consent.apply(objects));
        return entries.stream()
                .filter(entry -> IndexKeys.isUpload(entry.key) || forgettable.contains(entry.removal()))
                .toList();
    }

    private static void drop(VolumeStore store, List<Entry> entries) {
        List<Mutation> removals = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            byte @Nullable [] value = store.index().find(Family.TOMBSTONES, entry.key);
            if (value != null && Tombstone.of(value).equals(entry.tombstone)) {
                removals.add(new Mutation.Remove(Family.TOMBSTONES, entry.key, value));
            }
        }
        if (!removals.isEmpty()) {
            store.commit(removals, Durability.NONE);
        }
    }
}
