package io.forebay.storage.batch;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.time.Duration;

/// Settings of batches.
public record BatchConfig(
        @Setting("Batches that are assembled at once; one more is refused.") @Default("256")
        int maxBatches,

        @Setting("Entries of one batch.") @Default("100000") int maxEntries,

        @Setting("Entries of one batch that are looked at ahead: each other node is asked for its own together.")
        @Default("512")
        int ahead,

        @Setting("Memory for what other nodes have sent ahead, of all batches, 512 KiB for each answer; beyond it"
                + " entries are read one by one.")
        @Default("64MiB")
        DataSize memory,

        @Setting("Entries of one batch that may be missing where it goes on without them; with one more it fails.")
        @Default("8")
        int maxMissing,

        @Setting("How long an entry is tried again that no node gives, such as one whose node has left.")
        @Default("20s")
        Duration patience,

        @Setting("Size of an archive that comes behind what became of its entries; a larger one has to be streamed.")
        @Default("256MiB")
        DataSize maxWhole) {
    public BatchConfig {
        Check.argument(maxBatches >= 1, "max-batches must be at least 1, not %s", maxBatches);
        Check.argument(maxEntries >= 1, "max-entries must be at least 1, not %s", maxEntries);
        Check.argument(ahead >= 1, "ahead must be at least 1, not %s", ahead);
        Check.argument(maxMissing >= 0, "max-missing must not be negative, but is %s", maxMissing);
        Check.argument(patience.isPositive(), "patience must be positive, not %s", patience);
        Check.argument(
                maxWhole.bytes() >= 1 << 20 && maxWhole.bytes() <= Integer.MAX_VALUE / 2,
                "max-whole must be 1MiB to 1GiB, not %s",
                maxWhole);
    }
}
