package io.forebay.common.io;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// XXH64 over heap and direct buffers, in one call or as a stream. It never copies payload to the heap.
///
/// For one thread at a time; not reusable after `finish`.
public final class XxHash64 implements Checksummer {
    /*
     * The algorithm: four lanes take 8 bytes each of every 32-byte stripe; what is left at the end (0 to 31 bytes) is
     * mixed in one by one. A stream keeps the bytes of an unfinished stripe in `tail`. The lanes are held in local
     * variables while a buffer is walked, so that the loop has no store but to registers.
     */
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;
    private static final int STRIPE = 32;

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final long seed;
    private final ByteBuffer tail = ByteBuffer.allocate(STRIPE);
    private long lane1;
    private long lane2;
    private long lane3;
    private long lane4;
    private long total;

    /// A stream with seed 0, as object checksums have it.
    public XxHash64() {
        this(0);
    }

    public XxHash64(long seed) {
        this.seed = seed;
        lane1 = seed + PRIME_1 + PRIME_2;
        lane2 = seed + PRIME_2;
        lane3 = seed;
        lane4 = seed - PRIME_1;
    }

    /// The hash of a whole array.
    public static long hash(byte[] bytes, long seed) {
        return hash(ByteBuffer.wrap(bytes), seed);
    }

    /// The hash of a buffer's remaining bytes; its position and limit stay as they are.
    public static long hash(ByteBuffer bytes, long seed) {
        int from = bytes.position();
        int to = bytes.limit();
        if (to - from < STRIPE) {
            return end(seed + PRIME_5 + (to - from), bytes, from, to);
        }
        long v1 = seed + PRIME_1 + PRIME_2;
        long v2 = seed + PRIME_2;
        long v3 = seed;
        long v4 = seed - PRIME_1;
        int index = from;
        for (; index <= to - STRIPE; index += STRIPE) {
            v1 = round(v1, (long) LONGS.get(bytes, index));
            v2 = round(v2, (long) LONGS.get(bytes, index + 8));
            v3 = round(v3, (long) LONGS.get(bytes, index + 16));
            v4 = round(v4, (long) LONGS.get(bytes, index + 24));
        }
        return end(merged(v1, v2, v3, v4) + (to - from), bytes, index, to);
    }

    @Override
    public void update(ByteBuffer bytes) {
        int position = bytes.position();
        int limit = bytes.limit();
        total += limit - position;
        if (tail.position() > 0) {
            int taken = Math.min(tail.remaining(), limit - position);
            tail.put(tail.position(), bytes, position, taken);
            tail.position(tail.position() + taken);
            position += taken;
            if (tail.hasRemaining()) {
                return;
            }
            stripes(tail, 0, STRIPE);
            tail.clear();
        }
        int whole = position + ((limit - position) & -STRIPE);
        stripes(bytes, position, whole);
        tail.put(0, bytes, whole, limit - whole);
        tail.position(limit - whole);
    }

    /// The hash of all bytes taken so far; more may follow.
    public long value() {
        long hash = total < STRIPE ? seed + PRIME_5 : merged(lane1, lane2, lane3, lane4);
        return end(hash + total, tail, 0, tail.position());
    }

    @Override
    public Checksum finish() {
        return new Checksum(ChecksumType.XXHASH64, HexFormat.of().toHexDigits(value()));
    }

    private void stripes(ByteBuffer bytes, int from, int to) {
        long v1 = lane1;
        long v2 = lane2;
        long v3 = lane3;
        long v4 = lane4;
        for (int index = from; index < to; index += STRIPE) {
            v1 = round(v1, (long) LONGS.get(bytes, index));
            v2 = round(v2, (long) LONGS.get(bytes, index + 8));
            v3 = round(v3, (long) LONGS.get(bytes, index + 16));
            v4 = round(v4, (long) LONGS.get(bytes, index + 24));
        }
        lane1 = v1;
        lane2 = v2;
        lane3 = v3;
        lane4 = v4;
    }

    private static long merged(long v1, long v2, long v3, long v4) {
        long hash = Long.rotateLeft(v1, 1) + Long.rotateLeft(v2, 7) + Long.rotateLeft(v3, 12) + Long.rotateLeft(v4, 18);
        return merge(merge(merge(merge(hash, v1), v2), v3), v4);
    }

    private static long merge(long hash, long lane) {
        return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
    }

    private static long end(long start, ByteBuffer bytes, int from, int to) {
        long hash = start;
        int index = from;
        for (; index + 8 <= to; index += 8) {
            hash = Long.rotateLeft(hash ^ round(0, (long) LONGS.get(bytes, index)), 27) * PRIME_1 + PRIME_4;
        }
        if (index + 4 <= to) {
            hash ^= ((int) INTS.get(bytes, index) & 0xFFFFFFFFL) * PRIME_1;
            hash = Long.rotateLeft(hash, 23) * PRIME_2 + PRIME_3;
            index += 4;
        }
        for (; index < to; index++) {
            hash ^= (bytes.get(index) & 0xFFL) * PRIME_5;
            hash = Long.rotateLeft(hash, 11) * PRIME_1;
        }
        hash = (hash ^ (hash >>> 33)) * PRIME_2;
        hash = (hash ^ (hash >>> 29)) * PRIME_3;
        return hash ^ (hash >>> 32);
    }
}
