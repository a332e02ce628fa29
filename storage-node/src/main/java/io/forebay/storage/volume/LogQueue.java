package io.forebay.storage.volume;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The records that wait for the log, in the order of their arrival.
final class LogQueue<E extends LogEntry> {
    private final long maxGroupBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<E> waiting = new ArrayDeque<>();
    private boolean closed;

    LogQueue(long maxGroupBytes) {
        this.maxGroupBytes = maxGroupBytes;
    }

    /// Adds entries one behind the other, none of which is taken before all are there. Throws VOLUME_FAILED
    /// after `close`.
    void add(List<E> entries) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreException(ErrorCode.VOLUME_FAILED, "the volume is closed");
            }
            waiting.addAll(entries);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    void putBack(List<E> entries) {
        if (entries.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            entries.reversed().forEach(waiting::addFirst);
        } finally {
            lock.unlock();
        }
    }

    /// The next group: everything that waits, up to the group's limit; a strict record alone. Waits for one; empty
    /// after `close`, when nothing waits any more.
    List<E> take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                arrived.awaitUninterruptibly();
            }
            List<E> group = new ArrayList<>(waiting.size());
            long bytes = 0;
            while (!waiting.isEmpty()) {
                E next = waiting.peekFirst();
                boolean alone = next.durability() == Durability.STRICT;
                if (!group.isEmpty() && (alone || bytes + next.paddedLength() > maxGroupBytes)) {
                    break;
                }
                bytes += next.paddedLength();
                group.add(waiting.pollFirst());
                if (alone) {
                    break;
                }
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
