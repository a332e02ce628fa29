package io.forebay.protocol.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A body whose bytes are in memory.
public final class MemoryBody implements Body {
    private final ByteBuffer bytes;
    private final int length;
    private boolean taken;

    public MemoryBody(ByteBuffer bytes) {
        this.bytes = bytes;
        this.length = bytes.remaining();
    }

    public static MemoryBody of(byte[] bytes) {
        return new MemoryBody(ByteBuffer.wrap(bytes));
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        if (taken || length == 0) {
            return null;
        }
        taken = true;
        return bytes;
    }

    /// The bytes, without taking them.
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    @Override
    public boolean touched() {
        return taken;
    }

    @Override
    public void close() {
        taken = true;
    }
}
