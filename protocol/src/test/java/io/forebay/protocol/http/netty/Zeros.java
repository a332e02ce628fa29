package io.forebay.protocol.http.netty;

import io.forebay.common.io.ByteSource;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A long source that counts what was pulled from it.
final class Zeros implements ByteSource {
    private final long length;
    private final AtomicLong pulled;
    private final AtomicBoolean closed;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(64 << 10);

    Zeros(long length, AtomicLong pulled, AtomicBoolean closed) {
        this.length = length;
        this.pulled = pulled;
        this.closed = closed;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        long rest = length - pulled.get();
        if (rest == 0) {
            return null;
        }
        piece.clear().limit((int) Math.min(piece.capacity(), rest));
        pulled.addAndGet(piece.remaining());
        return piece;
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
