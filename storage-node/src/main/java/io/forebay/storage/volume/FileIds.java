package io.forebay.storage.volume;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/// Gives out the ids of segments and large files: one row of numbers, never used again.
public final class FileIds {
    private final AtomicLong next = new AtomicLong(1);

    /// An id that was never given out.
    public long take() {
        return next.getAndIncrement();
    }

    /// The least id that was never given out.
    public long next() {
        return next.get();
    }

    /// Passes over everything up to and including this id.
    public void passOver(long id) {
        next.accumulateAndGet(id + 1, Math::max);
    }

    static String hex(long id) {
        return HexFormat.of().toHexDigits(id);
    }

    /// The id that a name's hex digits say, or -1.
    static long parse(String hex) {
        if (hex.length() != 16) {
            return -1;
        }
        try {
            return HexFormat.fromHexDigitsToLong(hex);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
