package io.forebay.storage.metadata;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The records that are too large for the hot table and were asked for last, decoded: those of objects of many parts
/// have hundreds of kilobytes, which would be fetched and copied for every range. Bounded by bytes.
///
/// Never stale: whoever changes entries of the index calls `begin` before and `end` after; and what a reader got from
/// the index is taken only if nothing was changed in between.
final class LargeRecords {
    /// What a record costs beside its bytes, about.
    private static final int OVERHEAD_BYTES = 200;

    private static final int STRIPES = 1024;

    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    /// The least used one first.
    private final LinkedHashMap<ByteBuffer, ObjectRecord> records = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;
    private long evicted;
    /// By stripe of keys: how many changes there were, and how many are under way.
    private final long[] changes = new long[STRIPES];
    private final int[] pending = new int[STRIPES];

    /// Whether there is anything at all: most lookups need no lock.
    private volatile boolean inUse;

    LargeRecords(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Nullable
    ObjectRecord find(byte[] key) {
        if (!inUse) {
            return null;
        }
        lock.lock();
        try {
            return records.get(ByteBuffer.wrap(key));
        } finally {
            lock.unlock();
        }
    }

    /// How many changes there were, to be taken before the index is asked.
    long ticket(byte[] key) {
        lock.lock();
        try {
            return changes[stripe(key)];
        } finally {
            lock.unlock();
        }
    }

    /// Takes what the index answered, unless anything was changed since the ticket.
    void offer(byte[] key, ObjectRecord record, long ticket) {
        int size = size(key, record);
        lock.lock();
        try {
            if (pending[stripe(key)] > 0 || changes[stripe(key)] != ticket || size > maxBytes / 4) {
                return;
            }
            ObjectRecord old = records.put(ByteBuffer.wrap(key), record);
            bytes += size - (old == null ? 0 : size(key, old));
            evict();
            inUse = true;
        } finally {
            lock.unlock();
        }
    }

    /// Drops the keys, and takes nothing for them until `end`.
    void begin(List<byte[]> keys) {
        lock.lock();
        try {
            for (byte[] key : keys) {
                int stripe = stripe(key);
                changes[stripe]++;
                pending[stripe]++;
                if (!records.isEmpty()) {
                    drop(key);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void end(List<byte[]> keys) {
        lock.lock();
        try {
            for (byte[] key : keys) {
                int stripe = stripe(key);
                changes[stripe]++;
                pending[stripe]--;
            }
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /// How many records had to go because of the bound.
    long evicted() {
        lock.lock();
        try {
            return evicted;
        } finally {
            lock.unlock();
        }
    }

    private void drop(byte[] key) {
        ObjectRecord old = records.remove(ByteBuffer.wrap(key));
        bytes -= old == null ? 0 : size(key, old);
    }

    private void evict() {
        var oldest = records.entrySet().iterator();
        while (bytes > maxBytes) {
            Map.Entry<ByteBuffer, ObjectRecord> entry = oldest.next();
            bytes -= size(entry.getKey().array(), entry.getValue());
            oldest.remove();
            evicted++;
        }
    }

    private static int stripe(byte[] key) {
        return (Arrays.hashCode(key) * 0x9E3779B9) >>> 22;
    }

    private static int size(byte[] key, ObjectRecord record) {
        return key.length + record.value().length + OVERHEAD_BYTES;
    }
}
