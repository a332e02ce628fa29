package io.forebay.protocol.http.netty;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// How many received bytes all bodies of one server or client hold together, against a limit.
///
/// Over the limit a connection reads on only when its own body has nothing left, so that each makes progress and
/// the excess is at most one read a connection.
final class BufferBudget {
    private final AtomicLong used = new AtomicLong();
    private final long limit;
    private final LongAdder gauge;
    private final LongAdder pauses;

    BufferBudget(long limit, LongAdder gauge, LongAdder pauses) {
        this.limit = limit;
        this.gauge = gauge;
        this.pauses = pauses;
    }

    void add(long bytes) {
        used.addAndGet(bytes);
        gauge.add(bytes);
    }

    void remove(long bytes) {
        add(-bytes);
    }

    boolean spent() {
        return used.get() >= limit;
    }

    /// Counts a read that is put off because the limit is reached.
    void notePause() {
        pauses.increment();
    }
}
