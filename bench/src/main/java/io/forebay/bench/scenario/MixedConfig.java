package io.forebay.bench.scenario;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import java.time.Duration;

/// Settings of the scenario `mixed`.
public record MixedConfig(
        @Setting("How it runs; pairs and the length of one run count for nothing here.")
        RunConfig run,

        @Setting("Length of the whole run.") @Default("10m") Duration duration,

        @Setting("Time between two looks at the memory.") @Default("20s")
        Duration look,

        @Setting("Requests a second of the open loop; 0 for a closed one.") @Default("1500")
        int rate,

        @Setting("Connections.") @Default("32") int connections,
        @Setting("Different names.") @Default("20000") int objects,

        @Setting("Size of a small object.") @Default("10KiB")
        DataSize small,

        @Setting("Size of a large object.") @Default("1MiB") DataSize large) {}
