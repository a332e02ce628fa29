package io.forebay.storage.metadata;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Ratio;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;

/// Settings of the indexes of a node's volumes.
public record IndexConfig(
        @Setting("Memory for the indexes of all volumes of the node together: tables of hot entries, large entries,"
                + " and the rest for index blocks, their filters and the entries that are not in index files yet.")
        @Default("240MiB")
        DataSize memory,

        @Setting("Share of `memory` for the tables of hot entries, off the heap, divided evenly by the volumes.")
        @Default("27%")
        Ratio hotShare,

        @Setting("Share of `memory` for entries that are too large for those tables, such as those of objects of many"
                + " parts, divided evenly by the volumes.")
        @Default("7%")
        Ratio largeShare,

        @Setting("Bytes of entries of a volume that are not in index files yet after which its index is flushed; never"
                + " more than a quarter of the rest of `memory`, divided by the volumes.")
        @Default("16MiB")
        DataSize writeBuffer,

        @Setting("Log bytes after which the index is flushed, so that a restart has at most this much to replay.")
        @Default("256MiB")
        DataSize replay) {
    /// Below this a flush costs more than the entries in it.
    private static final long LEAST_WRITE_BUFFER = 1 << 20;

    /// The share of the rest that unflushed entries may take before a flush begins: while it is under way as much
    /// again is written, and half is left for blocks and filters.
    private static final int WRITE_BUFFER_DIVISOR = 4;

    /// So that the least write buffers of all volumes are half of the memory at most.
    private static final long LEAST_BYTES_PER_VOLUME = 2 * LEAST_WRITE_BUFFER;

    private static final double MOST_SHARES = 0.75;

    public IndexConfig {
        Check.argument(
                writeBuffer.bytes() >= LEAST_WRITE_BUFFER, "write-buffer must be at least 1MiB, not %s", writeBuffer);
        Check.argument(replay.bytes() >= 1 << 20, "replay must be at least 1MiB, not %s", replay);
        Check.argument(memory.bytes() >= 4 << 20, "memory must be at least 4MiB, not %s", memory);
        Check.argument(
                hotShare.value() + largeShare.value() <= MOST_SHARES,
                "hot-share (%s) and large-share (%s) must leave a quarter of memory",
                hotShare,
                largeShare);
    }

    /// Throws INVALID_ARGUMENT when the memory is too little for so many volumes.
    void requireRoomFor(int volumes) {
        Check.argument(
                memory.bytes() >= volumes * LEAST_BYTES_PER_VOLUME,
                "index memory %s is too little for %s volumes: it must be at least 2MiB for each",
                memory,
                volumes);
    }

    /// For the hot tables of all volumes.
    long hotBytes() {
        return hotShare.of(memory.bytes());
    }

    /// For the large entries of all volumes.
    long largeBytes() {
        return largeShare.of(memory.bytes());
    }

    /// For blocks, filters and unflushed entries of all volumes.
    long cacheBytes() {
        return memory.bytes() - hotBytes() - largeBytes();
    }

    /// The unflushed entries of one of so many volumes after which its index is flushed, in bytes.
    long flushBytes(int volumes) {
        long most = cacheBytes() / WRITE_BUFFER_DIVISOR / volumes;
        return Math.max(LEAST_WRITE_BUFFER, Math.min(writeBuffer.bytes(), most));
    }
}
