package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Lets one warning of each code pass every ten seconds, so that overload does not make work of its own.
final class SparseWarnings {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long NEVER = Long.MIN_VALUE;

    private final Map<ErrorCode, AtomicLong> last = new EnumMap<>(ErrorCode.class);

    SparseWarnings() {
        for (ErrorCode code : ErrorCode.values()) {
            last.put(code, new AtomicLong(NEVER));
        }
    }

    /// Whether a warning of that code may be logged now; counts as logged.
    boolean isDue(ErrorCode code, long nowNanos) {
        AtomicLong time = Objects.requireNonNull(last.get(code));
        long before = time.get();
        return (before == NEVER || nowNanos - before >= PAUSE_NANOS) && time.compareAndSet(before, nowNanos);
    }
}
