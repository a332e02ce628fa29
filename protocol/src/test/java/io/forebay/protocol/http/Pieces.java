package io.forebay.protocol.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A source that gives bytes in pieces of 7,000, in one buffer that it fills again and again, and may fail on the way.
public final class Pieces implements ByteSource {
    private final long length;
    private final byte[] bytes;
    private final int good;
    private final AtomicBoolean closed;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(7000);
    private int taken;

    public Pieces(long length, byte[] bytes) {
        this(length, bytes, Integer.MAX_VALUE, new AtomicBoolean());
    }

    /// Fails with BACKEND_FAILED once `good` bytes were given.
    public Pieces(long length, byte[] bytes, int good, AtomicBoolean closed) {
        this.length = length;
        this.bytes = bytes;
        this.good = good;
        this.closed = closed;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        if (taken >= good) {
            throw new StoreException(ErrorCode.BACKEND_FAILED, "no more after " + taken);
        }
        if (taken == bytes.length) {
            return null;
        }
        int count = Math.min(piece.capacity(), bytes.length - taken);
        piece.clear().put(bytes, taken, count).flip();
        taken += count;
        return piece;
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
