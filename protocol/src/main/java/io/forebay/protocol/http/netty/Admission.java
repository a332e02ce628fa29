package io.forebay.protocol.http.netty;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts what is under way against a limit, and waits for its end when a server closes.
final class Admission {
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private int count;

    Admission(int limit) {
        this.limit = limit;
    }

    boolean full() {
        lock.lock();
        try {
            return count >= limit;
        } finally {
            lock.unlock();
        }
    }

    void enter() {
        lock.lock();
        try {
            count++;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            count--;
            if (count == 0) {
                left.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until nothing is under way. False when that took longer, or the thread was interrupted (the flag is
    /// set).
    boolean awaitNone(Duration patience) {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (count > 0 && nanos > 0) {
                nanos = left.awaitNanos(nanos);
            }
            return count == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
