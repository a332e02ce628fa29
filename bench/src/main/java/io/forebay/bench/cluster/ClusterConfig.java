package io.forebay.bench.cluster;

import io.forebay.bench.scenario.RunConfig;
import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import java.time.Duration;
import java.util.List;

/// Settings of the scenario `cluster`.
public record ClusterConfig(
        @Setting("How it runs.") RunConfig run,

        @Setting("Rows to run, separated by commas; all of them when empty.")
        List<String> only,

        @Setting("Connections.") @Default("32") int connections,

        @Setting("Size of a small object.") @Default("10KiB")
        DataSize small,

        @Setting("Size of a large object.") @Default("1MiB") DataSize large,

        @Setting("Small objects that are asked for again and again.") @Default("200")
        int hot,

        @Setting("Large objects.") @Default("64") int largeObjects,

        @Setting("Small objects that are there when a node joins.") @Default("50000")
        int moving,

        @Setting("Length of the look at nodes without clients.") @Default("30s")
        Duration idle) {

    int smallBytes() {
        return Math.toIntExact(small.bytes());
    }

    int largeBytes() {
        return Math.toIntExact(large.bytes());
    }
}
