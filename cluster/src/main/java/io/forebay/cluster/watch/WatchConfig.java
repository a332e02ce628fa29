package io.forebay.cluster.watch;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.config.Settings;
import io.forebay.common.error.Check;
import io.forebay.protocol.tls.TlsConfig;
import java.time.Duration;

/// Settings of a process as a member of a cluster: following its state, and telling the leader that it
/// lives.
public record WatchConfig(
        @Setting("How long a gateway lets a node wait for a newer cluster state before it answers that there is none.")
        @Default("10s")
        Duration pollWait,

        @Setting("How long the answer of a gateway's control port may take, beyond what it was asked to wait.")
        @Default("1s")
        Duration answerTimeout,

        @Setting("The pause after a failed call to a gateway; it doubles with each further one.") @Default("50ms")
        Duration retryMin,

        @Setting("The longest pause after failed calls to gateways.") @Default("1s")
        Duration retryMax,

        @Setting("How often a node tells the leading gateway that it lives.") @Default("1s")
        Duration heartbeat,

        @Setting("For how long a newer cluster state that the leader told of may fail to come before another gateway is"
                + " asked for it.")
        @Default("500ms")
        Duration lagTolerance,

        @Setting("For how long a process counts as in contact with the cluster without a sign of the leader.")
        @Default("3s")
        Duration contactTolerance,

        @Setting("Size of a cluster state that is taken from a gateway.") @Default("256MiB")
        DataSize maxState,

        @Setting("Commands that a gateway remembers for nodes that have an older cluster state; others get it whole.")
        @Default("4096")
        int historyCommands,

        @Setting("Bytes of the commands that a gateway remembers.") @Default("4MiB")
        DataSize historySize,

        @Setting("TLS between nodes.") TlsConfig tls) {
    public WatchConfig {
        Check.argument(pollWait.isPositive() && answerTimeout.isPositive(), "poll-wait and answer-timeout must be > 0");
        Check.argument(
                retryMin.isPositive() && retryMax.compareTo(retryMin) >= 0,
                "retry-min must be above 0 and at most retry-max");
        Check.argument(heartbeat.isPositive() && lagTolerance.isPositive(), "heartbeat and lag-tolerance must be > 0");
        Check.argument(
                contactTolerance.compareTo(heartbeat) > 0, "contact-tolerance must be longer than the heartbeat");
        Check.argument(maxState.bytes() <= Integer.MAX_VALUE, "max-state must be below 2GiB");
        Check.argument(historyCommands >= 0, "history-commands is negative");
    }

    public static WatchConfig defaults() {
        return Settings.defaults(WatchConfig.class);
    }
}
