package io.forebay.storage.volume;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Reads records of the log in order, from a position on, as far as they are whole.
///
/// What follows the last whole record was never acknowledged as durable: a torn group, whole segments behind
/// one that was not synced, what the file held before it became a segment, or records of an earlier run, whose
/// sequence numbers are too low. Where something behind proves otherwise, the log is damaged and reading
/// throws CORRUPT.
final class LogReader {
    /// The most sequence numbers that what lies behind the end may make the log pass over, since what looks
    /// like a header there may be data.
    private static final long MAX_PASSED_OVER = 1L << 48;

    private final SegmentFiles files;
    private final long segmentBytes;
    private final TreeSet<Long> segments;
    private final ByteBuffer window;

    /// @param segments the ids of all segment files that are there
    LogReader(SegmentFiles files, long segmentBytes, Collection<Long> segments) {
        this.files = files;
        this.segmentBytes = segmentBytes;
        this.segments = new TreeSet<>(segments);
        this.window = RecordFinder.window(segmentBytes);
    }

    /// Where the oldest segment begins; the start of the log when there is none.
    LogPosition beginning() {
        return segments.isEmpty()
                ? LogPosition.START
                : new LogPosition(segments.first(), LogFrame.SEGMENT_HEADER_BYTES, 1);
    }

    /// Whether all there is of the log is a segment that was being made: without a header, and without a record.
    boolean isUnbegun() throws IOException {
        if (segments.size() != 1) {
            return false;
        }
        long only = segments.first();
        try (DiskFile file = openUnchecked(only)) {
            return !files.hasHeader(file, only) && finder(file, only).trace(0).equals(RecordFinder.Trace.NONE);
        }
    }

    /// Visits every record and returns the position behind the last one.
    LogPosition read(LogPosition from, Consumer<LogRecord> visitor) throws IOException {
        LogPosition at = from;
        while (true) {
            Tail tail = readSegment(at, visitor);
            if (tail.nextSegment == 0) {
                return tail.position;
            }
            // Dead segments may have been removed in the middle: the log goes on in the next that is there.
            Long next = segments.ceiling(tail.nextSegment);
            if (next == null) {
                throw new StoreException(ErrorCode.CORRUPT, Segment.path(tail.nextSegment) + " is missing");
            }
            at = new LogPosition(next, LogFrame.SEGMENT_HEADER_BYTES, tail.position.sequence());
        }
    }

    /// Where reading of a segment ended, and which one follows it; 0 when none does.
    private record Tail(LogPosition position, long nextSegment) {}

    private Tail readSegment(LogPosition from, Consumer<LogRecord> visitor) throws IOException {
        long segment = from.segment();
        try (DiskFile file = open(segment)) {
            RecordFinder finder = finder(file, segment);
            LogPosition at = from;
            while (true) {
                RecordFinder.Found found = finder.at(at.offset(), at.sequence());
                if (found == null) {
                    return new Tail(end(finder, at), 0);
                }
                LogRecord record = finder.record(found);
                if (found.header().kind() == LogFrame.KIND_SEAL) {
                    return new Tail(record.end(), record.operations().getLong());
                }
                visitor.accept(record);
                at = record.end();
            }
        }
    }

    private DiskFile open(long segment) throws IOException {
        DiskFile file = openUnchecked(segment);
        if (!files.hasHeader(file, segment)) {
            file.close();
            throw new StoreException(ErrorCode.CORRUPT, Segment.path(segment) + " has a damaged header");
        }
        return file;
    }

    private DiskFile openUnchecked(long segment) throws IOException {
        DiskFile file = files.open(segment, Disk.Access.READ);
        // What is read may be in the page cache only, after a crash of the process: what is built on it must not
        // become durable before it does.
        file.sync();
        return file;
    }

    private RecordFinder finder(DiskFile file, long segment) {
        return new RecordFinder(file, segment, segmentBytes, window);
    }

    /// The end of the log at a place that has no record, with a sequence number above all that were used
    /// behind it. Throws CORRUPT when a header behind it says that a record from there on was durable.
    private LogPosition end(RecordFinder finder, LogPosition at) throws IOException {
        RecordFinder.Trace behind = finder.trace(at.offset());
        for (long later : segments.tailSet(at.segment(), false)) {
            // The next start removes it: what it has is behind a lost record.
            try (DiskFile next = openUnchecked(later)) {
                behind = behind.and(finder(next, later).trace(LogFrame.SEGMENT_HEADER_BYTES));
            }
        }
        if (behind.durableBefore() > at.sequence()) {
            throw damaged(at);
        }
        long used = Math.min(behind.sequence() + 1, at.sequence() + MAX_PASSED_OVER);
        return new LogPosition(at.segment(), at.offset(), Math.max(at.sequence(), used));
    }

    private static StoreException damaged(LogPosition end) {
        return new StoreException(
                ErrorCode.CORRUPT,
                Segment.path(end.segment()) + " is damaged at offset " + end.offset() + ": durable records are lost");
    }
}
