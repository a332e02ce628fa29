package io.forebay.storage.volume;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One sync that many callers share: a caller returns after a sync that began after its call.
final class SharedSync {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private long requested;
    private long completed;
    private boolean running;

    @FunctionalInterface
    interface Action {
        void sync() throws IOException;
    }

    /// Returns when the action has run for this call. When it fails, each waiting caller tries itself.
    void sync(Action action) throws IOException {
        lock.lock();
        try {
            long mine = ++requested;
            while (completed < mine) {
                if (running) {
                    ended.awaitUninterruptibly();
                } else {
                    lead(action);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void lead(Action action) throws IOException {
        long upTo = requested;
        running = true;
        boolean succeeded = false;
        lock.unlock();
        try {
            action.sync();
            succeeded = true;
        } finally {
            lock.lock();
            running = false;
            if (succeeded) {
                completed = Math.max(completed, upTo);
            }
            ended.signalAll();
        }
    }
}
