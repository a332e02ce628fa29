package io.forebay.storage.object;

import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexBatch;
import io.forebay.storage.metadata.Location;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.SpaceTable;
import io.forebay.storage.volume.LogPosition;
import io.forebay.storage.volume.Segment;
import io.forebay.storage.volume.Segments;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongToIntFunction;
import org.jspecify.annotations.Nullable;

/// Keeps the books on a volume's space while records are applied: what each index value needs, and what becomes
/// free.
///
/// For the thread that applies the log. A value needs its own log record, and the extents of its object.
final class SpaceUse {
    private final Segments segments;
    private final Set<Segment> touched = new HashSet<>();
    private final LongToIntFunction knownOwners;
    private final Map<Long, Integer> fileChanges = new HashMap<>();
    /// How many extents own the files that this batch changes.
    private final Map<Long, Integer> fileOwners = new HashMap<>();

    private final Set<Long> freedFiles = new LinkedHashSet<>();
    private volatile long largeFileBytes;
    private volatile long objectCount;

    /// @param knownOwners how many extents own a large file, by what was counted before this batch
    SpaceUse(Segments segments, LongToIntFunction knownOwners) {
        this.segments = segments;
        this.knownOwners = knownOwners;
    }

    void restore(long bytes, long objects) {
        largeFileBytes = bytes;
        objectCount = objects;
    }

    long objectCount() {
        return objectCount;
    }

    /// The bytes of all large files that the index points to.
    long largeFileBytes() {
        return largeFileBytes;
    }

    /// Counts a value that comes into the index.
    void add(Family family, byte[] value) {
        count(family, value, 1);
    }

    /// Counts a value that leaves the index.
    void release(Family family, byte @Nullable [] value) {
        if (value != null) {
            count(family, value, -1);
        }
    }

    /// Counts something in a segment that says what is gone from another.
    void addRemoval(long segmentId, long bytes, long until) {
        touched(segmentId).addRemoval(bytes, Math.min(until, segmentId));
    }

    /// Says that nothing comes into a segment any more, and where its records end.
    void fill(long segmentId, long bytes) {
        Segment segment = segments.find(segmentId);
        if (segment != null) {
            segment.setFilled(bytes);
            touched.add(segment);
        }
    }

    /// Says that what a segment's records remove was repeated later, or matters no more.
    void clearRemovals(long segmentId) {
        touched(segmentId).clearRemovals();
    }

    /// Ends a log record: files that changed owners inside it are neither new nor free.
    void endRecord(IndexBatch batch) {
        if (fileChanges.isEmpty()) {
            return;
        }
        fileChanges.forEach((id, change) -> {
            if (change != 0) {
                count(batch, id, change);
            }
        });
        fileChanges.clear();
    }

    /// When the log is replayed without an index, what a compaction moved comes before what took its file over is
    /// gone: a file is free when its last owner is.
    private void count(IndexBatch batch, long id, int change) {
        int owners = fileOwners.computeIfAbsent(id, knownOwners::applyAsInt) + change;
        fileOwners.put(id, owners);
        if (owners > 0) {
            SpaceTable.putFile(batch, id, owners);
            freedFiles.remove(id);
        } else {
            SpaceTable.removeFile(batch, id);
            freedFiles.add(id);
        }
    }

    /// Ends a batch of which that position is the end: remembers the segments whose use changed, and returns the
    /// files that are free when the batch is durable.
    List<Long> endBatch(IndexBatch batch, LogPosition end) {
        for (Segment segment : touched) {
            if (segment.liveBytes() == 0) {
                segment.setEmptied(end);
            }
            SpaceTable.putSegment(
                    batch,
                    new SpaceTable.SegmentUse(
                            segment.id(),
                            segment.liveBytes(),
                            segment.removalBytes(),
                            segment.removedUntil(),
                            segment.filledBytes()));
        }
        touched.clear();
        fileOwners.clear();
        if (freedFiles.isEmpty()) {
            return List.of();
        }
        List<Long> freed = List.copyOf(freedFiles);
        freedFiles.clear();
        return freed;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread changes it.
    private void count(Family family, byte[] value, int sign) {
        if (family == Family.CURRENT) {
            objectCount += sign;
        }
        long home = Location.segment(value);
        long bytes = Location.overhead(value);
        if (!family.hasRecords()) {
            touched(home).addLive(sign * bytes);
            return;
        }
        ObjectRecord record = ObjectRecord.of(value);
        if (record.isInline()) {
            touched(home).addLive(sign * (bytes + record.size()));
            return;
        }
        touched(home).addLive(sign * bytes);
        Extents extents = record.extents();
        for (int index = 0; index < extents.count(); index++) {
            if (extents.isSegment(index)) {
                touched(extents.id(index)).addLive(sign * extents.length(index));
            } else {
                fileChanges.merge(extents.id(index), sign, Integer::sum);
                addLargeFileBytes(sign * extents.length(index));
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread changes it.
    private void addLargeFileBytes(long bytes) {
        largeFileBytes += bytes;
    }

    private Segment touched(long segmentId) {
        Segment segment = segments.ensure(segmentId);
        touched.add(segment);
        return segment;
    }
}
