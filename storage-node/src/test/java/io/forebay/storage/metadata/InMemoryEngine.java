package io.forebay.storage.metadata;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An index engine in memory. What it holds at a flush is an `Image`, from which another engine begins: a
/// crash is to go on with the image of the last finished flush.
public final class InMemoryEngine implements IndexEngine {
    private static final int[] FAMILY_IDS = {0, 1, 2, 3, 4, 5, 6, 7};
    private static final int HEADER_BYTES = 12;
    private static final int PUT = 5;

    private final Flaw flaw;
    private final Map<Family, NavigableMap<byte[], byte[]>> entries;
    private volatile Image flushed;
    private volatile @Nullable Image flushing;
    private volatile Runnable whenFlushed = () -> {};
    private volatile @Nullable StoreException failure;
    private long unflushedBytes;

    /// What is wrong with an engine, to see whether the proofs notice.
    public enum Flaw {
        NONE,
        /// Says that it was flushed and keeps only the space books of what was not.
        FLUSHES_NOTHING
    }

    /// All entries at one moment; never changed.
    public static final class Image {
        public static final Image EMPTY = new Image(new EnumMap<>(Family.class));

        private final Map<Family, NavigableMap<byte[], byte[]>> entries;
        private final long hash;

        private Image(Map<Family, NavigableMap<byte[], byte[]>> entries) {
            this.entries = entries;
            long sum = 0;
            for (Map.Entry<Family, NavigableMap<byte[], byte[]>> family : entries.entrySet()) {
                for (Map.Entry<byte[], byte[]> entry : family.getValue().entrySet()) {
                    sum = sum * 31 + family.getKey().code();
                    sum = sum * 0x9E3779B97F4A7C15L + Arrays.hashCode(entry.getKey());
                    sum = sum * 0x9E3779B97F4A7C15L + Arrays.hashCode(entry.getValue());
                }
            }
            this.hash = sum;
        }

        public long hash() {
            return hash;
        }
    }

    public InMemoryEngine(Image image, Flaw flaw) {
        this.flaw = flaw;
        this.entries = copy(image.entries);
        this.flushed = image;
    }

    /// What a crash now leaves.
    public Image flushed() {
        return flushed;
    }

    /// What a crash now may leave too: a flush that was begun; null when none was.
    public @Nullable Image flushing() {
        return flushing;
    }

    /// Runs the action whenever a flush begins or ends.
    public void whenFlushed(Runnable action) {
        whenFlushed = action;
    }

    /// Every write and flush fails with that from now on; null heals.
    public void fail(@Nullable StoreException cause) {
        failure = cause;
    }

    @Override
    public synchronized byte @Nullable [] find(Family family, byte[] key) {
        byte[] value = family(family).get(key);
        return value == null ? null : value.clone();
    }

    @Override
    public byte @Nullable [] findInMemory(Family family, byte[] key) {
        return find(family, key);
    }

    @Override
    public synchronized IndexCursor cursor(Family family, byte[] end, Runnable whenClosed) {
        return new Cursor(new TreeMap<>(family(family).headMap(end, false)), whenClosed);
    }

    @Override
    public IndexBatch batch() {
        return new IndexBatch(FAMILY_IDS);
    }

    @Override
    public synchronized void write(IndexBatch batch) {
        check();
        ByteBuffer bytes = ByteBuffer.wrap(batch.toBytes()).position(HEADER_BYTES);
        while (bytes.hasRemaining()) {
            int kind = bytes.get();
            Family family = Family.ofCode(varint(bytes));
            byte[] key = bytes(bytes);
            if (kind == PUT) {
                family(family).put(key, bytes(bytes));
            } else {
                family(family).remove(key);
            }
        }
        unflushedBytes += batch.length();
    }

    @Override
    public void beginFlush() {
        synchronized (this) {
            check();
            flushing = new Image(copy(entries));
            unflushedBytes = 0;
        }
        whenFlushed.run();
    }

    @Override
    public void flush() {
        beginFlush();
        endFlush();
    }

    /// Asking ends the flush.
    @Override
    public boolean isFlushed() {
        endFlush();
        return true;
    }

    @Override
    public synchronized long unflushedBytes() {
        return unflushedBytes;
    }

    @Override
    public void close() {}

    private void endFlush() {
        synchronized (this) {
            Image begun = flushing;
            if (begun == null) {
                return;
            }
            flushing = null;
            if (flaw == Flaw.NONE) {
                flushed = begun;
            } else {
                Map<Family, NavigableMap<byte[], byte[]>> partly = copy(flushed.entries);
                partly.put(Family.VOLUME, new TreeMap<>(begun.entries.get(Family.VOLUME)));
                flushed = new Image(partly);
            }
        }
        whenFlushed.run();
    }

    private void check() {
        StoreException cause = failure;
        if (cause != null) {
            throw new StoreException(cause.code(), cause.text(), cause);
        }
    }

    private NavigableMap<byte[], byte[]> family(Family family) {
        NavigableMap<byte[], byte[]> map = entries.get(family);
        if (map == null) {
            throw new StoreException(ErrorCode.INTERNAL, "no family " + family);
        }
        return map;
    }

    private static Map<Family, NavigableMap<byte[], byte[]>> copy(Map<Family, NavigableMap<byte[], byte[]>> entries) {
        Map<Family, NavigableMap<byte[], byte[]>> copy = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            NavigableMap<byte[], byte[]> sorted = new TreeMap<>(Arrays::compareUnsigned);
            NavigableMap<byte[], byte[]> present = entries.get(family);
            if (present != null) {
                sorted.putAll(present);
            }
            copy.put(family, sorted);
        }
        return copy;
    }

    private static int varint(ByteBuffer bytes) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = bytes.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[varint(from)];
        from.get(bytes);
        return bytes;
    }

    private static final class Cursor implements IndexCursor {
        private final NavigableMap<byte[], byte[]> entries;
        private final Runnable whenClosed;
        private Map.@Nullable Entry<byte[], byte[]> standing;
        private boolean closed;

        Cursor(NavigableMap<byte[], byte[]> entries, Runnable whenClosed) {
            this.entries = entries;
            this.whenClosed = whenClosed;
        }

        @Override
        public void seek(byte[] key) {
            standing = entries.ceilingEntry(key);
        }

        @Override
        public boolean isValid() {
            return standing != null;
        }

        @Override
        public void next() {
            standing = entries.higherEntry(entry().getKey());
        }

        @Override
        public byte[] key() {
            return entry().getKey().clone();
        }

        @Override
        public byte[] value() {
            return entry().getValue().clone();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                whenClosed.run();
            }
        }

        private Map.Entry<byte[], byte[]> entry() {
            Map.Entry<byte[], byte[]> entry = standing;
            if (entry == null) {
                throw new IllegalStateException("the cursor stands on no key");
            }
            return entry;
        }
    }
}
