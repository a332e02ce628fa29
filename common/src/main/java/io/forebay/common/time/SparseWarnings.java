package io.forebay.common.time;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Lets one warning of each kind pass every ten seconds, so that what goes wrong often does not fill the log.
public final class SparseWarnings<K extends Enum<K>> {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long NEVER = Long.MIN_VALUE;

    private final Map<K, AtomicLong> last;

    public SparseWarnings(Class<K> kinds) {
        this.last = new EnumMap<>(kinds);
        for (K kind : kinds.getEnumConstants()) {
            last.put(kind, new AtomicLong(NEVER));
        }
    }

    /// Whether a warning of that kind may be logged now; counts as logged.
    public boolean isDue(K kind, long nowNanos) {
        AtomicLong time = Objects.requireNonNull(last.get(kind));
        long before = time.get();
        return (before == NEVER || nowNanos - before >= PAUSE_NANOS) && time.compareAndSet(before, nowNanos);
    }
}
