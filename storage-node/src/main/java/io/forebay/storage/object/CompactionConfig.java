package io.forebay.storage.object;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Ratio;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;

/// Settings of the compaction of segments.
public record CompactionConfig(
        @Setting("Share of the bytes in full segments that is needed at least: below it the emptiest segment is"
                + " compacted. More saves disk and costs writing.")
        @Default("85%")
        Ratio neededShare,

        @Setting("Share of the needed bytes that notes of removed objects may amount to, before old segments are"
                + " rewritten to be rid of them.")
        @Default("10%")
        Ratio removalShare,

        @Setting("Bytes that compaction reads and writes a second at most.") @Default("64MiB")
        DataSize rate) {
    public CompactionConfig {
        Check.argument(
                neededShare.value() >= 0.1 && neededShare.value() <= 0.95,
                "needed-share must be 10%% to 95%%, not %s",
                neededShare);
        Check.argument(
                removalShare.value() >= 0.01 && removalShare.value() <= 1,
                "removal-share must be 1%% to 100%%, not %s",
                removalShare);
        Check.argument(rate.bytes() >= 64 << 10, "rate must be at least 64KiB, not %s", rate);
    }
}
