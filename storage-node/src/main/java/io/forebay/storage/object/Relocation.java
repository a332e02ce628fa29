package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Location;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.volume.BufferPool;
import io.forebay.storage.volume.LogFrame;
import io.forebay.storage.volume.SegmentWalk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.StampedLock;

/// Moves one value, and the bytes that it points to, out of a segment: commits it again at the end of the log,
/// the same in every other respect, if it is still what the index has.
///
/// For one thread at a time.
final class Relocation {
    private static final int COPY_BYTES = 2 << 20;
    private static final int LEAST_COPY_BYTES = 4 << 10;

    /// Objects with at least as many extents are remembered once they have nothing in the segment any more.
    private static final int MANY_EXTENTS = 8;

    private final VolumeStore store;
    private final Guards guards;
    private final LongAdder movedBytes;
    private final Set<ByteBuffer> moved = new HashSet<>();
    /// The objects whose versions were looked at.
    private final Set<ByteBuffer> versioned = new HashSet<>();

    Relocation(VolumeStore store, Guards guards, LongAdder movedBytes) {
        this.store = store;
        this.guards = guards;
        this.movedBytes = movedBytes;
    }

    /// Moves what a put of a segment's record is still needed for. Returns the bytes written.
    long move(Mutation.Put put, SegmentWalk segment, SegmentWalk.Whole record) {
        Source source = new Source(segment, record);
        return switch (put.family()) {
            case UPLOADS -> moveUpload(put, source);
            case PARTS -> movePart(put, source);
            case CURRENT -> moveObject(put.key(), source) + moveVersions(put.key(), source);
            case VERSIONS -> moveVersion(put.key(), source);
            case TOMBSTONES -> moveTombstone(put.key(), source);
            case MEMBERS, VOLUME -> 0;
        };
    }

    /// Forgets what is known of the segment that was worked on.
    void forget() {
        moved.clear();
        versioned.clear();
    }

    /// The record that something is moved out of.
    private record Source(SegmentWalk segment, SegmentWalk.Whole record) {
        /// Whether a value is the one that this record put.
        boolean hasPut(byte[] value) {
            return Location.segment(value) == segment.segment() && Location.offset(value) == record.offset();
        }
    }

