package io.forebay.cluster.watch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Threads that wait for something to become true, for a time that is measured by the seams.
final class Waiting {
    private final Ticker ticker;
    private final Timers timers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    Waiting(Ticker ticker, Timers timers) {
        this.ticker = ticker;
        this.timers = timers;
    }

    /// Has those who wait look again.
    void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until it holds, at most that long, and says whether it does. Throws DEADLINE_EXCEEDED when
    /// interrupted.
    boolean await(BooleanSupplier holds, long nanos) {
        if (holds.getAsBoolean()) {
            return true;
        }
        long deadline = ticker.nanos() + nanos;
        Timers.Alarm alarm = timers.after(nanos, this::signal);
        lock.lock();
        try {
            while (!holds.getAsBoolean()) {
                if (ticker.nanos() - deadline >= 0) {
                    return false;
                }
                changed.await();
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while waiting", e);
        } finally {
            lock.unlock();
            alarm.cancel();
        }
    }
}
