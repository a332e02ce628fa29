package io.forebay.storage.volume;

import java.io.IOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Reads every whole record of a log, also those behind damaged ones, which `LogReader` refuses to pass.
///
/// What lies behind the end of the log (a torn group, what a file held before) is told from damage in the same
/// way.
public final class LogSurvey {
    private static final long STEP_BYTES = 8 << 20;

    private final SegmentOpening opening;
    private final NavigableSet<Long> segments;

    /// @param segments the ids of all segment files that are there
    LogSurvey(SegmentOpening opening, Collection<Long> segments) {
        this.opening = opening;
        this.segments = new TreeSet<>(segments);
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
    /// Segments behind the end are passed over: they were never acknowledged as durable.
    public LogPosition read(Visitor visitor) {
        LogPosition end = LogPosition.START;
        Long segment = segments.isEmpty() ? null : segments.first();
        try {
            while (segment != null) {
                SegmentSurvey survey = read(segment, end.sequence(), visitor);
                end = survey.position();
                long next = survey.nextSegment();
                if (next == 0) {
                    Later later = new Later(segment);
                    segment = later.wasDurable(end.sequence()) ? segments.higher(segment) : null;
                } else {
                    segment = segments.ceiling(next);
                    end = new LogPosition(
                            segment == null ? next : segment, LogFrame.SEGMENT_HEADER_BYTES, end.sequence());
                    if (segment == null) {
                        visitor.missing(next);
                    }
                }
            }
            return end;
        } catch (IOException e) {
            throw VolumeFailure.of("cannot read the log", e);
        }
    }

    private SegmentSurvey read(long segment, long sequence, Visitor visitor) throws IOException {
        try (DiskFile file = opening.open(segment)) {
            // As LogReader: what is built on these bytes must not become durable before them.
            file.sync();
            if (!opening.hasHeader(file, segment)) {
                visitor.damagedHeader(segment);
            }
            SegmentSurvey survey = new SegmentSurvey(file, segment, file.size(), sequence, new Later(segment));
            long before = survey.position().offset();
            boolean more = true;
            while (more) {
                more = survey.step(STEP_BYTES, visitor);
                visitor.progress(survey.position().offset() - before);
                before = survey.position().offset();
            }
            return survey;
        }
    }

    /// What the segments behind one say of it, read as far as it takes.
    private final class Later implements SegmentSurvey.Proof {
        private final Iterator<Long> left;
        private long durableBefore;

        Later(long segment) {
            this.left = segments.tailSet(segment, false).iterator();
        }

        @Override
        public boolean wasDurable(long sequence) throws IOException {
            while (durableBefore <= sequence && left.hasNext()) {
                long segment = left.next();
                try (DiskFile file = opening.open(segment)) {
                    RecordFinder finder = new RecordFinder(file, segment, file.size());
                    long told = finder.trace(LogFrame.SEGMENT_HEADER_BYTES).durableBefore();
                    durableBefore = Math.max(durableBefore, told);
                }
            }
            return durableBefore > sequence;
        }
    }
}
