package io.forebay.storage.lifecycle;

import io.forebay.cluster.rule.RuleDays;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.time.Duration;

/// Settings of how a node follows the lifecycle rules of buckets.
public record LifecycleConfig(
        @Setting("How often the node looks for objects and uploads whose time has come by the lifecycle rules of their"
                + " buckets.")
        @Default("1h")
        Duration interval,

        @Setting("Keys that it looks at in a second, at most.") @Default("20000")
        int keysPerSecond,

        @Setting("How long a day of the rules is. What is shorter than 24h is for seeing what a rule does; answers tell"
                + " days of 24h all the same.")
        @Default("24h")
        Duration day) {
    public LifecycleConfig {
        Check.argument(interval.isPositive(), "interval must be positive, not %s", interval);
        Check.argument(keysPerSecond >= 1, "keys-per-second must be at least 1, not %s", keysPerSecond);
        Check.argument(day.toMillis() >= 1, "day must be at least 1ms, not %s", day);
    }

    RuleDays days() {
        return new RuleDays(day.toMillis());
    }
}
