package io.forebay.system.scenario;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// How fast things happen: how long faults last, and the patience of nodes and clients, which is short enough
/// that faults outlast it.
///
/// @param warmUp answered operations before each fault, and again when the cluster serves after the last
/// @param minHold how long a fault lasts, by chance between this and `maxHold`
/// @param failover within which others own, with all likelihood, what a node owned that is silent: as often as not a
///     fault that leaves nodes running lasts so much longer, since that is when two could serve the same key
/// @param clientPatience with which a client waits for the next byte of an answer
/// @param settings of every node, `KEY=VALUE`
public record Tempo(
        int warmUp,
        Duration minHold,
        Duration maxHold,
        Duration failover,
        Duration clientPatience,
        List<String> settings) {
    private static final List<String> SECONDS = List.of(
            "gateway.supervisor.lease=2s",
            "gateway.supervisor.down-after=3s",
            "gateway.supervisor.confirm-interval=250ms",
            "cluster.heartbeat=300ms",
            "cluster.contact-tolerance=1500ms",
            "client.connect-timeout=1s",
            "client.reply-timeout=4s",
            "client.body-timeout=4s",
            "storage.store.index.memory=32MiB");
    private static final List<String> FRACTIONS = List.of(
            "gateway.supervisor.lease=500ms",
            "gateway.supervisor.down-after=200ms",
            "gateway.supervisor.confirm-interval=100ms",
            "cluster.heartbeat=100ms",
            "cluster.retry-max=300ms",
            "cluster.answer-timeout=500ms",
            "cluster.contact-tolerance=500ms",
            "client.connect-timeout=500ms",
            "client.reply-timeout=1500ms",
            "client.body-timeout=1500ms",
            "gateway.route-patience=3s",
            "storage.peer.answer-timeout=2s",
            "storage.rebalance.retry=300ms",
            "storage.store.index.memory=32MiB");

    /// One fault, or several together, that may last for seconds.
    public static final Tempo NORMAL = new Tempo(
            200, Duration.ofMillis(300), Duration.ofSeconds(8), Duration.ofSeconds(6), Duration.ofSeconds(6), SECONDS);

    /// One process killed after the other.
    public static final Tempo KILLS = new Tempo(
            100, Duration.ofMillis(100), Duration.ofSeconds(3), Duration.ZERO, Duration.ofSeconds(6), SECONDS);

    /// As many faults one after the other as there is time for.
    public static final Tempo ROUNDS = new Tempo(
            30,
            Duration.ofMillis(50),
            Duration.ofMillis(1_200),
            Duration.ofMillis(1_200),
            Duration.ofMillis(500),
            FRACTIONS);

    public Tempo {
        settings = List.copyOf(settings);
    }

    /// As long as a fault lasts, in milliseconds.
    ///
    /// @param leavesRunning whether the nodes that it hits go on running
    long hold(boolean leavesRunning, SplittableRandom random) {
        long millis = random.nextLong(minHold.toMillis(), maxHold.toMillis());
        return leavesRunning && random.nextBoolean() ? failover.toMillis() + millis : millis;
    }

    /// The same with faults that last longer.
    public Tempo holding(Duration min, Duration max) {
        return new Tempo(warmUp, min, max, failover, clientPatience, settings);
    }
}
