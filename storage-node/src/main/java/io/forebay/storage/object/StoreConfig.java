package io.forebay.storage.object;

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
        int maxParts) {
    public StoreConfig {
        Check.argument(keyWaiters >= 1, "key-waiters must be at least 1, not %s", keyWaiters);
        Check.argument(maxParts >= 1 && maxParts <= 100_000, "max-parts must be 1 to 100000, not %s", maxParts);
    }
}
