package io.forebay.storage.object;

import io.forebay.common.io.ByteSource;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A buffer of somebody else's as a source.
final class BufferSource implements ByteSource {
    private final ByteBuffer bytes;
    private boolean taken;

    BufferSource(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    @Override
    public long length() {
        return bytes.limit();
    }

    @Override
    public @Nullable ByteBuffer next() {
        if (taken || !bytes.hasRemaining()) {
            return null;
        }
        taken = true;
        return bytes;
    }

    @Override
    public void close() {}
}
