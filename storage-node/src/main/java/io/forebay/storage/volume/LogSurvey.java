package io.forebay.storage.volume;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// Reads every whole record of a log, also those behind damaged ones, which `LogReader` refuses to pass.
///
/// What lies behind the end of the log (a torn group, what a file held before) is told from damage in the same way.
public final class LogSurvey {
    private static final long STEP_BYTES = 8 << 20;

    private final SegmentOpening opening;
    private final List<Long> segments;

    /// @param segments the ids of all segment files that are there
    LogSurvey(SegmentOpening opening, Collection<Long> segments) {
        this.opening = opening;
        this.segments = List.copyOf(new TreeSet<>(segments));
    }

    /// Opens segment files.
    interface SegmentOpening {
        DiskFile open(long id) throws IOException;

        /// Whether that segment's file begins as it must.
        boolean hasHeader(DiskFile file, long id) throws IOException;
    }

    /// A run of bytes of a segment that is no record, or not a whole one, and had to be.
    public record Stretch(long segment, long from, long to) {
        /// Whether it has any byte of that run.
        public boolean overlaps(long id, long offset, long length) {
            return id == segment && offset < to && offset + length > from;
        }

        @Override
        public String toString() {
            return Segment.path(segment) + " from " + from + " to " + to;
        }
    }

    /// What a survey tells.
    public interface Visitor {
        /// The next whole record, in the order of the log.
        void record(LogRecord record);

        /// Bytes that are damaged.
        void damaged(Stretch stretch);

        /// A segment's header is damaged; its records are read nevertheless.
        default void damagedHeader(long segment) {
            damaged(new Stretch(segment, 0, LogFrame.SEGMENT_HEADER_BYTES));
        }

        /// A segment that the log needs is not there.
        default void missing(long segment) {}

        /// So many more bytes were read.
        default void progress(long bytes) {}
    }

    /// Reads everything and returns where the log ends: in a segment that is not there if that is missing.
    public LogPosition read(Visitor visitor) {
        LogPosition end = LogPosition.START;
        try {
            for (int index = 0; index < segments.size(); index++) {
                boolean goesOn = hasRecords(index + 1, end.sequence());
                end = read(segments.get(index), end.sequence(), goesOn, visitor);
                if (!goesOn) {
                    return end;
                }
            }
            return end;
        } catch (IOException e) {
            throw VolumeFailure.of("cannot read the log", e);
        }
    }

    private LogPosition read(long segment, long sequence, boolean goesOn, Visitor visitor) throws IOException {
        try (DiskFile file = opening.open(segment)) {
            // As LogReader: what is built on these bytes must not become durable before them.
            file.sync();
            if (!opening.hasHeader(file, segment)) {
                visitor.damagedHeader(segment);
            }
            SegmentSurvey.Reach reach = goesOn ? SegmentSurvey.Reach.WHOLE : SegmentSurvey.Reach.UNTIL_TORN;
            SegmentSurvey survey = new SegmentSurvey(file, segment, file.size(), sequence, reach);
            long before = survey.position().offset();
            boolean more = true;
            while (more) {
                more = survey.step(STEP_BYTES, visitor);
                visitor.progress(survey.position().offset() - before);
                before = survey.position().offset();
            }
            if (goesOn || survey.nextSegment() == 0) {
                return survey.position();
            }
            return behindSeal(survey, visitor);
        }
    }

    /// A sealed segment is followed by another one, which may have no records yet.
    private LogPosition behindSeal(SegmentSurvey survey, Visitor visitor) {
        long next = survey.nextSegment();
        for (long segment : segments) {
            if (segment >= next) {
                return new LogPosition(
                        segment,
                        LogFrame.SEGMENT_HEADER_BYTES,
                        survey.position().sequence());
            }
        }
        visitor.missing(next);
        return new LogPosition(
                next, LogFrame.SEGMENT_HEADER_BYTES, survey.position().sequence());
    }

    /// Whether a segment from that index on has a record: everything before it was durable then.
    private boolean hasRecords(int from, long sequence) throws IOException {
        for (long segment : segments.subList(from, segments.size())) {
            try (DiskFile file = opening.open(segment)) {
                RecordFinder finder = new RecordFinder(file, segment, file.size());
                if (finder.next(LogFrame.SEGMENT_HEADER_BYTES, sequence) != null) {
                    return true;
                }
            }
        }
        return false;
    }
}
