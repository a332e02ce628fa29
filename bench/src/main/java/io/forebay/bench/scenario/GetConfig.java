package io.forebay.bench.scenario;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;

/// Settings of the scenario `get`.
public record GetConfig(
        @Setting("How it runs.") RunConfig run,
        @Setting("Connections.") @Default("32") int connections,

        @Setting("Size of a small object.") @Default("10KiB")
        DataSize small,

        @Setting("Size of a large object.") @Default("1MiB") DataSize large,

        @Setting("Small objects that are asked for again and again.") @Default("200")
        int hot,

        @Setting("Small objects asked for at random; 0 leaves this out.") @Default("15000")
        int random,

        @Setting("Large objects; 0 leaves them out.") @Default("64")
        int largeObjects) {}
