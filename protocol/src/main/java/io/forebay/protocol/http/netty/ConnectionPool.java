package io.forebay.protocol.http.netty;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The connections to one server: kept ones, last used first, and how many there may be.
final class ConnectionPool {
    private final String name;
    private final int limit;
    private final long waitNanos;
    private final LongAdder waits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ClientConnection> idle = new ArrayDeque<>();
    private int count;

    ConnectionPool(String name, int limit, long waitNanos, LongAdder waits) {
        this.name = name;
        this.limit = limit;
        this.waitNanos = waitNanos;
        this.waits = waits;
    }

    /// A kept connection, or null with leave to open a new one, which the caller must `put` or `forget`. Waits
    /// while all are in use. Throws BUSY when that takes too long.
    @Nullable
    ClientConnection take() {
        lock.lock();
        try {
            long nanos = waitNanos;
            boolean counted = false;
            for (; ; ) {
                for (ClientConnection kept = idle.poll(); kept != null; kept = idle.poll()) {
                    if (kept.usable()) {
                        return kept;
                    }
                }
                if (count < limit) {
                    count++;
                    return null;
                }
                if (!counted) {
                    counted = true;
                    waits.increment();
                }
                if (nanos <= 0) {
                    throw new StoreException(
                            ErrorCode.BUSY, "all " + limit + " connections to " + name + " stay in use");
                }
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while waiting for " + name, e);
        } finally {
            lock.unlock();
        }
    }

    /// A kept connection of that event loop, or null.
    @Nullable
    ClientConnection takeKept(LoopState loop) {
        lock.lock();
        try {
            for (Iterator<ClientConnection> kept = idle.iterator(); kept.hasNext(); ) {
                ClientConnection connection = kept.next();
                if (connection.loop() == loop) {
                    kept.remove();
                    if (connection.usable()) {
                        return connection;
                    }
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /// Whether the caller may open a new connection, which it must `put` or `forget`.
    boolean admits() {
        lock.lock();
        try {
            boolean room = count < limit;
            if (room) {
                count++;
            }
            return room;
        } finally {
            lock.unlock();
        }
    }

    /// Keeps a connection whose request is done.
    void put(ClientConnection connection) {
        lock.lock();
        try {
            idle.push(connection);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// A connection has ended, or was not made.
    void forget() {
        lock.lock();
        try {
            count--;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Closes what is kept: after one stale connection the others are likely stale too.
    void closeIdle() {
        lock.lock();
        try {
            idle.forEach(ClientConnection::close);
            idle.clear();
        } finally {
            lock.unlock();
        }
    }
}
