package io.forebay.cluster.raft;

import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.time.Duration;

/// Settings of the log of cluster commands.
public record RaftConfig(
        @Setting("How long a command may take to be ordered before its submitter gives up.") @Default("10s")
        Duration patience,

        @Setting("Commands between two snapshots of the cluster state: what a start replays at most.") @Default("4096")
        int snapshotEvery,

        @Setting("How long a start may take to lead the group and apply its log.") @Default("60s")
        Duration startPatience) {
    public RaftConfig {
        Check.argument(patience.isPositive() && startPatience.isPositive(), "patience of the command log must be > 0");
        Check.argument(snapshotEvery >= 1, "snapshot-every must be at least 1, not %s", snapshotEvery);
    }
}
