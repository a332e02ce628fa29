package io.forebay.cluster.watch;

import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Recurring;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.control.Heartbeat;
import io.forebay.protocol.api.control.HeartbeatReply;
import java.util.HexFormat;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Tells the leader at a steady rhythm, and at once when something ended, that this node lives and how far
/// it is, and keeps the lease that it gets for it.
public final class HeartbeatSender implements Service {
    private static final System.Logger LOG = System.getLogger(HeartbeatSender.class.getName());

    private final NodeId self;
    private final String boot;
    private final long intervalNanos;
    private final Parts parts;
    private final Backoff backoff;
    private final LongAdder answered;
    private final LongAdder failed;
    private final Recurring work;
    private String lastFailure = "";

    /// What it works with.
    ///
    /// @param progress asked before each heartbeat
    /// @param contact is confirmed by each answer
    /// @param newer told each version that the leader has
    public record Parts(
            StateWatch watch,
            Supplier<NodeProgress> progress,
            HeartbeatChannel channel,
            Lease lease,
            QuorumContact contact,
            LongConsumer newer,
            Ticker ticker,
            Timers timers,
            RandomGenerator random,
            Metrics metrics) {}

    public HeartbeatSender(NodeId self, WatchConfig config, Parts parts) {
        this.self = self;
        this.boot = HexFormat.of().toHexDigits(parts.random.nextLong());
        this.intervalNanos = config.heartbeat().toNanos();
        this.parts = parts;
        this.backoff = new Backoff(config.retryMin(), config.retryMax(), parts.random);
        String label = "node=\"" + self + "\",outcome=";
        this.answered = parts.metrics.counter(WatchMetric.HEARTBEATS, label + "\"answered\"");
        this.failed = parts.metrics.counter(WatchMetric.HEARTBEATS, label + "\"failed\"");
        this.work = new Recurring(
                "heartbeats of " + self, parts.timers, config.retryMax().toNanos(), this::beat);
    }

    /// Sends the first heartbeat soon, and does not wait for it.
    @Override
    public void start() {
        work.start();
    }

    /// Names this run of the process.
    public String boot() {
        return boot;
    }

    /// Sends one at once: what it tells has changed.
    public void wake() {
        work.wake();
    }

    @Override
    public void close() {
        work.close();
    }

    private long beat() {
        long sent = parts.ticker.nanos();
        try {
            HeartbeatReply reply = parts.channel.send(heartbeat());
            if (reply.leaseNanos() > 0) {
                parts.lease.renew(sent + reply.leaseNanos());
            }
            parts.contact.confirm(sent);
            parts.newer.accept(reply.stateVersion());
            answered.increment();
            backoff.succeeded();
            lastFailure = "";
            return Math.max(0, intervalNanos - (parts.ticker.nanos() - sent));
        } catch (StoreException e) {
            failed.increment();
            note(e);
            return Math.min(intervalNanos, backoff.failed());
        }
    }

    private Heartbeat heartbeat() {
        NodeProgress progress = parts.progress.get();
        return new Heartbeat(
                self.value(),
                boot,
                parts.watch.current().version(),
                progress.preparedEpoch(),
                progress.rebalance(),
                progress.space());
    }

    private void note(StoreException failure) {
        if (!failure.text().equals(lastFailure)) {
            lastFailure = failure.text();
            LOG.log(System.Logger.Level.WARNING, "node {0}: no answer of the leader: {1}", self, lastFailure);
        }
    }
}
