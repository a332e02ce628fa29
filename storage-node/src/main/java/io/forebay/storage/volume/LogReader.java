package io.forebay.storage.volume;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads records of the log in order, from a position on, as far as they are whole.
///
/// What follows the last whole record was never acknowledged as durable: a torn group, what the file held before it
/// became a segment, or records of an earlier run, whose sequence numbers are too low. Where something behind
/// proves otherwise, the log is damaged and reading throws CORRUPT.
final class LogReader {
    private static final int WINDOW_BYTES = 1 << 20;

    private final SegmentFiles files;
    private final long segmentBytes;
    private final TreeSet<Long> segments;
    private final ByteBuffer window;
    private long windowAt;

    /// @param segments the ids of all segment files that are there
    LogReader(SegmentFiles files, long segmentBytes, Collection<Long> segments) {
        this.files = files;
        this.segmentBytes = segmentBytes;
        this.segments = new TreeSet<>(segments);
        this.window = ByteBuffer.allocateDirect((int) Math.min(WINDOW_BYTES, segmentBytes));
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
            return !files.hasHeader(file, only) && !hasHeaderBehind(file, only, 0);
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
            int offset = from.offset();
            long sequence = from.sequence();
            while (true) {
                LogFrame.Header header = readRecord(file, segment, offset, sequence);
                if (header == null) {
                    LogPosition end = new LogPosition(segment, offset, sequence);
                    checkNothingBehind(file, end);
                    return new Tail(end, 0);
                }
                sequence = header.sequence() + 1;
                int length = LogFrame.padded(header.length());
                ByteBuffer operations = slice(
                        file, (long) offset + LogFrame.HEADER_BYTES + header.dataBytes(), header.operationsBytes());
                if (header.kind() == LogFrame.KIND_SEAL) {
                    return new Tail(new LogPosition(segment, offset + length, sequence), operations.getLong());
                }
                LogPosition end = new LogPosition(segment, offset + length, sequence);
                visitor.accept(new LogRecord(
                        segment, offset, end, length - header.dataBytes(), header.durability(), operations));
                offset += length;
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
        window.clear().limit(0);
        windowAt = 0;
        return file;
    }

    /// The header of a whole record at that offset, or null.
    private LogFrame.@Nullable Header readRecord(DiskFile file, long segment, int offset, long sequence)
            throws IOException {
        LogFrame.Header header = readHeader(file, segment, offset);
        if (header == null || header.sequence() < sequence || header.length() > segmentBytes - offset) {
            return null;
        }
        boolean known = header.kind() == LogFrame.KIND_OPERATIONS || header.kind() == LogFrame.KIND_SEAL;
        return known && isWhole(file, offset, header) ? header : null;
    }

    private LogFrame.@Nullable Header readHeader(DiskFile file, long segment, int offset) throws IOException {
        if (offset + LogFrame.HEADER_BYTES > segmentBytes) {
            return null;
        }
        ByteBuffer bytes = slice(file, offset, LogFrame.HEADER_BYTES);
        return bytes.remaining() < LogFrame.HEADER_BYTES ? null : LogFrame.readHeader(bytes, segment);
    }

    private boolean isWhole(DiskFile file, int offset, LogFrame.Header header) throws IOException {
        CRC32C crc = new CRC32C();
        int left = header.length() - LogFrame.HEADER_BYTES;
        long at = (long) offset + LogFrame.HEADER_BYTES;
        while (left > 0) {
            ByteBuffer piece = slice(file, at, Math.min(left, WINDOW_BYTES));
            if (!piece.hasRemaining()) {
                return false;
            }
            left -= piece.remaining();
            at += piece.remaining();
            crc.update(piece);
        }
        return (int) crc.getValue() == header.bodyCrc();
    }

    /// Throws CORRUPT when a later record says that one at the end was durable, or a later segment has records: it
    /// was begun only after everything before it was durable.
    private void checkNothingBehind(DiskFile file, LogPosition end) throws IOException {
        visitHeaders(file, end.segment(), end.offset(), header -> checkDurableBefore(header, end));
        for (long later : segments.tailSet(end.segment(), false)) {
            // One whose header never got to the disk was not begun; the next start removes it.
            try (DiskFile next = openUnchecked(later)) {
                LogFrame.Header header = readRecord(next, later, LogFrame.SEGMENT_HEADER_BYTES, end.sequence());
                if (header != null) {
                    throw damaged(end);
                }
            }
        }
    }

    private boolean hasHeaderBehind(DiskFile file, long segment, int from) throws IOException {
        boolean[] found = new boolean[1];
        visitHeaders(file, segment, from, header -> found[0] = true);
        return found[0];
    }

    /// Visits all that looks like a record's header of that segment.
    private void visitHeaders(DiskFile file, long segment, int from, Consumer<LogFrame.Header> visitor)
            throws IOException {
        for (int offset = from; offset + LogFrame.HEADER_BYTES <= segmentBytes; ) {
            ByteBuffer piece = slice(file, offset, window.capacity() / 2);
            if (piece.remaining() < LogFrame.HEADER_BYTES) {
                break;
            }
            int last = piece.remaining() - LogFrame.HEADER_BYTES & -LogFrame.ALIGNMENT;
            for (int at = 0; at <= last; at += LogFrame.ALIGNMENT) {
                LogFrame.Header header = LogFrame.mayBeHeader(piece, at)
                        ? LogFrame.readHeader(piece.slice(at, LogFrame.HEADER_BYTES), segment)
                        : null;
                if (header != null) {
                    visitor.accept(header);
                }
            }
            offset += last + LogFrame.ALIGNMENT;
        }
    }

    private static void checkDurableBefore(LogFrame.Header header, LogPosition end) {
        if (header.durableBefore() > end.sequence()) {
            throw damaged(end);
        }
    }

    private static StoreException damaged(LogPosition end) {
        return new StoreException(
                ErrorCode.CORRUPT,
                Segment.path(end.segment()) + " is damaged at offset " + end.offset() + ": durable records are lost");
    }

    /// The file's bytes at that place, fewer where it ends. Valid until the next call.
    private ByteBuffer slice(DiskFile file, long at, int bytes) throws IOException {
        if (bytes > window.capacity()) {
            ByteBuffer whole = ByteBuffer.allocateDirect(bytes);
            file.read(at, whole);
            return whole.flip();
        }
        if (at < windowAt || at + bytes > windowAt + window.limit()) {
            windowAt = at;
            window.clear();
            file.read(at, window);
            window.flip();
        }
        int from = (int) (at - windowAt);
        return window.slice(from, Math.min(bytes, window.limit() - from));
    }
}
