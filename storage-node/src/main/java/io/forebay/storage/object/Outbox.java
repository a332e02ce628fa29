package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.UploadRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.StampedLock;

/// What receivers are to be told of changes, kept on the volumes of the objects until they were told.
///
/// A letter is an upload of a bucket id that no bucket has: name `QUEUE/NUMBER`, the number in hex. So the log,
/// compaction, replay and rebuild treat it as what they know already. A number is given out under the lock of the
/// object's key, so that letters about one object are in the order of its changes.
public final class Outbox {
    /// The bucket id of letters; buckets count from 1 and never come near it.
    static final long BUCKET = Long.MAX_VALUE - 3;

    /// The kind of upload that a letter is; codes are part of the storage format.
    private static final int KIND = 5;

    /// The upload id of every letter; its lock is held while letters are moved or removed.
    private static final String ID = "00000000000000000000000000000001";
    private static final int CLOCK_SHIFT = 16;

    private final VolumeSet volumes;
    private final Guards guards;
    private final InstantSource clock;
    private final AtomicLong last;

    Outbox(VolumeSet volumes, Guards guards, InstantSource clock) {
        this.volumes = volumes;
        this.guards = guards;
        this.clock = clock;
        this.last = new AtomicLong(greatest());
    }

    /// The number of the next change, which follows the clock but never goes back.
    long nextNumber() {
        long now = clock.millis() << CLOCK_SHIFT;
        return last.updateAndGet(before -> Math.max(before + 1, now));
    }

    /// The changes of the index that keep the notices of one change, one for each queue.
    List<Mutation> puts(long number, List<Notice> notices) {
        List<Mutation> puts = new ArrayList<>(notices.size());
        for (Notice notice : notices) {
            byte[] value =
                    new UploadRecord(KIND, clock.millis(), 0, 0, notice.text(), Map.of(), Map.of(), null).encode();
            puts.add(new Mutation.Put(Family.UPLOADS, key(notice.queue(), number), value, null));
        }
        return puts;
    }

    /// The first letters of a queue, in their order.
    public List<Letter> first(String queue, int limit) {
        SortedMap<Long, Letter> found = new TreeMap<>();
        for (VolumeStore store : volumes.all()) {
            byte[] end = IndexKeys.pastPrefix(BUCKET, queue + "/");
            try (IndexCursor cursor = store.index().cursor(Family.UPLOADS, end)) {
                cursor.seek(IndexKeys.object(BUCKET, queue + "/"));
                for (int left = limit; left > 0 && cursor.isValid(); left--) {
                    Letter letter = letter(cursor.key(), cursor.value());
                    found.put(letter.number(), letter);
                    cursor.next();
                }
            }
        }
        return found.values().stream().limit(limit).toList();
    }

    /// Takes letters out that were told. A crash may bring them back.
    public void remove(List<Letter> letters) {
        StampedLock lock = guards.uploads().of(ID);
        long stamp = lock.writeLock();
        try {
            for (VolumeStore store : volumes.all()) {
                List<Mutation> removals = new ArrayList<>(letters.size());
                for (Letter letter : letters) {
                    byte[] key = key(letter.queue(), letter.number());
                    byte[] value = store.index().find(Family.UPLOADS, key);
                    if (value != null) {
                        removals.add(new Mutation.Remove(Family.UPLOADS, key, value));
                    }
                }
                if (!removals.isEmpty()) {
                    store.commit(removals, Durability.NONE);
                }
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /// How many letters each queue has.
    public Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        for (VolumeStore store : volumes.all()) {
            try (IndexCursor cursor = store.index().cursor(Family.UPLOADS, IndexKeys.bucketEnd(BUCKET))) {
                for (cursor.seek(IndexKeys.bucketStart(BUCKET)); cursor.isValid(); cursor.next()) {
                    counts.merge(queue(IndexKeys.name(cursor.key())), 1L, Long::sum);
                }
            }
        }
        return counts;
    }

    /// Moves a letter to another volume, because its own is to be emptied.
    static void move(VolumeStore from, VolumeStore to, byte[] key, VolumeSet volumes, Guards guards) {
        StampedLock lock = guards.uploads().of(ID);
        long stamp = lock.writeLock();
        try {
            byte[] value = from.index().find(Family.UPLOADS, key);
            if (value == null
                    || !volumes.current().serves(from)
                    || !volumes.current().serves(to)) {
                return;
            }
            byte[] copy = UploadRecord.of(value).encode();
            to.commit(List.of(new Mutation.Put(Family.UPLOADS, key, copy, null)), Durability.GROUP);
            from.commit(List.of(new Mutation.Remove(Family.UPLOADS, key, value)), Durability.GROUP);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private long greatest() {
        long greatest = 0;
        for (VolumeStore store : volumes.all()) {
            try (IndexCursor cursor = store.index().cursor(Family.UPLOADS, IndexKeys.bucketEnd(BUCKET))) {
                for (cursor.seek(IndexKeys.bucketStart(BUCKET)); cursor.isValid(); cursor.next()) {
                    greatest = Math.max(greatest, number(IndexKeys.name(cursor.key())));
                }
            }
        }
        return greatest;
    }

    private static Letter letter(byte[] key, byte[] value) {
        String name = IndexKeys.name(key);
        UploadRecord record = UploadRecord.of(value);
        return new Letter(queue(name), number(name), record.createdMillis(), record.note());
    }

    private static byte[] key(String queue, long number) {
        return IndexKeys.upload(BUCKET, queue + "/" + HexFormat.of().toHexDigits(number), ID);
    }

    private static String queue(String name) {
        return name.substring(0, name.indexOf('/'));
    }

    private static long number(String name) {
        return HexFormat.fromHexDigitsToLong(name, name.indexOf('/') + 1, name.length());
    }
}
