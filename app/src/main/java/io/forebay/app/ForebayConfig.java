package io.forebay.app;

import io.forebay.common.config.Setting;

/// Every setting of a process, one group a component: what a `--config` file may hold.
public record ForebayConfig(
        @Setting("The process.") ServerConfig server,
        @Setting("The log.") LogConfig log) {}
