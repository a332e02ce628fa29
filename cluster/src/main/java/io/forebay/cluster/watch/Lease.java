package io.forebay.cluster.watch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.http.Exchange;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Until when this storage node may serve what it owns: as long as its lease lives, nobody else is made
/// owner of it. Safe to share between threads.
///
/// Counted by the monotonic clock from when the heartbeat was sent that the leader answered, so that it
/// ends here no later than the leader believes.
public final class Lease {
    private final Ticker ticker;
    private final Duration patience;
    private final Waiting waiting;
    private final LongAdder waits;
    private final LongAdder refusals;
    private volatile long end;

    /// There is none at first.
    ///
    /// @param patience how long a request waits for a renewal
    /// @param labels of its metrics: the node's
    public Lease(Duration patience, Ticker ticker, Timers timers, Metrics metrics, String labels) {
        this.ticker = ticker;
        this.patience = patience;
        this.waiting = new Waiting(ticker, timers);
        this.waits = metrics.counter(WatchMetric.LEASE_WAITS, labels);
        this.refusals = metrics.counter(WatchMetric.LEASE_REFUSALS, labels);
        this.end = ticker.nanos();
        metrics.gauge(WatchMetric.LEASE_SECONDS, labels, () -> Math.max(0, leftNanos()) / 1e9);
    }

    /// One volatile read and one of the clock.
    public boolean isLive() {
        return leftNanos() > 0;
    }

    /// How long it still lives; 0 or less when it does not.
    public long leftNanos() {
        return end - ticker.nanos();
    }

    /// Whether the request may go on, which waits for a renewal if need be. False when it would have to
    /// wait and may not: the answer is `Reply.WOULD_WAIT`. Throws NODE_UNAVAILABLE when the renewal does
    /// not come in time.
    public boolean admits(Exchange exchange) {
        if (isLive()) {
            return true;
        }
        if (!exchange.mayWait()) {
            return false;
        }
        require();
        return true;
    }

    /// Waits until the lease lives. Throws NODE_UNAVAILABLE when that takes longer than the patience.
    public void require() {
        if (isLive()) {
            return;
        }
        waits.increment();
        if (!waiting.await(this::isLive, patience.toNanos())) {
            refusals.increment();
            throw new StoreException(
                    ErrorCode.NODE_UNAVAILABLE,
                    "this storage node has no lease since "
                            + TimeUnit.NANOSECONDS.toMillis(-leftNanos())
                            + " ms: it serves what it owns when it reaches the gateway that leads the cluster again");
        }
    }

    /// The leader lets it live until then, by the ticker; an earlier end than the present one is left alone.
    public void renew(long until) {
        if (until - end > 0) {
            end = until;
            waiting.signal();
        }
    }
}
