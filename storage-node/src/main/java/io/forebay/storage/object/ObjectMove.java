package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ChecksumSet;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Moves one object from volume to volume: the same record, its bytes copied and checked, first there, then gone
/// here.
///
/// No lock is held while bytes move. After a crash in the middle both copies are equal, and the next move takes the
/// old one away.
final class ObjectMove {
    private static final int CHUNK_BYTES = 256 << 10;

    private final VolumeSet volumes;
    private final KeyLocks locks;
    private final WriteGate gate;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

    ObjectMove(VolumeSet volumes, KeyLocks locks, WriteGate gate) {
        this.volumes = volumes;
        this.locks = locks;
        this.gate = gate;
    }

    /// What became of an object.
    enum Outcome {
        MOVED,
        /// It is where it belongs, or gone.
        NOTHING_TO_DO,
        /// It changed meanwhile, its bucket takes no writes, or an upload extends it: another time.
        LATER,
        /// Where it belongs is no space.
        NO_SPACE
    }

    /// Moves an object to where it belongs. Throws CORRUPT when its bytes do not have their checksum, and what
    /// reading and writing throw; it is still readable at the source then.
    Outcome move(VolumeStore source, byte[] key) {
        ObjectRecord record = source.index().find(key);
        VolumeStore target = volumes.current().home(key);
        if (record == null || target.equals(source)) {
            return Outcome.NOTHING_TO_DO;
        }
        ObjectRecord there = target.index().find(key);
        if (there != null && !isNewer(record, there)) {
            return removeSuperseded(source, target, key);
        }
        if (!target.volume().space().tryAdmit(record.size())) {
            return Outcome.NO_SPACE;
        }
        try (ByteSink sink = new ByteSink(target.volume(), record.size())) {
            if (!copy(source, key, record, sink)) {
                return Outcome.LATER;
            }
            ObjectWriter.prepare(sink, Durability.GROUP);
            Outcome outcome = commit(source, target, key, record, sink);
            if (outcome == Outcome.MOVED) {
                sink.keep();
            }
            return outcome;
        }
    }

    private Outcome commit(VolumeStore source, VolumeStore target, byte[] key, ObjectRecord record, ByteSink sink) {
        Lock lock = locks.lock(key);
        try {
            ObjectRecord now = source.index().find(key);
            if (now == null || !isAllowed(source, target, key) || !Arrays.equals(now.value(), record.value())) {
                return Outcome.LATER;
            }
            ObjectRecord there = target.index().find(key);
            RecordDraft draft = RecordDraft.of(record);
            ObjectWriter.commit(
                    target,
                    Durability.GROUP,
                    sink,
                    new ObjectWriter.Slot(Family.CURRENT, key, there == null ? null : there.value()),
                    extents -> draft.withExtents(extents).encode());
            remove(source, key, now);
            return Outcome.MOVED;
        } finally {
            lock.unlock();
        }
    }

    /// Takes the copy away that is not newer than the one where the object belongs.
    private Outcome removeSuperseded(VolumeStore source, VolumeStore target, byte[] key) {
        Lock lock = locks.lock(key);
        try {
            ObjectRecord here = source.index().find(key);
            ObjectRecord there = target.index().find(key);
            if (here == null || there == null || isNewer(here, there) || !isAllowed(source, target, key)) {
                return Outcome.LATER;
            }
            remove(source, key, here);
            return Outcome.MOVED;
        } finally {
            lock.unlock();
        }
    }

    private void remove(VolumeStore source, byte[] key, ObjectRecord record) {
        volumes.relocating();
        source.commit(List.of(new Mutation.Remove(Family.CURRENT, key, record.value())), Durability.GROUP);
    }

    private boolean isAllowed(VolumeStore source, VolumeStore target, byte[] key) {
        Membership set = volumes.current();
        return set.serves(source)
                && set.serves(target)
                && set.home(key).equals(target)
                && !gate.isClosed(IndexKeys.bucketId(key))
                && !hasUploads(source, key);
    }

    /// Whether an upload of the object's name is on that volume, which may extend the object.
    private static boolean hasUploads(VolumeStore source, byte[] key) {
        long bucketId = IndexKeys.bucketId(key);
        String name = IndexKeys.name(key);
        try (IndexCursor cursor = source.index().cursor(Family.UPLOADS, IndexKeys.pastUploads(bucketId, name))) {
            cursor.seek(IndexKeys.upload(bucketId, name, ""));
            return cursor.isValid();
        }
    }

    private static boolean isNewer(ObjectRecord record, ObjectRecord other) {
        int version = Long.compare(record.version(), other.version());
        return version != 0 ? version > 0 : record.modifiedMillis() > other.modifiedMillis();
    }

    /// False when a file has gone because the object changed.
    private boolean copy(VolumeStore source, byte[] key, ObjectRecord record, ByteSink sink) {
        if (record.size() == 0) {
            return true;
        }
        List<FileSlice> slices = source.open(record, new ByteRange(0, record.size()), Waiting.ALLOWED);
        if (slices == null) {
            return false;
        }
        Checksum stored = stored(record);
        ChecksumSet checksums = ChecksumSet.of(stored == null ? List.of() : List.of(stored.type()));
        try {
            for (FileSlice slice : slices) {
                copy(slice, checksums, sink);
            }
        } finally {
            slices.forEach(FileSlice::close);
        }
        if (stored != null && !checksums.finish().equals(List.of(stored))) {
            source.damage().report(Family.CURRENT, key, record, "its bytes do not have their checksum");
            throw new StoreException(
                    ErrorCode.CORRUPT,
                    "an object of " + record.size() + " bytes on volume " + source.volume() + " does not have its "
                            + stored.type().wireName() + ": it is not moved");
        }
        return true;
    }

    private void copy(FileSlice slice, ChecksumSet checksums, ByteSink sink) {
        for (long at = 0; at < slice.length(); at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(CHUNK_BYTES, slice.length() - at));
            slice.read(at, chunk);
            chunk.flip();
            checksums.update(chunk);
            sink.write(chunk);
        }
    }

    private static @Nullable Checksum stored(ObjectRecord record) {
        Checksum xxhash = record.checksum(ChecksumType.XXHASH64);
        List<Checksum> all = record.checksums();
        return xxhash != null || all.isEmpty() ? xxhash : all.getFirst();
    }
}
