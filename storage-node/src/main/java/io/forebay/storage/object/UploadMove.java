package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.MutationCodec;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.UploadRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/// Moves an upload in progress with its parts from volume to volume: the same id, times and checksums.
///
/// Parts are copied while clients go on; the upload's own lock is held only while the last of them follow and the
/// upload changes its volume.
final class UploadMove {
    /*
     * Two volumes have no common commit, so a move has steps, each durable before the next: the target says ARRIVING,
     * and gets the parts; the source says LEFT instead of HERE, which is the commit; the target says HERE instead of
     * ARRIVING; the source forgets parts and upload. So an upload is HERE on one volume at most, whichever volumes
     * are out of service meanwhile, and a copy that was left behind never counts again. LEFT and ARRIVING of the same
     * move mean that only the third step is missing: whoever looks for the upload does it. Otherwise they are what a
     * broken off move left, and go.
     */
    private static final long LOCKED_BYTES = 4 << 20;
    private static final int REMOVED_TOGETHER_BYTES = 16 << 10;

    private final VolumeSet volumes;
    private final Guards guards;
    private final RecordBytes bytes;

    UploadMove(VolumeSet volumes, Guards guards, RecordBytes bytes) {
        this.volumes = volumes;
        this.guards = guards;
        this.bytes = bytes;
    }

    /// One move.
    ///
    /// @param id of the move
    @SuppressWarnings("ArrayRecordComponent") // An encoded key, which nobody compares by this record.
    record Transit(VolumeStore source, VolumeStore target, byte[] key, String id) {}

    /// The uploads of an object's name on a volume, in any stage.
    static List<Mutation.Entry> uploadsOf(VolumeStore store, byte[] objectKey) {
        long bucketId = IndexKeys.bucketId(objectKey);
        String name = IndexKeys.name(objectKey);
        byte[] from = IndexKeys.upload(bucketId, name, "");
        return entries(store, Family.UPLOADS, from, IndexKeys.pastUploads(bucketId, name));
    }

    /// Moves an upload to where its object belongs, or ends a move of it that was broken off. Throws what reading and
    /// writing throw; the upload is where it was then.
    ObjectMove.Outcome move(VolumeStore source, byte[] key, Pace pace) {
        byte[] value = source.index().find(Family.UPLOADS, key);
        if (value == null) {
            return ObjectMove.Outcome.NOTHING_TO_DO;
        }
        if (!UploadRecord.isHere(value)) {
            return settle(key);
        }
        VolumeStore target = volumes.current().home(IndexKeys.objectOf(key));
        if (target.equals(source)) {
            return ObjectMove.Outcome.NOTHING_TO_DO;
        }
        Transit transit = begin(source, target, key);
        if (transit == null) {
            return ObjectMove.Outcome.LATER;
        }
        Map<ByteBuffer, byte[]> copied = new HashMap<>();
        ObjectMove.Outcome outcome = copy(transit, copied, pace);
        if (outcome == ObjectMove.Outcome.MOVED) {
            outcome = end(transit, copied);
        }
        if (outcome != ObjectMove.Outcome.MOVED) {
            settle(key);
        }
        return outcome;
    }

