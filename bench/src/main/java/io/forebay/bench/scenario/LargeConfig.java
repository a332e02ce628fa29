package io.forebay.bench.scenario;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;

/// Settings of the scenario `large`.
public record LargeConfig(
        @Setting("How it runs; pairs and times count for nothing here.")
        RunConfig run,

        @Setting("Size of the object.") @Default("5GiB") DataSize size) {}
