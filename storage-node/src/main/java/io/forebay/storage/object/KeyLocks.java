package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.storage.metadata.IndexKeys;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/// One lock for each object with its versions, as good as: keys that share one of many stripes wait for each other
/// too.
///
/// Held while a change of the key is checked, committed and made visible; never while object bytes arrive.
final class KeyLocks {
    static final int STRIPES = 4096;

    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
    private final int maxWaiters;
    private final LongAdder refused;

    KeyLocks(int maxWaiters, LongAdder refused) {
        this.maxWaiters = maxWaiters;
        this.refused = refused;
        Arrays.setAll(stripes, stripe -> new ReentrantLock());
    }

    /// The key's lock, taken; the caller unlocks it. Throws BUSY when too many wait already.
    ReentrantLock lock(byte[] key) {
        ReentrantLock lock = stripes[stripe(key)];
        if (!lock.tryLock()) {
            if (lock.getQueueLength() >= maxWaiters) {
                refused.increment();
                throw new StoreException(
                        ErrorCode.BUSY, "too many writers wait for the same object (limit key-waiters)");
            }
            lock.lock();
        }
        return lock;
    }

    /// The key's lock, taken however many wait for it; the caller unlocks it.
    @SuppressWarnings("LockNotBeforeTry") // It is handed over.
    ReentrantLock lockInTurn(byte[] key) {
        ReentrantLock lock = stripes[stripe(key)];
        lock.lock();
        return lock;
    }

    /// Locks of several keys, taken; closing it lets them go.
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /// The locks of all these keys, taken in the order that all who take several keep. The caller holds none.
    @SuppressWarnings("LockNotBeforeTry") // They are handed over.
    Held lockAll(List<byte[]> keys) {
        int[] taken =
                keys.stream().mapToInt(KeyLocks::stripe).distinct().sorted().toArray();
        for (int stripe : taken) {
            stripes[stripe].lock();
        }
        return () -> {
            for (int stripe : taken) {
                stripes[stripe].unlock();
            }
        };
    }

    /// Returns when everyone who held a lock when this was called has let it go.
    @SuppressWarnings("LockNotBeforeTry") // Nothing happens while it is held.
    void awaitHolders() {
        for (ReentrantLock lock : stripes) {
            lock.lock();
            lock.unlock();
        }
    }

    /// Runs an action while nobody else holds a lock. The caller holds none.
    @SuppressWarnings("LockNotBeforeTry") // Many at once: all that were taken are let go.
    void runAlone(Runnable action) {
        int taken = 0;
        try {
            for (ReentrantLock lock : stripes) {
                lock.lock();
                taken++;
            }
            action.run();
        } finally {
            for (int index = 0; index < taken; index++) {
                stripes[index].unlock();
            }
        }
    }

    /// Which of the stripes is a key's.
    static int stripe(byte[] key) {
        int hash = IndexKeys.hash(key) * 0x9E3779B9;
        return hash >>> 20;
    }
}
