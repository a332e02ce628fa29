package io.forebay.system.process;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The way from one node to another, in that direction. Safe to share between threads.
final class Link {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Quality quality = Quality.WHOLE;

    void set(Quality next) {
        lock.lock();
        try {
            quality = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits as long as it takes so many bytes to pass.
    void pass(int bytes) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos(quality, bytes);
            while (quality.cut() || left > 0) {
                if (quality.cut()) {
                    changed.await();
                    left = nanos(quality, bytes);
                } else {
                    Quality waitedFor = quality;
                    left = changed.awaitNanos(left);
                    if (!quality.equals(waitedFor)) {
                        left = nanos(quality, bytes);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static long nanos(Quality quality, int bytes) {
        long rate = quality.bytesPerSecond();
        return quality.delay().toNanos() + (rate == 0 ? 0 : bytes * TimeUnit.SECONDS.toNanos(1) / rate);
    }
}
