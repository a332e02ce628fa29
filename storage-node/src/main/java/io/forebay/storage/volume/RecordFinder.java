package io.forebay.storage.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Finds the whole records in one segment file: at a place, or the next one behind a place that has none.
///
/// For one thread at a time. The file is the caller's.
final class RecordFinder {
    private static final int WINDOW_BYTES = 1 << 20;

    private final DiskFile file;
    private final long segment;
    private final long limit;
    private final ByteBuffer window;
    private long windowAt;

    /// @param limit where the search ends: nothing at or behind it is read
    RecordFinder(DiskFile file, long segment, long limit) {
        this(file, segment, limit, window(limit));
    }

    /// As above, with a window that finders of several files use one after the other.
    RecordFinder(DiskFile file, long segment, long limit, ByteBuffer window) {
        this.file = file;
        this.segment = segment;
        this.limit = limit;
        this.window = window.clear().limit(0);
    }

    /// Memory for files of that many bytes.
    static ByteBuffer window(long limit) {
        return ByteBuffer.allocateDirect(Math.clamp(limit, LogFrame.PAGE_BYTES, WINDOW_BYTES));
    }

    /// A whole record.
    record Found(long offset, LogFrame.Header header) {
        /// Where the next record begins.
        long end() {
            return offset + LogFrame.padded(header.length());
        }
    }

    /// The whole record at that place whose sequence number is not below `least`, or null.
    @Nullable
    Found at(long offset, long least) throws IOException {
        LogFrame.Header header = header(offset);
        if (header == null || header.sequence() < least || header.length() > limit - offset) {
            return null;
        }
        return isKnown(header) && isWhole(offset, header) ? new Found(offset, header) : null;
    }

    /// The first whole record at that place or behind it.
    @Nullable
    Found next(long from, long least) throws IOException {
        for (long at = nextHeader(from); at >= 0; at = nextHeader(at + LogFrame.ALIGNMENT)) {
            Found found = at(at, least);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /// What the headers of this segment at that place or behind it tell together, those of torn records too.
    Trace trace(long from) throws IOException {
        Trace trace = Trace.NONE;
        for (long at = nextHeader(from); at >= 0; at = nextHeader(at + LogFrame.ALIGNMENT)) {
            LogFrame.Header header = header(at);
            if (header != null) {
                trace = trace.and(new Trace(header.durableBefore(), header.sequence()));
            }
        }
        return trace;
    }

    /// What headers tell.
    ///
    /// @param durableBefore records with lower sequence numbers were durable when one of them was written
    /// @param sequence the greatest sequence number
    record Trace(long durableBefore, long sequence) {
        static final Trace NONE = new Trace(0, 0);

        Trace and(Trace other) {
            return new Trace(Math.max(durableBefore, other.durableBefore), Math.max(sequence, other.sequence));
        }
    }

    /// A record that was found, as the log's readers pass it on. Valid until the next call.
    LogRecord record(Found found) throws IOException {
        LogFrame.Header header = found.header;
        return new LogRecord(
                segment,
                (int) found.offset,
                new LogPosition(segment, (int) found.end(), header.sequence() + 1),
                LogFrame.padded(header.length()) - header.dataBytes(),
                header.durability(),
                operations(found));
    }

    /// The operations of a record. Valid until the next call.
    ByteBuffer operations(Found found) throws IOException {
        LogFrame.Header header = found.header;
        return slice(found.offset + LogFrame.HEADER_BYTES + header.dataBytes(), header.operationsBytes());
    }

    /// A record from its header to its operations. Valid until the next call.
    ByteBuffer bytes(Found found) throws IOException {
        return slice(found.offset, found.header.length());
    }

    private static boolean isKnown(LogFrame.Header header) {
        return header.kind() == LogFrame.KIND_OPERATIONS || header.kind() == LogFrame.KIND_SEAL;
    }

    /// Where the magic number of a header is next; -1 for nowhere.
    private long nextHeader(long from) throws IOException {
        long at = from + LogFrame.ALIGNMENT - 1 & -LogFrame.ALIGNMENT;
        while (at + LogFrame.HEADER_BYTES <= limit) {
            ByteBuffer piece = slice(at, (int) Math.min(window.capacity() / 2, limit - at));
            int last = piece.remaining() - LogFrame.HEADER_BYTES;
            if (last < 0) {
                return -1;
            }
            int step = 0;
            for (; step <= last; step += LogFrame.ALIGNMENT) {
                if (LogFrame.mayBeHeader(piece, step)) {
                    return at + step;
                }
            }
            at += step;
        }
        return -1;
    }

    private LogFrame.@Nullable Header header(long offset) throws IOException {
        if (offset + LogFrame.HEADER_BYTES > limit) {
            return null;
        }
        ByteBuffer bytes = slice(offset, LogFrame.HEADER_BYTES);
        return bytes.remaining() < LogFrame.HEADER_BYTES ? null : LogFrame.readHeader(bytes, segment);
    }

    private boolean isWhole(long offset, LogFrame.Header header) throws IOException {
        if (header.length() <= window.capacity()) {
            // In one piece, so that the window moves once for a record and has all of it then.
            ByteBuffer whole = slice(offset, header.length());
            return whole.remaining() == header.length()
                    && LogFrame.bodyCrc(whole, header.length() - LogFrame.HEADER_BYTES) == header.bodyCrc();
        }
        CRC32C crc = new CRC32C();
        long at = offset + LogFrame.HEADER_BYTES;
        for (int left = header.length() - LogFrame.HEADER_BYTES; left > 0; ) {
            ByteBuffer piece = slice(at, Math.min(left, window.capacity()));
            if (!piece.hasRemaining()) {
                return false;
            }
            left -= piece.remaining();
            at += piece.remaining();
            crc.update(piece);
        }
        return (int) crc.getValue() == header.bodyCrc();
    }

    /// The file's bytes at that place, fewer where it ends.
    private ByteBuffer slice(long at, int bytes) throws IOException {
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
        return window.slice(from, Math.max(0, Math.min(bytes, window.limit() - from)));
    }
}
