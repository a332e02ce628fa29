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
    private static final int WINDOW_BYTES = 1 << 20;

    private final OpenFile file;
    private final long segment;
    private final long segmentBytes;
    private ByteBuffer window = ByteBuffer.allocateDirect(WINDOW_BYTES).limit(0);
    private long windowAt;
    private long offset = LogFrame.SEGMENT_HEADER_BYTES;
    private long sequence;
    private boolean ended;

    /// A walk that owns one hold of the file.
    SegmentWalk(OpenFile file, long segment, long segmentBytes) {
        this.file = file;
        this.segment = segment;
        this.segmentBytes = segmentBytes;
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
        LogFrame.Header header = header(offset);
        if (header == null) {
            return damaged(offset + LogFrame.ALIGNMENT);
        }
        int at = (int) offset;
        int length = LogFrame.padded(header.length());
        ByteBuffer bytes = slice(offset, header.length());
        if (bytes.remaining() < header.length()
                || LogFrame.bodyCrc(bytes, header.length() - LogFrame.HEADER_BYTES) != header.bodyCrc()) {
            return damaged(offset + length);
        }
        sequence = header.sequence() + 1;
        offset += length;
        ended = header.kind() == LogFrame.KIND_SEAL;
        return ended
                ? null
                : new Whole(
                        at,
                        length,
                        bytes.slice(LogFrame.HEADER_BYTES, header.dataBytes()),
                        bytes.slice(LogFrame.HEADER_BYTES + header.dataBytes(), header.operationsBytes()));
    }

    /// Goes on at the first header from that place on; the end of the file when there is none.
    private Damaged damaged(long from) throws IOException {
        long begin = offset;
        long at = from;
        while (at + LogFrame.HEADER_BYTES <= segmentBytes) {
            ByteBuffer piece = slice(at, (int) Math.min(WINDOW_BYTES / 2, segmentBytes - at));
            if (piece.remaining() < LogFrame.HEADER_BYTES) {
                break;
            }
            int last = piece.remaining() - LogFrame.HEADER_BYTES & -LogFrame.ALIGNMENT;
            for (int index = 0; index <= last; index += LogFrame.ALIGNMENT) {
                if (LogFrame.mayBeHeader(piece, index) && header(at + index) != null) {
                    offset = at + index;
                    return new Damaged((int) begin, (int) (offset - begin));
                }
            }
            at += last + LogFrame.ALIGNMENT;
        }
        ended = true;
        offset = segmentBytes;
        return new Damaged((int) begin, (int) (segmentBytes - begin));
    }

    /// The header at that place, if it can be that of the next record.
    private LogFrame.@Nullable Header header(long at) throws IOException {
        ByteBuffer bytes = slice(at, LogFrame.HEADER_BYTES);
        LogFrame.Header header = bytes.remaining() < LogFrame.HEADER_BYTES ? null : LogFrame.readHeader(bytes, segment);
        if (header == null || header.sequence() < sequence || header.length() > segmentBytes - at) {
            return null;
        }
        boolean known = header.kind() == LogFrame.KIND_OPERATIONS || header.kind() == LogFrame.KIND_SEAL;
        return known ? header : null;
    }

    /// The file's bytes at that place, fewer where it ends. Valid until the next call.
    private ByteBuffer slice(long at, int bytes) throws IOException {
        if (at < windowAt || at + bytes > windowAt + window.limit()) {
            if (bytes > window.capacity()) {
                window = ByteBuffer.allocateDirect(bytes);
            }
            windowAt = at;
            window.clear();
            file.file().read(at, window);
            window.flip();
        }
        int from = (int) (at - windowAt);
        return window.slice(from, Math.min(bytes, window.limit() - from));
    }
}
