package io.forebay.bench.scenario;

import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;

/// Settings of the scenario `list`.
public record ListConfig(
        @Setting("How it runs.") RunConfig run,
        @Setting("Objects in the bucket.") @Default("50000") int objects,
        @Setting("Entries of a page.") @Default("1000") int page,
        @Setting("Connections.") @Default("4") int connections) {}
