package io.forebay.bench.scenario;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import java.util.List;

/// Settings of the scenario `engine`.
public record EngineConfig(
        @Setting("How it runs.") RunConfig run,
        @Setting("Connections.") @Default("32") int connections,

        @Setting("Object sizes.") @Default("10KiB,128KiB,1MiB")
        List<DataSize> sizes,

        @Setting("Objects of each size.") @Default("64") int objects,
        @Setting("Transports.") @Default("io-uring,epoll") List<String> transports) {}
