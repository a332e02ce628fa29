package io.forebay.storage.metadata;

import io.forebay.common.error.Check;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A bounded table of index entries in memory off the heap, in front of the index: what is asked for often costs a
/// tenth of a look-up there.
///
/// Never stale: whoever changes entries of the index calls `begin` for each key before and `end` after.
final class HotTable implements AutoCloseable {
    /*
     * Buckets of 1 KiB hold 4 entries. A bucket's version is odd while somebody changes it (a lock taken by compare and
     * set) and is otherwise a ticket: a reader copies an entry and trusts the copy only when the version is the same
     * before and after. A reader that missed remembers the version, asks the index and inserts what it got only if the
     * version is still the same and no commit is pending in the bucket; so it can never put back what a commit has
     * replaced. While a commit is pending its key is not in the table, so that readers see the index, where the change
     * becomes visible at one instant.
     *
     * Bucket: version u64, four tags u64 (hash of the key, 0 for empty), pending u32, hand u32, used flags 4 x u8,
     * then at 64 four slots of 240 bytes: key length u16, value length u16, key, value.
     */
    private static final int BUCKET_BYTES = 1024;
    private static final int WAYS = 4;
    private static final int TAGS_AT = 8;
    private static final int PENDING_AT = 40;
    private static final int HAND_AT = 44;
    private static final int USED_AT = 48;
    private static final int SLOTS_AT = 64;
    private static final int SLOT_BYTES = 240;
    private static final int SLOT_HEAD_BYTES = 4;
    private static final long MISSED_LOCKED = -1;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final long buckets;

    /// A table of at most that many bytes; at least one bucket.
    HotTable(long bytes) {
        this.buckets = Math.max(1, bytes / BUCKET_BYTES);
        this.memory = ZeroedMemory.allocate(arena, buckets * BUCKET_BYTES);
    }

    /// What it takes.
    long bytes() {
        return memory.byteSize();
    }

    /// Whether an entry is small enough.
    static boolean fits(byte[] key, byte[] value) {
        return SLOT_HEAD_BYTES + key.length + value.length <= SLOT_BYTES;
    }

    static long hash(byte[] key) {
        long hash = 0x9E3779B97F4A7C15L ^ key.length;
        int at = 0;
        for (; at + 8 <= key.length; at += 8) {
            hash = mix(hash ^ (long) WORDS.get(key, at));
        }
        long rest = 0;
        for (; at < key.length; at++) {
            rest = rest << 8 | (key[at] & 0xFF);
        }
        return mix(hash ^ rest) | 1;
    }

    /// The value of that key, or null.
    byte @Nullable [] find(byte[] key, long hash) {
        long bucket = bucket(hash);
        long version = (long) LONG.getAcquire(memory, bucket);
        if ((version & 1) != 0) {
            return null;
        }
        for (int way = 0; way < WAYS; way++) {
            if (tag(bucket, way) == hash) {
                byte[] value = copy(bucket, way, key);
                VarHandle.acquireFence();
                if (value != null && version == (long) LONG.getAcquire(memory, bucket)) {
                    markUsed(bucket, way);
                    return value;
                }
            }
        }
        return null;
    }

    /// The state of the key's bucket, to be taken before the index is asked.
    long ticket(long hash) {
        long version = (long) LONG.getAcquire(memory, bucket(hash));
        return (version & 1) == 0 ? version : MISSED_LOCKED;
    }

    /// Puts in what the index answered, unless anything happened in the bucket since the ticket.
    void offer(byte[] key, long hash, byte[] value, long ticket) {
        long bucket = bucket(hash);
        if (!fits(key, value) || ticket == MISSED_LOCKED) {
            return;
        }
        if (LONG.compareAndSet(memory, bucket, ticket, ticket + 1)) {
            VarHandle.storeStoreFence();
            if (pending(bucket) == 0) {
                put(bucket, key, hash, value);
            }
            unlock(bucket);
        }
    }

    /// Takes the key out and keeps readers from putting it in until `end`. Calls nest: keys may share a bucket.
    void begin(byte[] key, long hash) {
        long bucket = bucket(hash);
        lock(bucket);
        memory.set(ValueLayout.JAVA_INT, bucket + PENDING_AT, pending(bucket) + 1);
        remove(bucket, hash);
        unlock(bucket);
    }

    /// Ends what `begin` began, with the key's new value; null when it has none.
    void end(byte[] key, long hash, byte @Nullable [] value) {
        long bucket = bucket(hash);
        lock(bucket);
        int pending = pending(bucket);
        Check.that(pending > 0, "a commit ends in the hot table that did not begin");
        memory.set(ValueLayout.JAVA_INT, bucket + PENDING_AT, pending - 1);
        if (value != null && fits(key, value)) {
            put(bucket, key, hash, value);
        }
        unlock(bucket);
    }

