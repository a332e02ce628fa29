package io.forebay.bench.load;

import io.forebay.common.error.Check;
import java.nio.ByteBuffer;
import java.util.Random;

/// Bodies of one size, no two of them equal: random bytes that do not compress, stamped with a number at each 4 KiB.
public final class BodyBytes {
    private static final int STAMP_EVERY = 4096;

    private final ByteBuffer bytes;

    public BodyBytes(int length, long seed) {
        Check.argument(length >= Long.BYTES, "a body must have at least 8 bytes, not %s", length);
        byte[] random = new byte[length];
        new Random(seed).nextBytes(random);
        bytes = ByteBuffer.allocateDirect(length).put(0, random);
    }

    public int length() {
        return bytes.capacity();
    }

    /// The body with that number; good until the next one is asked for.
    public ByteBuffer numbered(long number) {
        for (int index = 0; index + Long.BYTES <= bytes.capacity(); index += STAMP_EVERY) {
            bytes.putLong(index, number);
        }
        return bytes.duplicate();
    }
}
