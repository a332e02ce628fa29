package io.forebay.storage.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.ArchiveFormat;
import io.forebay.transform.archive.Archives;
import io.forebay.transform.archive.Member;
import io.forebay.transform.archive.RandomBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A range of one member's content, decoded while it is read. Lets go of the archive when it is closed.
final class MemberSource implements ByteSource {
    private static final int PIECE_BYTES = 128 << 10;

    private final ArchiveFormat format;
    private final InputStream stream;
    private final long length;
    private final Runnable whenClosed;
    private final byte[] piece;

    MemberSource(
            ArchiveFormat format, RandomBytes archive, Member member, long from, long length, Runnable whenClosed) {
        this.format = format;
        this.length = length;
        this.whenClosed = whenClosed;
        this.piece = new byte[Math.clamp(length, 1, PIECE_BYTES)];
        this.stream = Archives.open(format, archive, member, from, length);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        try {
            int count = stream.readNBytes(piece, 0, piece.length);
            return count == 0 ? null : ByteBuffer.wrap(piece, 0, count);
        } catch (IOException e) {
            throw Archives.broken(format, e);
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw Archives.broken(format, e);
        } finally {
            whenClosed.run();
        }
    }
}
