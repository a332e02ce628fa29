package io.forebay.storage.object;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import io.forebay.storage.metadata.IndexConfig;
import io.forebay.storage.volume.VolumeConfig;

/// Settings of the object store of a node.
public record StoreConfig(
        @Setting("Segments and files.") VolumeConfig volume,

        @Setting("The index over them.") IndexConfig index,

        @Setting("Background verification of everything that is stored.")
        ScrubConfig scrub,

        @Setting("Moving of what is needed out of segments that are mostly not.")
        CompactionConfig compaction,

        @Setting("Writers of one object that may wait for each other; one more is refused.") @Default("1024")
        int keyWaiters,

        @Setting("Most parts, or appended pieces, that one object may be made of.") @Default("100000")
        int maxParts,

        @Setting("Bytes a second at which objects are moved between volumes after one was added, drained or was full.")
        @Default("64MiB")
        DataSize moveRate,

        @Setting("Read errors of a volume's disk since it was opened that take it out of service; a failed write or"
                + " sync does so at once.")
        @Default("100")
        int maxReadErrors) {
    public StoreConfig {
        Check.argument(keyWaiters >= 1, "key-waiters must be at least 1, not %s", keyWaiters);
        Check.argument(maxParts >= 1 && maxParts <= 100_000, "max-parts must be 1 to 100000, not %s", maxParts);
        Check.argument(moveRate.bytes() >= 1 << 10, "move-rate must be at least 1KiB, not %s", moveRate);
        Check.argument(maxReadErrors >= 1, "max-read-errors must be at least 1, not %s", maxReadErrors);
    }
}
