package io.forebay.gateway.control;

import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.time.Duration;

/// Settings of watching over the nodes of a cluster: those of the gateway that leads count.
public record SupervisorConfig(
        @Setting(
                "How long a storage node may serve what it owns after the leading gateway last heard of it. The same on"
                        + " every gateway: a new leader waits so long before it makes others owners.")
        @Default("5s")
        Duration lease,

        @Setting("How long a storage node may be without a lease before others own its objects.") @Default("10s")
        Duration downAfter,

        @Setting("How often the leading gateway proves that it still leads: it grants leases from then on.")
        @Default("500ms")
        Duration confirmInterval) {
    public SupervisorConfig {
        Check.argument(
                confirmInterval.isPositive() && lease.compareTo(confirmInterval.multipliedBy(2)) >= 0,
                "lease must be at least twice confirm-interval");
        Check.argument(!downAfter.isNegative(), "down-after is negative");
    }
}
