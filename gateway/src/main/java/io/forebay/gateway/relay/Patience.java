package io.forebay.gateway.relay;

import io.forebay.common.time.Ticker;
import io.forebay.gateway.routing.Router;
import io.forebay.gateway.routing.Snapshot;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long one request goes on being routed again while owners change, and when it is tried next. For one
/// thread.
final class Patience {
    private static final long FIRST_PAUSE_NANOS = 10_000_000;
    private static final long LONGEST_PAUSE_NANOS = 500_000_000;

    private final Router router;
    private final Ticker ticker;
    private final long deadline;
    private long pauseNanos = FIRST_PAUSE_NANOS;

    /// Begins to count.
    Patience(Router router, Ticker ticker, Duration patience) {
        this.router = router;
        this.ticker = ticker;
        this.deadline = ticker.nanos() + patience.toNanos();
    }

    /// Whether the time is over.
    boolean isOver() {
        return deadline - ticker.nanos() <= 0;
    }

    /// Waits for a newer state than the one used; null when none arrives in time.
    @Nullable
    Snapshot newer(Snapshot used) {
        long left = deadline - ticker.nanos();
        return left <= 0 ? null : router.awaitNewer(used.state().version(), Duration.ofNanos(left));
    }

    /// Waits for a newer state, but only for a pause that doubles each time, and gives the newest there
    /// is; null when the time is over.
    @Nullable
    Snapshot later(Snapshot used) {
        long left = deadline - ticker.nanos();
        if (left <= 0) {
            return null;
        }
        Snapshot newer = router.awaitNewer(used.state().version(), Duration.ofNanos(Math.min(left, pauseNanos)));
        pauseNanos = Math.min(pauseNanos * 2, LONGEST_PAUSE_NANOS);
        return newer == null ? used : newer;
    }
}
