package io.forebay.storage.object;

import io.forebay.common.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// When keys were removed, for those who ask how long ago that was at least: the wall clock at the start of the
/// process, and from then on monotonic time, so that no removal seems old because the wall clock jumped.
final class RemovalClock {
    private final Ticker ticker;
    private final long startMillis;
    private final long startNanos;

    RemovalClock(InstantSource clock, Ticker ticker) {
        this.ticker = ticker;
        this.startMillis = clock.millis();
        this.startNanos = ticker.nanos();
    }

    /// In milliseconds since the epoch, if the wall clock was right at the start.
    long millis() {
        return startMillis + elapsedMillis();
    }

    /// The latest time of removals that are at least so old; before all times while this process is younger than
    /// that, since it cannot tell how long ago those before its start were.
    long latest(Duration age) {
        long elapsed = elapsedMillis();
        return elapsed < age.toMillis() ? Long.MIN_VALUE : startMillis + elapsed - age.toMillis();
    }

    private long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - startNanos);
    }
}
