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
    private final Reach reach;
    private long offset = LogFrame.SEGMENT_HEADER_BYTES;
    private long sequence;
    private long nextSegment;
    private boolean ended;

    /// How far a segment's records go.
    enum Reach {
        /// Up to the limit or a seal: what is not a record there is damaged.
        WHOLE,
        /// Up to where a write may have been cut off: that is no damage.
        UNTIL_TORN
    }

    /// @param limit where the records end at the latest
    /// @param sequence what the first record's sequence number is at least
    SegmentSurvey(DiskFile file, long segment, long limit, long sequence, Reach reach) {
        this.finder = new RecordFinder(file, segment, limit);
        this.segment = segment;
        this.limit = limit;
        this.sequence = sequence;
        this.reach = reach;
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
        if (offset >= limit || (reach == Reach.UNTIL_TORN && !finder.provesDurable(offset, sequence))) {
            return null;
        }
        RecordFinder.Found next = finder.next(offset, sequence);
        long end = next == null ? limit : next.offset();
        visitor.damaged(new LogSurvey.Stretch(segment, offset, end));
        offset = end;
        return next;
    }
}
