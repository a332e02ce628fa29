package io.forebay.storage.peer;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.time.Duration;

/// Settings of a storage node's dealings with others.
public record PeerConfig(
        @Setting(
                "Size up to which an object that has not moved yet is fetched when it is read; the bytes of larger ones"
                        + " are passed through.")
        @Default("4MiB")
        DataSize adopt,

        @Setting("Size up to which an object goes to its other holders in one message; larger ones are sent ahead.")
        @Default("64KiB")
        DataSize inline,

        @Setting("How long another storage node's answer may take.") @Default("10s")
        Duration answerTimeout,

        @Setting("Size of a message between storage nodes, object bytes excluded.") @Default("16MiB")
        DataSize maxMessage,

        @Setting("Objects received for other nodes that wait for their commit; more are refused.") @Default("4096")
        int maxStaged,

        @Setting("How long an object received for another node is kept without word of it.") @Default("10m")
        Duration stagedPatience,

        @Setting("How often damaged objects are repaired from other nodes' copies.") @Default("30s")
        Duration repairInterval,

        @Setting("Keys that are known to be up to date here while objects move; when there are more, all are asked for"
                + " again.")
        @Default("100000")
        int maxRemembered) {
    public PeerConfig {
        Check.argument(answerTimeout.isPositive(), "answer-timeout must be positive, not %s", answerTimeout);
        Check.argument(inline.bytes() <= 8 << 20, "inline must be at most 8MiB, not %s", inline);
        Check.argument(maxMessage.bytes() >= 1 << 16, "max-message must be at least 64KiB, not %s", maxMessage);
        Check.argument(maxMessage.bytes() <= 1 << 30, "max-message must be at most 1GiB, not %s", maxMessage);
        Check.argument(maxStaged >= 1, "max-staged must be at least 1, not %s", maxStaged);
        Check.argument(stagedPatience.isPositive(), "staged-patience must be positive, not %s", stagedPatience);
        Check.argument(repairInterval.isPositive(), "repair-interval must be positive, not %s", repairInterval);
        Check.argument(maxRemembered >= 1, "max-remembered must be at least 1, not %s", maxRemembered);
    }
}
