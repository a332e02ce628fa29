package io.forebay.cluster.process;

import io.forebay.common.io.ByteSource;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The entries of a log file from a severity on, with the stack traces that belong to them. Owns the file.
///
/// The file is read in blocks of whole lines; of a line that is longer than a block, each piece counts as a
/// line.
final class LogEntries implements ByteSource {
    private static final int BLOCK = 64 << 10;

    private final LogFile file;
    private final Severity severity;
    private final byte[] block = new byte[BLOCK];
    private long length;
    private long at;
    private boolean shown;
    private @Nullable ByteBuffer rest;

    LogEntries(LogFile file, Severity severity) {
        this.file = file;
        this.severity = severity;
        this.length = severity == Severity.INFO ? file.length() : count();
    }

    @Override
    public long length() {
        return length;
    }

    /// Leaves out so many bytes at the beginning, at most as many as there are.
    void skip(long count) {
        length -= count;
        if (severity == Severity.INFO) {
            at = count;
            return;
        }
        long left = count;
        while (left > 0) {
            ByteBuffer piece = next();
            if (piece == null) {
                return;
            }
            int cut = (int) Math.min(left, piece.remaining());
            left -= cut;
            rest = piece.position(piece.position() + cut).hasRemaining() ? piece : null;
        }
    }

    @Override
    public @Nullable ByteBuffer next() {
        ByteBuffer before = rest;
        if (before != null) {
            rest = null;
            return before;
        }
        while (true) {
            int filled = fill();
            if (filled == 0) {
                return null;
            }
            int kept = severity == Severity.INFO ? filled : keepShown(filled);
            if (kept > 0) {
                return ByteBuffer.wrap(block, 0, kept);
            }
        }
    }

    @Override
    public void close() {
        file.close();
    }

    private long count() {
        long count = 0;
        for (ByteBuffer piece = next(); piece != null; piece = next()) {
            count += piece.remaining();
        }
        at = 0;
        shown = false;
        return count;
    }

    /// Reads on up to the end of a line, if one is in reach; gives the number of bytes.
    private int fill() {
        ByteBuffer target = ByteBuffer.wrap(block);
        while (target.hasRemaining()) {
            int count = file.read(target, at + target.position());
            if (count < 0) {
                break;
            }
            target.position(target.position() + count);
        }
        int filled = target.position();
        int end = filled;
        while (severity != Severity.INFO && end > 0 && block[end - 1] != '\n') {
            end--;
        }
        int taken = end == 0 ? filled : end;
        at += taken;
        return taken;
    }

    /// Moves the lines that are shown together, to the beginning.
    private int keepShown(int filled) {
        int kept = 0;
        for (int from = 0; from < filled; ) {
            int to = from;
            while (to < filled && block[to] != '\n') {
                to++;
            }
            to = Math.min(filled, to + 1);
            shown = Severity.begins(block, from, to) ? severity.shows(block, from, to) : shown;
            if (shown) {
                System.arraycopy(block, from, block, kept, to - from);
                kept += to - from;
            }
            from = to;
        }
        return kept;
    }
}
