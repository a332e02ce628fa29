package io.forebay.storage.rebalance;

import java.util.HashMap;
import java.util.Map;

/// What is still to be moved, in bytes: what was found and not moved yet, and an estimate of what is yet to
/// be found. Keys are placed by their hash, so those that were looked at stand for the others. Safe to share
/// between threads.
final class Remainder {
    private final Map<Object, Part> parts = new HashMap<>();
    private long found;
    private long moved;

    /// The keys of one source.
    private static final class Part {
        private long looked;
        private long all;
        private long bytes;
    }

    synchronized void begin() {
        parts.clear();
        found = 0;
        moved = 0;
    }

    /// Says that keys of a source were looked at, and how many bytes of them are to be moved.
    ///
    /// @param keys how many; 0 when they will be looked at once more
    /// @param all how many keys the source has
    synchronized void looked(Object source, long keys, long all, long bytes) {
        Part part = parts.computeIfAbsent(source, any -> new Part());
        part.looked += keys;
        part.all = all;
        part.bytes += keys == 0 ? 0 : bytes;
        found += bytes;
    }

    synchronized void moved(long bytes) {
        moved += bytes;
    }

    /// Says that all keys of all sources were looked at.
    synchronized void lookedAtAll() {
        parts.clear();
    }

    synchronized long bytes() {
        long looked = 0;
        long bytes = 0;
        for (Part part : parts.values()) {
            looked += part.looked;
            bytes += part.bytes;
        }
        double left = found - moved;
        for (Part part : parts.values()) {
            double perKey =
                    part.looked > 0 ? (double) part.bytes / part.looked : looked == 0 ? 0 : (double) bytes / looked;
            left += perKey * Math.max(0, part.all - part.looked);
        }
        return Math.max(0, (long) left);
    }
}
