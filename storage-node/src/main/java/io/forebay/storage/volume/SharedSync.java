package io.forebay.storage.volume;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One sync that many callers share: a caller returns after a sync that began after its call.
///
/// After one that failed nobody knows what is on the disk, and another may succeed without having written
/// anything: from
/// then on every call fails. Not so when the disk was full, which it says before it has dropped anything.
final class SharedSync {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private long requested;
    private long completed;
    private boolean running;
    private @Nullable IOException failure;

    @FunctionalInterface
    interface Action {
        void sync() throws IOException;
    }

    /// Returns when the action has run for this call. Throws what it throws, or threw for another caller.
    void sync(Action action) throws IOException {
        lock.lock();
        try {
            long mine = ++requested;
            while (completed < mine) {
                IOException failed = failure;
                if (failed != null) {
                    throw new IOException(failed.getMessage(), failed);
                }
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
        IOException failed = null;
        lock.unlock();
        try {
            action.sync();
            succeeded = true;
        } catch (IOException e) {
            failed = e;
            throw e;
        } finally {
            lock.lock();
            running = false;
            if (succeeded) {
                completed = Math.max(completed, upTo);
            } else if (failed != null && !VolumeFailure.isFull(String.valueOf(failed.getMessage()))) {
                failure = failed;
            }
            ended.signalAll();
        }
    }
}
