package io.forebay.storage.object;

import io.forebay.common.time.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps work at a number of bytes a second, that of all threads together. `close` lets it go at once.
public final class BytePace implements Pace, AutoCloseable {
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long bytesPerSecond;
    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private long due;
    private boolean closed;

    public BytePace(long bytesPerSecond, Ticker ticker) {
        this.bytesPerSecond = bytesPerSecond;
        this.ticker = ticker;
        this.due = ticker.nanos();
    }

    @Override
    public boolean spent(long bytes) {
        lock.lock();
        try {
            // What was not used is not saved up.
            due = Math.max(due, ticker.nanos() - BURST_NANOS);
            due += (long) ((double) bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
            long left = due - ticker.nanos();
            while (left > 0 && !closed) {
                left = ended.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
