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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps the books on a volume's space while records are applied: what each index value needs, and what becomes
/// free.
///
/// For the thread that applies the log. A value needs its own log record, and the extents of its object.
final class SpaceUse {
    private final Segments segments;
    private final Set<Segment> touched = new HashSet<>();
    private final Map<Long, Integer> fileChanges = new HashMap<>();
    private final List<Long> freedFiles = new ArrayList<>();
    private volatile long largeFileBytes;
    private volatile long objectCount;

    SpaceUse(Segments segments) {
        this.segments = segments;
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
            if (change > 0) {
                SpaceTable.putFile(batch, id);
            } else if (change < 0) {
                SpaceTable.removeFile(batch, id);
                freedFiles.add(id);
            }
        });
        fileChanges.clear();
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
