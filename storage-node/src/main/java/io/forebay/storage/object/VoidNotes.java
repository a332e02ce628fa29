package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.UploadRecord;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;

/// Notes on a volume that another volume's copy of a key is void, and what it remembers of its removal: the
/// key was overwritten or removed while that volume was out of service. They are applied before it serves again.
///
/// A note is an upload of a bucket id that no bucket has: name `VOLUME/KEY`, the key in hex. So the log,
/// compaction, replay and rebuild treat it as what they know already.
final class VoidNotes {
    /// The bucket id of notes; buckets count from 1 and never come near it.
    static final long BUCKET = Long.MAX_VALUE - 2;

    /// The kind of upload that a note is; codes are part of the storage format.
    private static final int KIND = 4;

    /// The upload id of every note; its lock is held while notes are removed.
    static final String ID = "00000000000000000000000000000000";
    private static final int BATCH = 1000;

    private VoidNotes() {}

    /// Whether a volume has the note.
    static boolean has(VolumeStore store, String volumeId, byte[] objectKey) {
        return store.index().find(Family.UPLOADS, key(volumeId, objectKey)) != null;
    }

    /// Makes the note on a volume, unless it is there.
    static void put(VolumeStore store, String volumeId, byte[] objectKey, long nowMillis, Durability durability) {
        if (!has(store, volumeId, objectKey)) {
            byte[] value = new UploadRecord(KIND, nowMillis, 0, 0, "", Map.of(), Map.of(), null).encode();
            store.commit(List.of(new Mutation.Put(Family.UPLOADS, key(volumeId, objectKey), value, null)), durability);
        }
    }

    /// Removes what the notes on `from` say is void from the volume that comes back, then the notes.
    static void apply(VolumeStore returning, VolumeStore from, KeyLocks locks) {
        drain(from, returning.volume().toString(), note -> {
            byte[] objectKey = objectKey(note);
            Lock lock = locks.lockInTurn(objectKey);
            try {
                List<Mutation> removals = new ArrayList<>(2);
                for (Family family : List.of(Family.of(objectKey), Family.TOMBSTONES)) {
                    byte[] value = returning.index().find(family, objectKey);
                    if (value != null) {
                        removals.add(new Mutation.Remove(family, objectKey, value));
                    }
                }
                if (!removals.isEmpty()) {
                    returning.commit(removals, Durability.GROUP);
                }
            } finally {
                lock.unlock();
            }
        });
    }

    /// Moves a note to another volume, because its own is to be emptied. The note counts on whichever has it.
    static void move(VolumeStore from, VolumeStore to, byte[] note, VolumeSet volumes, Guards guards) {
        StampedLock uploadLock = guards.uploads().of(ID);
        long stamp = uploadLock.writeLock();
        try {
            Lock lock = guards.keys().lockInTurn(objectKey(note));
            try {
                byte[] value = from.index().find(Family.UPLOADS, note);
                if (value == null
                        || !volumes.current().serves(from)
                        || !volumes.current().serves(to)) {
                    return;
                }
                if (to.index().find(Family.UPLOADS, note) == null) {
                    byte[] copy = UploadRecord.of(value).encode();
                    to.commit(List.of(new Mutation.Put(Family.UPLOADS, note, copy, null)), Durability.GROUP);
                }
                // Who looks for notes on one volume after the other looks again.
                volumes.relocating();
                from.commit(List.of(new Mutation.Remove(Family.UPLOADS, note, value)), Durability.GROUP);
            } finally {
                lock.unlock();
            }
        } finally {
            uploadLock.unlockWrite(stamp);
        }
    }

    /// The key of the object that a note is about.
    static byte[] objectKey(byte[] noteKey) {
        String name = IndexKeys.name(noteKey);
        return HexFormat.of().parseHex(name.substring(name.indexOf('/') + 1));
    }

    /// Removes from a volume the notes about all volumes but those.
    static void keepOnly(VolumeStore store, Set<String> volumeIds) {
        for (String subject : subjects(store)) {
            if (!volumeIds.contains(subject)) {
                drain(store, subject, note -> {});
            }
        }
    }

    /// Copies the notes on `from` about a volume, for each key to the volume that is said.
    static void copy(VolumeStore from, Function<byte[], VolumeStore> to, String volumeId, KeyLocks locks) {
        List<Mutation.Entry> notes = some(from, volumeId, IndexKeys.object(BUCKET, volumeId + "/"));
        while (!notes.isEmpty()) {
            for (Mutation.Entry note : notes) {
                byte[] objectKey = objectKey(note.key());
                Lock lock = locks.lockInTurn(objectKey);
                try {
                    long createdMillis = UploadRecord.of(note.value()).createdMillis();
                    put(to.apply(objectKey), volumeId, objectKey, createdMillis, Durability.GROUP);
                } finally {
                    lock.unlock();
                }
            }
            notes = some(from, volumeId, IndexKeys.successor(notes.getLast().key()));
        }
    }

    /// The volumes about which a volume has notes.
    private static Set<String> subjects(VolumeStore store) {
        Set<String> subjects = new TreeSet<>();
        try (IndexCursor cursor = store.index().cursor(Family.UPLOADS, IndexKeys.bucketEnd(BUCKET))) {
            cursor.seek(IndexKeys.bucketStart(BUCKET));
            while (cursor.isValid()) {
                String name = IndexKeys.name(cursor.key());
                String subject = name.substring(0, name.indexOf('/'));
                subjects.add(subject);
                cursor.seek(IndexKeys.pastPrefix(BUCKET, subject + "/"));
            }
        }
        return subjects;
    }

    private interface Action {
        void of(byte[] noteKey);
    }

    private static void drain(VolumeStore from, String volumeId, Action action) {
        byte[] first = IndexKeys.object(BUCKET, volumeId + "/");
        List<Mutation.Entry> notes = some(from, volumeId, first);
        while (!notes.isEmpty()) {
            notes.forEach(note -> action.of(note.key()));
            from.commit(
                    List.of(new Mutation.RemoveRange(
                            Family.UPLOADS,
                            notes.getFirst().key(),
                            IndexKeys.successor(notes.getLast().key()),
                            notes)),
                    Durability.GROUP);
            notes = some(from, volumeId, first);
        }
    }

    private static List<Mutation.Entry> some(VolumeStore from, String volumeId, byte[] first) {
        List<Mutation.Entry> notes = new ArrayList<>();
        byte[] end = IndexKeys.pastPrefix(BUCKET, volumeId + "/");
        try (IndexCursor cursor = from.index().cursor(Family.UPLOADS, end)) {
            for (cursor.seek(first); notes.size() < BATCH && cursor.isValid(); cursor.next()) {
                notes.add(new Mutation.Entry(cursor.key(), cursor.value()));
            }
        }
        return notes;
    }

    private static byte[] key(String volumeId, byte[] objectKey) {
        return IndexKeys.upload(BUCKET, volumeId + "/" + HexFormat.of().formatHex(objectKey), ID);
    }
}
