package io.forebay.storage.crypto;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Ciphertext from a source, which it owns, and which gives as many bytes at a time as it likes.
final class GatheredBytes implements StoredBytes {
    private final ByteSource source;
    private final ChunkBuffers buffers;
    private @Nullable ByteBuffer gathered;
    private @Nullable ByteBuffer arrived;

    GatheredBytes(ByteSource source, ChunkBuffers buffers) {
        this.source = source;
        this.buffers = buffers;
    }

    @Override
    public ByteBuffer next(int count) {
        ByteBuffer current = current();
        if (current.remaining() >= count) {
            return taken(current, count);
        }
        ByteBuffer whole = gathered;
        if (whole == null) {
            whole = buffers.take();
            gathered = whole;
        }
        whole.clear();
        while (whole.position() < count) {
            ByteBuffer more = current();
            whole.put(taken(more, Math.min(count - whole.position(), more.remaining())));
        }
        return whole.flip();
    }

    @Override
    public void close() {
        ByteBuffer whole = gathered;
        if (whole != null) {
            gathered = null;
            buffers.giveBack(whole);
        }
        source.close();
    }

    private static ByteBuffer taken(ByteBuffer bytes, int count) {
        ByteBuffer taken = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        return taken;
    }

    private ByteBuffer current() {
        ByteBuffer current = arrived;
        while (current == null || !current.hasRemaining()) {
            current = source.next();
            if (current == null) {
                throw new StoreException(ErrorCode.CORRUPT, "encrypted bytes end too early");
            }
            arrived = current;
        }
        return current;
    }
}
