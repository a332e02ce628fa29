package io.forebay.storage.rebalance;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.time.Duration;

/// Settings of how a node gathers its objects when owners change.
public record RebalanceConfig(
        @Setting("Bytes a second at which the node fetches objects from other nodes, and gives them copies.")
        @Default("128MiB")
        DataSize bandwidth,

        @Setting("Objects that are moved at the same time; with 0 none are, and owners stay unsettled.") @Default("4")
        int parallel,

        @Setting("Keys of another node that are looked at with one request.") @Default("1000")
        int page,

        @Setting("After how long what could not be moved is tried again.") @Default("5s")
        Duration retry,

        @Setting("How long a node that counts as active may be silent before objects and uploads that it alone may have"
                + " are given up where copies make up for them.")
        @Default("1m")
        Duration silence,

        @Setting("How long a removal is remembered at least: a message between nodes never takes so long.")
        @Default("15m")
        Duration tombstoneAge) {
    public RebalanceConfig {
        Check.argument(bandwidth.bytes() >= 1 << 10, "bandwidth must be at least 1KiB, not %s", bandwidth);
        Check.argument(parallel >= 0 && parallel <= 256, "parallel must be 0 to 256, not %s", parallel);
        Check.argument(page >= 1 && page <= 10_000, "page must be 1 to 10000, not %s", page);
        Check.argument(retry.isPositive(), "retry must be positive, not %s", retry);
        Check.argument(!silence.isNegative(), "silence must not be negative, not %s", silence);
        Check.argument(!tombstoneAge.isNegative(), "tombstone-age must not be negative, not %s", tombstoneAge);
    }
}
