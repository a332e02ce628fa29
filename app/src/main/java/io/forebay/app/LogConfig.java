package io.forebay.app;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;

/// Settings of the log.
public record LogConfig(
        @Setting("What Forebay itself writes to `forebay.log` in the data folder; standard error shows warnings.")
        @Default("info")
        Detail level,

        @Setting("Size at which the log file is moved aside; one older file is kept.") @Default("16MiB")
        DataSize maxSize) {
    public enum Detail {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }
}
