package io.forebay.storage.volume;

/// A place in the log between two records: every record before it is accounted for.
///
/// @param sequence what the next record's sequence number is at least
public record LogPosition(long segment, int offset, long sequence) implements Comparable<LogPosition> {
    /// The beginning of the log of a new volume.
    public static final LogPosition START = new LogPosition(1, LogFrame.SEGMENT_HEADER_BYTES, 1);

    @Override
    public int compareTo(LogPosition other) {
        int bySegment = Long.compare(segment, other.segment);
        return bySegment != 0 ? bySegment : Integer.compare(offset, other.offset);
    }
}
