package io.forebay.storage.object;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.time.Duration;

/// Settings of the scrub of every volume: the background reading of all stored bytes.
public record ScrubConfig(
        @Setting("Within this time every stored byte is read and compared with its checksum.") @Default("14d")
        Duration period,

        @Setting("Most bytes that the scrub of one volume reads in a second.") @Default("32MiB")
        DataSize rate,

        @Setting("Most damaged objects that one volume remembers; further ones are logged only.") @Default("100000")
        int maxDamaged) {
    public ScrubConfig {
        Check.argument(!period.isNegative() && !period.isZero(), "period must be more than nothing, not %s", period);
        Check.argument(rate.bytes() >= 1 << 10, "rate must be at least 1KiB, not %s", rate);
        Check.argument(maxDamaged >= 1, "max-damaged must be at least 1, not %s", maxDamaged);
    }
}
