package io.forebay.transform.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.model.Refusal;
import io.forebay.transform.archive.tar.SparseMap;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes of a sparse file: what is stored of it, and zeros between.
final class SparseSource implements ByteSource {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    private final ByteSource stored;
    private final SparseMap map;
    private final long size;
    private long at;
    private int piece;
    private @Nullable ByteBuffer held;

    SparseSource(ByteSource stored, SparseMap map, long size) {
        this.stored = stored;
        this.map = map;
        this.size = size;
    }

    @Override
    public long length() {
        return size;
    }

    @Override
    public @Nullable ByteBuffer next() {
        while (piece < map.count() && at == map.offset(piece) + map.length(piece)) {
            piece++;
        }
        if (at == size) {
            return null;
        }
        long holeEnd = piece < map.count() ? map.offset(piece) : size;
        if (at < holeEnd) {
            ByteBuffer zeros = ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), holeEnd - at));
            at += zeros.remaining();
            return zeros;
        }
        ByteBuffer bytes = held != null && held.hasRemaining() ? held : stored.next();
        if (bytes == null) {
            throw Refusal.truncated("inside a sparse member");
        }
        held = bytes;
        int count = (int) Math.min(bytes.remaining(), map.offset(piece) + map.length(piece) - at);
        ByteBuffer part = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        at += count;
        return part;
    }

    @Override
    public void close() {
        stored.close();
    }
}
