package io.forebay.common.io;

import java.nio.ByteBuffer;

/// Copies between buffers that need not have the same room.
public final class BufferCopy {
    private BufferCopy() {}

    /// Copies as many bytes as the target has room for, and moves both positions. Returns how many.
    public static int fit(ByteBuffer source, ByteBuffer target) {
        int count = Math.min(source.remaining(), target.remaining());
        target.put(target.position(), source, source.position(), count);
        source.position(source.position() + count);
        target.position(target.position() + count);
        return count;
    }
}