    /// First step; null when the upload cannot be moved now.
    @Nullable
    Transit begin(VolumeStore source, VolumeStore target, byte[] key) {
        Transit transit = new Transit(source, target, key, UUID.randomUUID().toString());
        StampedLock lock = lock(key);
        long stamp = lock.writeLock();
        try {
            UploadRecord record = here(transit);
            if (record == null) {
                return null;
            }
            // A move that was broken off may have left some.
            clear(target, key);
            commit(target, key, record.at(UploadRecord.Stage.ARRIVING, transit.id));
            return transit;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /// Copies the parts until only few bytes are left that came meanwhile.
    ObjectMove.Outcome copy(Transit transit, Map<ByteBuffer, byte[]> copied, Pace pace) {
        List<Mutation.Entry> rest = rest(transit, copied);
        do {
            for (Mutation.Entry part : rest) {
                ObjectMove.Outcome outcome = copyPart(transit, part, copied);
                if (outcome == ObjectMove.Outcome.NO_SPACE
                        || !pace.spent(ObjectRecord.of(part.value()).size())) {
                    return outcome == ObjectMove.Outcome.NO_SPACE ? outcome : ObjectMove.Outcome.LATER;
                }
            }
            rest = rest(transit, copied);
        } while (size(rest) > LOCKED_BYTES);
        return ObjectMove.Outcome.MOVED;
    }

    /// Copies what has come meanwhile and hands the upload over.
    ObjectMove.Outcome end(Transit transit, Map<ByteBuffer, byte[]> copied) {
        StampedLock lock = lock(transit.key);
        long stamp = lock.writeLock();
        try {
            UploadRecord record = here(transit);
            if (record == null || !isArriving(transit)) {
                return ObjectMove.Outcome.LATER;
            }
            for (Mutation.Entry part : rest(transit, copied)) {
                ObjectMove.Outcome outcome = store(transit, part, copied);
                if (outcome != ObjectMove.Outcome.MOVED) {
                    return outcome;
                }
            }
            byte[] objectKey = IndexKeys.objectOf(transit.key);
            Lock keyLock = guards.keys().lockInTurn(objectKey);
            try {
                if (record.kind() == Uploads.EXTEND && !isBaseThere(transit, objectKey)) {
                    return ObjectMove.Outcome.LATER;
                }
                leave(transit, record);
                arrive(transit.key);
            } finally {
                keyLock.unlock();
            }
            volumes.relocating();
            clear(transit.source, transit.key);
            return ObjectMove.Outcome.MOVED;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /// The step that counts; the upload's lock is held.
    void leave(Transit transit, UploadRecord record) {
        volumes.relocating();
        commit(transit.source, transit.key, record.at(UploadRecord.Stage.LEFT, transit.id));
    }

    /// The volume that has an upload, after a handing over that was broken off was done to its end; null when none
    /// that serves has it.
    @Nullable
    VolumeStore locate(byte[] key) {
        StampedLock lock = lock(key);
        long stamp = lock.writeLock();
        try {
            return arrive(key);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /// As `locate`, with the upload's lock held.
    private @Nullable VolumeStore arrive(byte[] key) {
        Map<String, VolumeStore> arriving = new HashMap<>();
        Set<String> left = new HashSet<>();
        for (VolumeStore store : volumes.all()) {
            UploadRecord record = find(store, key);
            if (record != null) {
                switch (record.stage()) {
                    case HERE -> {
                        return store;
                    }
                    case ARRIVING -> arriving.put(record.move(), store);
                    case LEFT -> left.add(record.move());
                }
            }
        }
        arriving.keySet().retainAll(left);
        for (VolumeStore store : arriving.values()) {
            UploadRecord record = find(store, key);
            if (record != null && !guards.gate().isClosed(IndexKeys.bucketId(key))) {
                commit(store, key, record.here());
                return store;
            }
        }
        return null;
    }

    /// Removes what moves that were broken off left of an upload.
    private ObjectMove.Outcome settle(byte[] key) {
        StampedLock lock = lock(key);
        long stamp = lock.writeLock();
        try {
            VolumeStore here = arrive(key);
            Membership set = volumes.current();
            if (guards.gate().isClosed(IndexKeys.bucketId(key))
                    || (here == null && !set.absent().isEmpty())) {
                return ObjectMove.Outcome.LATER;
            }
            for (VolumeStore store : set.serving()) {
                if (!store.equals(here)) {
                    clear(store, key);
                }
            }
            return ObjectMove.Outcome.NOTHING_TO_DO;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /// What is done with a copy of a part on the target's volume.
    @FunctionalInterface
    private interface Use {
        ObjectMove.Outcome of(ObjectRecord record, ByteSink sink);
    }

    private ObjectMove.Outcome copyPart(Transit transit, Mutation.Entry part, Map<ByteBuffer, byte[]> copied) {
        return copyBytes(transit, part, (record, sink) -> {
            StampedLock lock = lock(transit.key);
            long stamp = lock.readLock();
            try {
                if (here(transit) == null || !isArriving(transit)) {
                    return ObjectMove.Outcome.LATER;
                }
                store(transit, part, record, sink, copied);
                return ObjectMove.Outcome.MOVED;
            } finally {
                lock.unlockRead(stamp);
            }
        });
    }

    /// Copies a part while the upload's lock is held.
    private ObjectMove.Outcome store(Transit transit, Mutation.Entry part, Map<ByteBuffer, byte[]> copied) {
        return copyBytes(transit, part, (record, sink) -> {
            store(transit, part, record, sink, copied);
            return ObjectMove.Outcome.MOVED;
        });
    }

    private ObjectMove.Outcome copyBytes(Transit transit, Mutation.Entry part, Use use) {
        ObjectRecord record = ObjectRecord.of(part.value());
        if (!transit.target.volume().space().tryAdmit(record.size())) {
            return ObjectMove.Outcome.NO_SPACE;
        }
        try (ByteSink sink = new ByteSink(transit.target.volume(), record.size())) {
            if (!bytes.copy(transit.source, Family.PARTS, part.key(), record, sink)) {
                return ObjectMove.Outcome.LATER;
            }
            ObjectWriter.prepare(sink, Durability.GROUP);
            return use.of(record, sink);
        }
    }

    private void store(
            Transit transit, Mutation.Entry part, ObjectRecord record, ByteSink sink, Map<ByteBuffer, byte[]> copied) {
        Lock lock = guards.keys().lockInTurn(part.key());
        try {
            byte[] there = transit.target.index().find(Family.PARTS, part.key());
            RecordDraft draft = RecordDraft.of(record);
            ObjectWriter.commit(
                    transit.target,
                    Durability.GROUP,
                    sink,
                    new ObjectWriter.Slot(Family.PARTS, part.key(), there, List.of()),
                    extents -> draft.withExtents(extents).encode());
            copied.put(ByteBuffer.wrap(part.key()), part.value());
        } finally {
            lock.unlock();
        }
    }

    /// The parts that were not copied, or have changed since.
    private static List<Mutation.Entry> rest(Transit transit, Map<ByteBuffer, byte[]> copied) {
        List<Mutation.Entry> rest = new ArrayList<>();
        for (Mutation.Entry part : parts(transit.source, transit.key)) {
            byte[] before = copied.get(ByteBuffer.wrap(part.key()));
            if (before == null || !Arrays.equals(before, part.value())) {
                rest.add(part);
            }
        }
        return rest;
    }

    private static long size(List<Mutation.Entry> parts) {
        return parts.stream()
                .mapToLong(part -> ObjectRecord.of(part.value()).size())
                .sum();
    }

    /// The upload as the source has it; null when it is not there any more or may not be moved now.
    private @Nullable UploadRecord here(Transit transit) {
        Membership set = volumes.current();
        boolean allowed = set.serves(transit.source)
                && set.serves(transit.target)
                && set.home(IndexKeys.objectOf(transit.key)).equals(transit.target)
                && !guards.gate().isClosed(IndexKeys.bucketId(transit.key));
        UploadRecord record = allowed ? find(transit.source, transit.key) : null;
        return record != null && record.stage() == UploadRecord.Stage.HERE ? record : null;
    }

    private static boolean isArriving(Transit transit) {
        UploadRecord record = find(transit.target, transit.key);
        return record != null
                && record.stage() == UploadRecord.Stage.ARRIVING
                && record.move().equals(transit.id);
    }

    /// Whether what the upload extends is on the target, if there is anything.
    private boolean isBaseThere(Transit transit, byte[] objectKey) {
        Copies copies = volumes.copies(objectKey);
        Copies.Copy best = copies.best();
        ObjectRecord there = copies.on(transit.target);
        return best == null || (there != null && !best.isNewerThan(new Copies.Copy(transit.target, there)));
    }

    private StampedLock lock(byte[] key) {
        return guards.uploads().of(IndexKeys.uploadId(key));
    }

    private static @Nullable UploadRecord find(VolumeStore store, byte[] key) {
        byte[] value = store.index().find(Family.UPLOADS, key);
        return value == null ? null : UploadRecord.of(value);
    }

    private static void commit(VolumeStore store, byte[] key, UploadRecord record) {
        byte[] before = store.index().find(Family.UPLOADS, key);
        store.commit(List.of(new Mutation.Put(Family.UPLOADS, key, record.encode(), before)), Durability.GROUP);
    }

    /// Removes an upload that is not here, its parts first. One by one: it may come again, and a range that is
    /// removed once more by compaction would not tell.
    private static void clear(VolumeStore store, byte[] key) {
        byte[] value = store.index().find(Family.UPLOADS, key);
        if (value == null) {
            return;
        }
        List<Mutation> removals = new ArrayList<>();
        int length = 0;
        for (Mutation.Entry part : parts(store, key)) {
            Mutation removal = new Mutation.Remove(Family.PARTS, part.key(), part.value());
            removals.add(removal);
            length += MutationCodec.length(removal);
            if (length >= REMOVED_TOGETHER_BYTES) {
                store.commit(List.copyOf(removals), Durability.NONE);
                removals.clear();
                length = 0;
            }
        }
        removals.add(new Mutation.Remove(Family.UPLOADS, key, value));
        store.commit(List.copyOf(removals), Durability.GROUP);
    }

    private static List<Mutation.Entry> parts(VolumeStore store, byte[] key) {
        return entries(store, Family.PARTS, IndexKeys.partsStart(key), IndexKeys.partsEnd(key));
    }

    private static List<Mutation.Entry> entries(VolumeStore store, Family family, byte[] from, byte[] to) {
        List<Mutation.Entry> entries = new ArrayList<>();
        try (IndexCursor cursor = store.index().cursor(family, to)) {
            for (cursor.seek(from); cursor.isValid(); cursor.next()) {
                entries.add(new Mutation.Entry(cursor.key(), cursor.value()));
            }
        }
        return entries;
    }
}
