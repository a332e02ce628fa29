package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.metadata.Tombstone;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
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

    /// Removes tombstones of a volume.
    static void drop(VolumeStore store, Forgotten forgotten, KeyLocks locks) {
        byte[] from = IndexKeys.start();
        while (true) {
            List<byte[]> keys = some(store, forgotten, from);
            if (keys.isEmpty()) {
                return;
            }
            // One by one, not as a range: compaction repeats a range without asking what came after it.
            locks.runAlone(() -> drop(store, forgotten, keys));
            from = IndexKeys.successor(keys.getLast());
        }
    }

    private static List<byte[]> some(VolumeStore store, Forgotten forgotten, byte[] from) {
        List<byte[]> keys = new ArrayList<>();
        try (IndexCursor cursor = store.index().cursor(Family.TOMBSTONES, IndexKeys.end())) {
            for (cursor.seek(from); cursor.isValid() && keys.size() < DROPPED_TOGETHER; cursor.next()) {
                if (forgotten.has(cursor.value())) {
                    keys.add(cursor.key());
                }
            }
        }
        return keys;
    }

    private static void drop(VolumeStore store, Forgotten forgotten, List<byte[]> keys) {
        List<Mutation> removals = new ArrayList<>(keys.size());
        for (byte[] key : keys) {
            byte @Nullable [] value = store.index().find(Family.TOMBSTONES, key);
            if (value != null && forgotten.has(value)) {
                removals.add(new Mutation.Remove(Family.TOMBSTONES, key, value));
            }
        }
        if (!removals.isEmpty()) {
            store.commit(removals, Durability.NONE);
        }
    }
}
