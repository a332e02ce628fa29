package io.forebay.storage.volume;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Direct memory for small objects on their way to the disk, bounded: who would go over the bound waits.
///
/// A buddy allocator over chunks that are allocated on demand and kept.
public final class BufferPool {
    static final int MIN_BYTES = 4 << 10;
    private static final int CHUNK_BYTES = 4 << 20;
    private static final int LEVELS = Integer.numberOfTrailingZeros(CHUNK_BYTES / MIN_BYTES) + 1;
    private static final long WAIT_SECONDS = 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final List<ByteBuffer> chunks = new ArrayList<>();
    private final int maxChunks;
    /// Free blocks by level; level 0 has the smallest. A block is its chunk's index and its offset in units.
    private final List<List<Integer>> free = new ArrayList<>();

    private long usedBytes;

    /// A pool of at most that many bytes, rounded up to whole chunks.
    BufferPool(long maxBytes) {
        this.maxChunks = (int) Math.max(1, (maxBytes + CHUNK_BYTES - 1) / CHUNK_BYTES);
        for (int level = 0; level < LEVELS; level++) {
            free.add(new ArrayList<>());
        }
    }

    /// A piece of the pool's memory. Whoever took it gives it back once.
    public final class Block implements AutoCloseable {
        private final ByteBuffer buffer;
        private final int unit;
        private final int level;
        private boolean returned;

        private Block(ByteBuffer buffer, int unit, int level) {
            this.buffer = buffer;
            this.unit = unit;
            this.level = level;
        }

        /// The memory; position and limit are the taker's to move.
        public ByteBuffer buffer() {
            return buffer;
        }

        @Override
        public void close() {
            if (!returned) {
                returned = true;
                if (level >= 0) {
                    giveBack(unit, level);
                }
            }
        }
    }

    /// At least that many bytes; waits while the pool is exhausted. Throws BUSY when that takes long.
    public Block take(int bytes) {
        int level = level(bytes);
        lock.lock();
        try {
            long nanos = TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            while (true) {
                int unit = allocate(level);
                if (unit >= 0) {
                    return block(unit, level);
                }
                if (nanos <= 0) {
                    throw new StoreException(
                            ErrorCode.BUSY, "too many bytes on their way to the disk (limit write-memory)");
                }
                nanos = freed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while waiting for write memory", e);
        } finally {
            lock.unlock();
        }
    }

    /// At least that many bytes, or null while the pool is exhausted.
    public @Nullable Block tryTake(int bytes) {
        if (bytes > CHUNK_BYTES) {
            return null;
        }
        int level = level(bytes);
        lock.lock();
        try {
            int unit = allocate(level);
            return unit < 0 ? null : block(unit, level);
        } finally {
            lock.unlock();
        }
    }

    /// At least that many bytes without waiting, from outside the pool when it is exhausted: for a writer that
    /// holds a block already and must not wait for others who do.
    public Block takeNow(int bytes) {
        Block block = tryTake(bytes);
        return block != null ? block : new Block(ByteBuffer.allocateDirect(bytes), 0, -1);
    }

    /// The bytes in use.
    public long usedBytes() {
        lock.lock();
        try {
            return usedBytes;
        } finally {
            lock.unlock();
        }
    }

    private static int level(int bytes) {
        Check.that(bytes <= CHUNK_BYTES, "no block has %s bytes", bytes);
        int units = Math.max(1, (bytes + MIN_BYTES - 1) / MIN_BYTES);
        return 32 - Integer.numberOfLeadingZeros(units - 1);
    }

    private Block block(int unit, int level) {
        usedBytes += (long) MIN_BYTES << level;
        int units = CHUNK_BYTES / MIN_BYTES;
        ByteBuffer chunk = chunks.get(unit / units);
        return new Block(chunk.slice(unit % units * MIN_BYTES, MIN_BYTES << level), unit, level);
    }

    /// The first unit of a free block of that level, or -1.
    private int allocate(int level) {
        int from = level;
        while (from < LEVELS && free.get(from).isEmpty()) {
            from++;
        }
        int unit;
        if (from < LEVELS) {
            unit = free.get(from).removeLast();
        } else {
            unit = newChunk();
            from = LEVELS - 1;
        }
        // The upper halves of what is split stay free.
        while (unit >= 0 && from > level) {
            from--;
            free.get(from).add(unit + (1 << from));
        }
        return unit;
    }

    private int newChunk() {
        if (chunks.size() == maxChunks) {
            return -1;
        }
        chunks.add(ByteBuffer.allocateDirect(CHUNK_BYTES));
        return (chunks.size() - 1) * (CHUNK_BYTES / MIN_BYTES);
    }

    private void giveBack(int unit, int level) {
        lock.lock();
        try {
            usedBytes -= (long) MIN_BYTES << level;
            int block = unit;
            int at = level;
            while (at < LEVELS - 1 && free.get(at).remove(/* element */ (Integer) (block ^ (1 << at)))) {
                block &= ~(1 << at);
                at++;
            }
            free.get(at).add(block);
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
