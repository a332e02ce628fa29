package io.forebay.transform.archive;

import java.io.OutputStream;
import java.nio.ByteBuffer;

/// Bytes that wait to be taken, in direct memory that grows with the largest piece. For one thread at a time.
final class OutputBuffer extends OutputStream {
    private static final int FIRST_BYTES = 512 << 10;

    private ByteBuffer bytes = ByteBuffer.allocateDirect(FIRST_BYTES);
    private boolean taken;

    /// Room for that many bytes, to be put there at once.
    ByteBuffer room(int count) {
        if (taken) {
            bytes.clear();
            taken = false;
        }
        if (bytes.remaining() < count) {
            int capacity = Math.max(2 * bytes.capacity(), Math.addExact(bytes.position(), count));
            bytes = ByteBuffer.allocateDirect(capacity).put(bytes.flip());
        }
        return bytes;
    }

    void put(ByteBuffer more) {
        room(more.remaining()).put(more);
    }

    @Override
    public void write(int value) {
        room(1).put((byte) value);
    }

    @Override
    public void write(byte[] more, int from, int count) {
        room(count).put(more, from, count);
    }

    int ready() {
        return taken ? 0 : bytes.position();
    }

    /// All of them, valid until the next call of another method.
    ByteBuffer take() {
        ByteBuffer all = taken ? bytes.slice(0, 0) : bytes.duplicate().flip();
        taken = true;
        return all;
    }
}