    private long moveUpload(Mutation.Put put, Source source) {
        StampedLock lock = guards.uploads().of(IndexKeys.uploadId(put.key()));
        long stamp = lock.readLock();
        try {
            byte[] value = store.index().find(Family.UPLOADS, put.key());
            if (value == null || !source.hasPut(value) || isClosed(put.key())) {
                return 0;
            }
            return commit(Family.UPLOADS, put.key(), Location.cleared(value), value, Durability.NONE);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    private long moveTombstone(byte[] key, Source source) {
        Lock lock = guards.keys().lockInTurn(key);
        try {
            byte[] value = store.index().find(Family.TOMBSTONES, key);
            if (value == null || !source.hasPut(value) || isClosed(key)) {
                return 0;
            }
            return commit(Family.TOMBSTONES, key, Location.cleared(value), value, Durability.NONE);
        } finally {
            lock.unlock();
        }
    }

    /// A part is its upload's, until that is complete: then its bytes are the object's.
    private long movePart(Mutation.Put put, Source source) {
        StampedLock uploadLock = guards.uploads().of(IndexKeys.uploadId(IndexKeys.uploadOf(put.key())));
        long stamp = uploadLock.readLock();
        try {
            Lock lock = guards.keys().lockInTurn(put.key());
            try {
                byte[] value = store.index().find(Family.PARTS, put.key());
                if (value != null) {
                    return isClosed(put.key()) ? 0 : moveValue(Family.PARTS, put.key(), value, source);
                }
            } finally {
                lock.unlock();
            }
        } finally {
            uploadLock.unlockRead(stamp);
        }
        byte[] object = IndexKeys.objectOf(put.key());
        return moveObject(object, source) + moveVersions(object, source);
    }

    /// What was put as a version may be the object again.
    private long moveVersion(byte[] key, Source source) {
        byte[] object = IndexKeys.objectOf(key);
        return moveAll(key, source) + moveObject(object, source) + moveVersions(object, source);
    }

    /// Moves the bytes of all versions of an object that are in the segment: what an object was put with is a
    /// version's when it is not current any more. Looks once for each object and segment, which gets no more of
    /// them.
    private long moveVersions(byte[] object, Source source) {
        if (!store.hasVersions() || !versioned.add(ByteBuffer.wrap(object))) {
            return 0;
        }
        long bytes = 0;
        for (byte[] key : versionsIn(object, source.segment.segment())) {
            bytes += moveAll(key, source);
        }
        return bytes;
    }

    private List<byte[]> versionsIn(byte[] object, long segment) {
        List<byte[]> keys = new ArrayList<>();
        try (IndexCursor cursor = store.index().cursor(Family.VERSIONS, IndexKeys.versionsEnd(object))) {
            for (cursor.seek(IndexKeys.versionsStart(object)); cursor.isValid(); cursor.next()) {
                if (ObjectRecord.of(cursor.value()).extents().touches(segment)) {
                    keys.add(cursor.key());
                }
            }
        }
        return keys;
    }

    private long moveObject(byte[] key, Source source) {
        return moved.contains(ByteBuffer.wrap(key)) ? 0 : moveAll(key, source);
    }

    /// Moves everything that an object or version has in the segment.
    private long moveAll(byte[] key, Source source) {
        Family family = Family.of(key);
        long bytes = 0;
        long step = -1;
        while (step != 0) {
            Lock lock = guards.keys().lockInTurn(key);
            try {
                byte[] value = isClosed(key) ? null : store.index().find(family, key);
                step = value == null ? 0 : moveValue(family, key, value, source);
            } finally {
                lock.unlock();
            }
            bytes += step;
        }
        return bytes;
    }

    /// Moves the value, or the next run of bytes that it has in the segment. Returns the bytes written, 0 when
    /// nothing was left to move.
    private long moveValue(Family family, byte[] key, byte[] value, Source source) {
        ObjectRecord record = ObjectRecord.of(value);
        boolean here = source.hasPut(value);
        if (record.isInline()) {
            return here ? moveInline(family, key, value, source) : 0;
        }
        Extents extents = record.extents();
        if (extents.touches(source.segment.segment())) {
            return moveExtents(family, key, record, source);
        }
        if (extents.count() >= MANY_EXTENTS && !here) {
            // Later records of this segment may have more parts of it, in vain.
            moved.add(ByteBuffer.wrap(key));
        }
        if (!here) {
            return 0;
        }
        if (extents.count() == 1 && !extents.isSegment(0)) {
            // A replay would read the whole file of a write that was not synced.
            store.volume().files().sync(extents.id(0));
            return commit(family, key, Location.cleared(value), value, Durability.GROUP);
        }
        return commit(family, key, Location.cleared(value), value, Durability.NONE);
    }

    private long moveInline(Family family, byte[] key, byte[] value, Source source) {
        ByteBuffer data = source.record.data();
        try (BufferPool.Block block = store.volume().buffers().take(LogFrame.HEADER_BYTES + data.remaining())) {
            block.buffer().put(LogFrame.HEADER_BYTES, data, 0, data.remaining());
            return commit(family, key, Location.cleared(value), value, block, data.remaining());
        }
    }

    /// Copies the first run of bytes in the segment and makes it the new record's own.
    private long moveExtents(Family family, byte[] key, ObjectRecord record, Source source) {
        long half = store.volume().config().segment().bytes() / 2;
        long room = Math.min(COPY_BYTES, half / 2);
        room = Math.max(LEAST_COPY_BYTES, Math.min(room, half - 2L * record.value().length - LEAST_COPY_BYTES));
        try (BufferPool.Block block = store.volume().buffers().take(LogFrame.HEADER_BYTES + (int) room)) {
            ByteBuffer buffer = block.buffer().clear().position(LogFrame.HEADER_BYTES);
            Extents extents = record.extents();
            Extents.Builder next = new Extents.Builder();
            int copied = 0;
            for (int index = 0; index < extents.count(); index++) {
                long length = extents.length(index);
                boolean hit = extents.isSegment(index) && extents.id(index) == source.segment.segment();
                int run = hit ? (int) Math.min(length, room - copied) : 0;
                if (run > 0) {
                    buffer.limit(buffer.position() + run);
                    source.segment.copy(extents.offset(index), buffer);
                    next.addOwn(copied, run);
                    copied += run;
                }
                next.add(extents, index, run, length - run);
            }
            return commit(family, key, record.withExtents(next.build()), record.value(), block, copied);
        }
    }

    private long commit(Family family, byte[] key, byte[] value, byte[] before, Durability durability) {
        store.commit(List.of(new Mutation.Put(family, key, value, before)), durability);
        movedBytes.add(value.length);
        return value.length;
    }

    private long commit(Family family, byte[] key, byte[] value, byte[] before, BufferPool.Block data, int dataBytes) {
        store.commit(Commit.of(
                data,
                dataBytes,
                List.of(new Mutation.Put(family, key, value, before)),
                Durability.NONE,
                store.volume().buffers()));
        movedBytes.add(value.length + (long) dataBytes);
        return value.length + (long) dataBytes;
    }

    /// Whether the key's bucket is being removed, entry by entry: that knows where each is.
    private boolean isClosed(byte[] key) {
        return guards.gate().isClosed(IndexKeys.bucketId(key));
    }
}
