package io.forebay.cluster.watch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// The pause after failures that follow each other: it doubles up to a bound, and is shortened at random so
/// that many nodes do not call together. For one thread at a time.
final class Backoff {
    private static final int MAX_DOUBLINGS = 20;

    private final long minNanos;
    private final long maxNanos;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration min, Duration max, RandomGenerator random) {
        this.minNanos = min.toNanos();
        this.maxNanos = max.toNanos();
        this.random = random;
    }

    void succeeded() {
        failures = 0;
    }

    /// The pause after one more failure.
    long failed() {
        long full = Math.min(maxNanos, minNanos << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        return full / 2 + random.nextLong(full / 2 + 1);
    }
}
