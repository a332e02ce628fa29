package io.forebay.app;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;

/// Settings of the log.
public record LogConfig(
        @Setting("What Forebay itself writes to `forebay.log` in the data folder; standard error shows warnings.")
        @Default("info")
        Detail level,

        @Setting("Size at which the log file is moved aside.") @Default("16MiB")
        DataSize maxSize,

        @Setting("Size of all log files together: beyond it the oldest are removed.") @Default("64MiB")
        DataSize maxTotal) {
    public enum Detail {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    public LogConfig {
        Check.argument(
                maxSize.bytes() >= 4 << 10 && maxSize.bytes() <= 1 << 30,
                "max-size must be 4KiB to 1GiB, not %s",
                maxSize);
        Check.argument(
                maxTotal.bytes() >= maxSize.bytes(), "max-total %s must be at least max-size %s", maxTotal, maxSize);
    }
}
