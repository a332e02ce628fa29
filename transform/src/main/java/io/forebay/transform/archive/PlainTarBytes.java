package io.forebay.transform.archive;

import io.forebay.transform.archive.model.SeekableBytes;
import io.forebay.transform.archive.packed.Restart;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes of a tar that is not packed: what is passed over is not read.
final class PlainTarBytes implements TarBytes {
    private static final int BUFFER_BYTES = 64 << 10;

    private final SeekableBytes archive;
    private final ByteBuffer buffer;
    private final long end;
    private long at;

    /// All bytes of a tar.
    PlainTarBytes(SeekableBytes archive) {
        this(archive, 0, archive.length());
    }

    /// Those from an offset on, and as many as there are up to another one.
    PlainTarBytes(SeekableBytes archive, long at, long end) {
        this.archive = archive;
        this.at = at;
        this.end = Math.min(end, archive.length());
        this.buffer =
                ByteBuffer.allocate(Math.clamp(this.end - at, 0, BUFFER_BYTES)).limit(0);
    }

    @Override
    public @Nullable ByteBuffer next(long max) {
        if (!buffer.hasRemaining()) {
            int count = (int) Math.min(buffer.capacity(), end - at);
            if (count <= 0) {
                return null;
            }
            archive.read(at, buffer.clear().limit(count));
            buffer.flip();
            at += count;
        }
        int count = (int) Math.min(max, buffer.remaining());
        ByteBuffer piece = buffer.slice(buffer.position(), count);
        buffer.position(buffer.position() + count);
        return piece;
    }

    @Override
    public long skip(long bytes) {
        int held = (int) Math.min(bytes, buffer.remaining());
        buffer.position(buffer.position() + held);
        long beyond = Math.max(0, Math.min(bytes - held, end - at));
        at += beyond;
        return held + beyond;
    }

    @Override
    public @Nullable Restart restart() {
        return null;
    }

    @Override
    public void complete() {
        // It ends where it ends.
    }

    @Override
    public void close() {
        buffer.limit(0);
    }
}