    @Override
    public void close() {
        arena.close();
    }

    private static long mix(long value) {
        long mixed = value * 0xFF51AFD7ED558CCDL;
        mixed ^= mixed >>> 32;
        mixed *= 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 29;
    }

    private long bucket(long hash) {
        return Math.unsignedMultiplyHigh(hash, buckets) * BUCKET_BYTES;
    }

    private long tag(long bucket, int way) {
        return memory.get(ValueLayout.JAVA_LONG, bucket + TAGS_AT + 8L * way);
    }

    private void setTag(long bucket, int way, long tag) {
        memory.set(ValueLayout.JAVA_LONG, bucket + TAGS_AT + 8L * way, tag);
    }

    private int pending(long bucket) {
        return memory.get(ValueLayout.JAVA_INT, bucket + PENDING_AT);
    }

    private static long slot(long bucket, int way) {
        return bucket + SLOTS_AT + (long) SLOT_BYTES * way;
    }

    /// A copy of the entry's value when its key is this one. What another thread is changing may be read as
    /// anything, so lengths are checked before they are used.
    private byte @Nullable [] copy(long bucket, int way, byte[] key) {
        long slot = slot(bucket, way);
        int keyLength = Short.toUnsignedInt(memory.get(ValueLayout.JAVA_SHORT, slot));
        int valueLength = Short.toUnsignedInt(memory.get(ValueLayout.JAVA_SHORT, slot + 2));
        if (keyLength != key.length || SLOT_HEAD_BYTES + keyLength + valueLength > SLOT_BYTES) {
            return null;
        }
        long keyAt = slot + SLOT_HEAD_BYTES;
        MemorySegment expected = MemorySegment.ofArray(key);
        if (MemorySegment.mismatch(memory, keyAt, keyAt + keyLength, expected, 0, keyLength) >= 0) {
            return null;
        }
        byte[] value = new byte[valueLength];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, keyAt + keyLength, value, 0, valueLength);
        return value;
    }

    private void markUsed(long bucket, int way) {
        long flag = bucket + USED_AT + way;
        if (memory.get(ValueLayout.JAVA_BYTE, flag) == 0) {
            memory.set(ValueLayout.JAVA_BYTE, flag, (byte) 1);
        }
    }

    private void lock(long bucket) {
        while (true) {
            long version = (long) LONG.getAcquire(memory, bucket);
            if ((version & 1) == 0 && LONG.compareAndSet(memory, bucket, version, version + 1)) {
                VarHandle.storeStoreFence();
                return;
            }
            Thread.onSpinWait();
        }
    }

    private void unlock(long bucket) {
        LONG.setRelease(memory, bucket, (long) LONG.get(memory, bucket) + 1);
    }

    private void remove(long bucket, long hash) {
        for (int way = 0; way < WAYS; way++) {
            if (tag(bucket, way) == hash) {
                setTag(bucket, way, 0);
            }
        }
    }

    private void put(long bucket, byte[] key, long hash, byte[] value) {
        remove(bucket, hash);
        int way = victim(bucket);
        long slot = slot(bucket, way);
        setTag(bucket, way, hash);
        memory.set(ValueLayout.JAVA_SHORT, slot, (short) key.length);
        memory.set(ValueLayout.JAVA_SHORT, slot + 2, (short) value.length);
        MemorySegment.copy(key, 0, memory, ValueLayout.JAVA_BYTE, slot + SLOT_HEAD_BYTES, key.length);
        MemorySegment.copy(value, 0, memory, ValueLayout.JAVA_BYTE, slot + SLOT_HEAD_BYTES + key.length, value.length);
        memory.set(ValueLayout.JAVA_BYTE, bucket + USED_AT + way, (byte) 0);
    }

    /// An empty way, or the next one that was not used since the hand passed it.
    private int victim(long bucket) {
        for (int way = 0; way < WAYS; way++) {
            if (tag(bucket, way) == 0) {
                return way;
            }
        }
        int hand = memory.get(ValueLayout.JAVA_INT, bucket + HAND_AT);
        for (int step = 0; step < WAYS; step++) {
            int way = (hand + step) % WAYS;
            long flag = bucket + USED_AT + way;
            if (memory.get(ValueLayout.JAVA_BYTE, flag) == 0) {
                memory.set(ValueLayout.JAVA_INT, bucket + HAND_AT, (way + 1) % WAYS);
                return way;
            }
            memory.set(ValueLayout.JAVA_BYTE, flag, (byte) 0);
        }
        memory.set(ValueLayout.JAVA_INT, bucket + HAND_AT, (hand + 1) % WAYS);
        return hand % WAYS;
    }
}
