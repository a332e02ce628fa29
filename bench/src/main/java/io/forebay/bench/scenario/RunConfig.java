package io.forebay.bench.scenario;

import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.time.Duration;
import java.util.List;

/// How every scenario runs.
public record RunConfig(
        @Setting("Pairs of runs, of which the medians are shown.") @Default("5")
        int pairs,

        @Setting("Length of one run.") @Default("3s") Duration time,

        @Setting("Load on each variant before the first pair.") @Default("15s")
        Duration warmUp,

        @Setting("Further options of the server's JVM.") @Default("-Xmx512m")
        String javaOptions,

        @Setting("Further settings of the server, KEY=VALUE, separated by commas.")
        List<String> settings,

        @Setting("Whether to keep the result in bench/results.") @Default("false")
        boolean record) {
    public RunConfig {
        Check.argument(pairs >= 1, "pairs must be at least 1, not %s", pairs);
    }
}
