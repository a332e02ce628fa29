package io.forebay.cluster.watch;

import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// When this process last knew that it hears what a majority of the voting gateways decides. Without that
/// contact its state may be old, and nobody here can tell. Safe to share between threads.
public final class QuorumContact {
    private final @Nullable Ticker ticker;
    private final long toleratedNanos;
    private final AtomicLong last;

    /// The process counts as in contact when it starts.
    ///
    /// @param tolerated so long without proof is no lack of contact yet
    public QuorumContact(Duration tolerated, Ticker ticker, Metrics metrics) {
        this.ticker = ticker;
        this.toleratedNanos = tolerated.toNanos();
        this.last = new AtomicLong(ticker.nanos());
        metrics.gauge(WatchMetric.STATE_AGE, "", () -> ageNanos() / 1e9);
    }

    private QuorumContact() {
        this.ticker = null;
        this.toleratedNanos = 0;
        this.last = new AtomicLong();
    }

    /// Of a process that is the whole group of those who vote: it is never without contact.
    public static QuorumContact ofOne() {
        return new QuorumContact();
    }

    /// There was contact at that time.
    public void confirm(long atNanos) {
        last.accumulateAndGet(atNanos, (before, now) -> now - before > 0 ? now : before);
    }

    /// How long ago there last was contact.
    public long ageNanos() {
        return ticker == null ? 0 : Math.max(0, ticker.nanos() - last.get());
    }

    /// For how many whole seconds there has been none, at least 1; 0 while there is.
    public long staleSeconds() {
        long age = ageNanos();
        return age <= toleratedNanos ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(age));
    }
}
