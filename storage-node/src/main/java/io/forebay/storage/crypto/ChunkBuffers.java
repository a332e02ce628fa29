package io.forebay.storage.crypto;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Direct buffers with room for a chunk, kept for whoever needs the next one: otherwise only a collection of the heap
/// would free them. Safe to share between threads.
final class ChunkBuffers {
    /// Room for a stored chunk, and for what a cipher may want beyond the bytes that it gives.
    private static final int BYTES = Chunks.CONTENT_BYTES + Chunks.TAG_BYTES + (1 << 10);

    private static final int MOST_KEPT = 64;

    private final BlockingQueue<ByteBuffer> kept = new ArrayBlockingQueue<>(MOST_KEPT);

    /// A buffer of the caller's own, which is cleared. It comes back by `giveBack`, once, and is not used afterwards.
    ByteBuffer take() {
        ByteBuffer buffer = kept.poll();
        return buffer == null ? ByteBuffer.allocateDirect(BYTES) : buffer.clear();
    }

    void giveBack(ByteBuffer buffer) {
        // One too many is left to the heap.
        boolean _ = kept.offer(buffer);
    }
}
