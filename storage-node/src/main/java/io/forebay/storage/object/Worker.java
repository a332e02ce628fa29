package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A thread that does one kind of background work, round by round, until it is closed.
///
/// The work itself is the caller's, who may as well do the rounds without a worker: tests do. A round that fails is
/// tried again; it is logged once for as long as it fails in the same way.
final class Worker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Worker.class.getName());

    private final String name;
    private final Round round;
    private final long retryNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Thread thread;
    private boolean woken;
    private boolean closed;
    private volatile @Nullable StoreException lastFailure;

    /// Starts the thread.
    ///
    /// @param retryNanos how long a round that failed is waited after
    Worker(String name, long retryNanos, Round round) {
        this.name = name;
        this.round = round;
        this.retryNanos = retryNanos;
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /// One round of the work.
    @FunctionalInterface
    interface Round {
        /// Returns after how many nanoseconds the next round is due.
        long run();
    }

    /// Makes the next round due now.
    void wake() {
        lock.lock();
        try {
            woken = true;
            wanted.signal();
        } finally {
            lock.unlock();
        }
    }

    /// What the last round failed with, or null.
    @Nullable
    StoreException lastFailure() {
        return lastFailure;
    }

    /// Ends the thread after the round that it is at.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wanted.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long nanos = 0;
        while (await(nanos)) {
            nanos = attempt();
        }
    }

    /// False when the thread is to end.
    private boolean await(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !closed && !woken) {
                left = wanted.awaitNanos(left);
            }
            woken = false;
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private long attempt() {
        try {
            long next = round.run();
            lastFailure = null;
            return next;
        } catch (StoreException e) {
            failed(e);
        } catch (RuntimeException e) {
            failed(new StoreException(ErrorCode.INTERNAL, name + " failed: " + e.getMessage(), e));
        }
        return retryNanos;
    }

    private void failed(StoreException failure) {
        StoreException last = lastFailure;
        lastFailure = failure;
        if (last == null || !last.text().equals(failure.text())) {
            LOG.log(System.Logger.Level.ERROR, name + ": " + failure.text(), failure);
        }
    }
}
