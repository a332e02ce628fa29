package io.forebay.transform.archive;

import io.forebay.transform.archive.model.ArchiveSink;
import java.nio.ByteBuffer;

/// Bytes that wait to be taken, in direct memory that grows with the largest piece: little where bodies pass
/// it by. For one thread at a time.
final class OutputBuffer implements ArchiveSink {
    private static final int FIRST_BYTES = 4 << 10;
    private static final int BODIES_BYTES = 512 << 10;

    private ByteBuffer bytes = ByteBuffer.allocateDirect(FIRST_BYTES);
    private boolean taken;

    @Override
    public void write(ByteBuffer more) {
        if (taken) {
            bytes.clear();
            taken = false;
        }
        int count = more.remaining();
        if (bytes.remaining() < count) {
            int least = Math.max(BODIES_BYTES, 2 * bytes.capacity());
            int capacity = Math.max(least, Math.addExact(bytes.position(), count));
            bytes = ByteBuffer.allocateDirect(capacity).put(bytes.flip());
        }
        bytes.put(more);
    }

    int ready() {
        return taken ? 0 : bytes.position();
    }

    /// All of them, valid until more is written.
    ByteBuffer take() {
        ByteBuffer all = taken ? bytes.slice(0, 0) : bytes.duplicate().flip();
        taken = true;
        return all;
    }
}
