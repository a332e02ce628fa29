package io.forebay.bench.scenario;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;

/// Settings of the scenario `put`.
public record PutConfig(
        @Setting("How it runs.") RunConfig run,
        @Setting("Connections.") @Default("64") int connections,
        @Setting("Size of an object.") @Default("10KiB") DataSize size) {}
