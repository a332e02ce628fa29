package io.forebay.storage.volume;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Walks over the records of a segment that takes no more, verifying each, and goes on behind damaged ones.
///
/// The segment's file stays until the walk is closed. For one thread at a time.
public final class SegmentWalk implements AutoCloseable {
    private final OpenFile file;
    private final long segment;
    private final long segmentBytes;
    private final RecordFinder finder;
    private long offset = LogFrame.SEGMENT_HEADER_BYTES;
    private long sequence;
    private boolean ended;

    /// A walk that owns one hold of the file.
    SegmentWalk(OpenFile file, long segment, long segmentBytes) {
        this.file = file;
        this.segment = segment;
        this.segmentBytes = segmentBytes;
        this.finder = new RecordFinder(file.file(), segment, segmentBytes);
    }

    /// What stands at one place of a segment.
    public sealed interface Item {
        /// Where it begins in the segment.
        int offset();

        /// The bytes that it takes there, padding included.
        int length();
    }

    /// A whole record.
    ///
    /// @param data its object data, borrowed until the next step
    /// @param operations borrowed until the next step
    public record Whole(int offset, int length, ByteBuffer data, ByteBuffer operations) implements Item {}

    /// Bytes that are not what was written: one record or several.
    public record Damaged(int offset, int length) implements Item {}

    public long segment() {
        return segment;
    }

    /// Where the next item begins.
    public int offset() {
        return (int) offset;
    }

    /// The next item, or null at the end of the segment. Throws VOLUME_FAILED.
    public @Nullable Item next() {
        try {
            return ended ? null : read();
        } catch (IOException e) {
            throw VolumeFailure.of("cannot read " + Segment.path(segment), e);
        }
    }

    /// Begins again at the first record.
    public void restart() {
        offset = LogFrame.SEGMENT_HEADER_BYTES;
        sequence = 0;
        ended = false;
    }

    /// Fills the buffer with the segment's bytes from that place on. Throws CORRUPT when there are not as many, and
    /// VOLUME_FAILED.
    public void copy(long from, ByteBuffer target) {
        try {
            file.file().read(from, target);
        } catch (IOException e) {
            throw VolumeFailure.of("cannot read " + Segment.path(segment), e);
        }
        if (target.hasRemaining()) {
            throw new StoreException(ErrorCode.CORRUPT, Segment.path(segment) + " is shorter than its records");
        }
    }

    @Override
    public void close() {
        file.release();
    }

    private @Nullable Item read() throws IOException {
        RecordFinder.Found found = finder.at(offset, sequence);
        if (found == null) {
            return damaged();
        }
        LogFrame.Header header = found.header();
        sequence = header.sequence() + 1;
        offset = found.end();
        ended = header.kind() == LogFrame.KIND_SEAL;
        if (ended) {
            return null;
        }
        ByteBuffer bytes = finder.bytes(found);
        return new Whole(
                (int) found.offset(),
                LogFrame.padded(header.length()),
                bytes.slice(LogFrame.HEADER_BYTES, header.dataBytes()),
                bytes.slice(LogFrame.HEADER_BYTES + header.dataBytes(), header.operationsBytes()));
    }

    /// Goes on at the next whole record; the end of the segment when there is none.
    private Damaged damaged() throws IOException {
        long begin = offset;
        RecordFinder.Found next = finder.next(begin, sequence);
        ended = next == null;
        offset = next == null ? segmentBytes : next.offset();
        return new Damaged((int) begin, (int) (offset - begin));
    }
}
