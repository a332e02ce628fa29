package io.forebay.cluster.raft;

import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.time.Duration;

/// Settings of the log of cluster commands.
public record RaftConfig(
        @Setting("How long a command may take to be ordered, or a change of members to be agreed, before its submitter"
                + " gives up.")
        @Default("10s")
        Duration patience,

        @Setting("How long a gateway may take to answer one message of another before it is sent again.") @Default("1s")
        Duration messagePatience,

        @Setting("Gateways that vote on commands, at most; further ones only watch.") @Default("5")
        int voters,

        @Setting("Commands between two snapshots of the cluster state: what a start replays at most.") @Default("4096")
        int snapshotEvery,

        @Setting("How long a start may take to lead the group, or to find who does, and apply its log.") @Default("60s")
        Duration startPatience) {
    public RaftConfig {
        Check.argument(
                patience.isPositive() && messagePatience.isPositive() && startPatience.isPositive(),
                "patience of the command log must be > 0");
        Check.argument(voters >= 1 && voters <= 15, "voters must be 1 to 15, not %s", voters);
        Check.argument(snapshotEvery >= 1, "snapshot-every must be at least 1, not %s", snapshotEvery);
    }
}
