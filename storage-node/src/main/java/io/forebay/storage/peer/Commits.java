package io.forebay.storage.peer;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The commits that were admitted under one fence and have not ended. Once closed it admits no more, and
/// whoever closed it waits until the last one has left.
final class Commits {
    /// Set in the count when no more are admitted.
    private static final long CLOSED = 1L << 62;

    private final AtomicLong count = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    /// Whether one more was admitted, which has to `leave`.
    boolean enter() {
        if ((count.incrementAndGet() & CLOSED) == 0) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        if (count.decrementAndGet() == CLOSED) {
            lock.lock();
            try {
                ended.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// How many are under way.
    long underWay() {
        return count.get() & ~CLOSED;
    }

    /// Admits no more; can be called again.
    void close() {
        count.getAndUpdate(now -> now | CLOSED);
    }

    /// Returns when none is left, after `close`. Throws DEADLINE_EXCEEDED when interrupted.
    void awaitEnd() {
        lock.lock();
        try {
            while (count.get() != CLOSED) {
                ended.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while commits end", e);
        } finally {
            lock.unlock();
        }
    }
}
