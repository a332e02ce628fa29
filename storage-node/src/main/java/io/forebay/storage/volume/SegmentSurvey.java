package io.forebay.storage.volume;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads every whole record of one segment, also those behind damaged ones, a piece at a time.
///
/// For one thread at a time. The file is the caller's.
final class SegmentSurvey {
    private final RecordFinder finder;
    private final long segment;
    private final long limit;
    private final Proof proof;
    private long offset = LogFrame.SEGMENT_HEADER_BYTES;
    private long sequence;
    private long nextSegment;
    private boolean ended;

    /// Says of a segment that its records go on at a place that has none: it is damaged then, not the log's end.
    @FunctionalInterface
    interface Proof {
        /// Every record of the segment is known to be durable, up to the limit or a seal.
        Proof WHOLE = sequence -> true;

        /// Whether something outside the segment says that a record with that sequence number was durable.
        boolean wasDurable(long sequence) throws IOException;
    }

    /// @param limit where the records end at the latest
    /// @param sequence what the first record's sequence number is at least
    SegmentSurvey(DiskFile file, long segment, long limit, long sequence, Proof proof) {
        this.finder = new RecordFinder(file, segment, limit);
        this.segment = segment;
        this.limit = limit;
        this.sequence = sequence;
        this.proof = proof;
    }

    /// Goes on by about that many bytes. False when the segment's records have ended.
    boolean step(long bytes, LogSurvey.Visitor visitor) throws IOException {
        long until = offset + bytes;
        while (!ended && offset < until) {
            RecordFinder.Found found = finder.at(offset, sequence);
            if (found == null) {
                found = behindDamage(visitor);
            }
            if (found == null) {
                ended = true;
            } else {
                visit(found, visitor);
            }
        }
        return !ended;
    }

    /// Where the records have been read up to.
    LogPosition position() {
        return new LogPosition(segment, (int) offset, sequence);
    }

    /// The segment that a seal names as the next one; 0 without a seal.
    long nextSegment() {
        return nextSegment;
    }

    private void visit(RecordFinder.Found found, LogSurvey.Visitor visitor) throws IOException {
        LogFrame.Header header = found.header();
        offset = found.end();
        sequence = header.sequence() + 1;
        if (header.kind() == LogFrame.KIND_SEAL) {
            nextSegment = finder.operations(found).getLong();
            ended = true;
            return;
        }
        visitor.record(finder.record(found));
    }

    /// The record behind a place that has none, or null when the log ends there.
    private RecordFinder.@Nullable Found behindDamage(LogSurvey.Visitor visitor) throws IOException {
        if (offset >= limit
                || !(proof.wasDurable(sequence) || finder.trace(offset).durableBefore() > sequence)) {
            return null;
        }
        RecordFinder.Found next = finder.next(offset, sequence);
        long end = next == null ? limit : next.offset();
        visitor.damaged(new LogSurvey.Stretch(segment, offset, end));
        offset = end;
        return next;
    }
}
