package io.forebay.storage.volume;

import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// Brings the segments of a log to stable storage: the active one, and full ones before it that are not there
/// yet.
///
/// Segments become durable in their order, so that everything before one position is durable. One thread at a
/// time writes and rolls; any thread may sync. After a sync that failed nobody knows what is on the disk, and
/// another one may succeed without having written anything: every later one fails as well.
final class LogSync {
    private final LogCounters counters;
    private final AtomicReference<LogPosition> durable;

    /// Held while a full segment is synced, so that they are synced one after the other.
    private final ReentrantLock inOrder = new ReentrantLock();

    /// Shared while the active file is synced, exclusive while a file is closed.
    private final ReentrantReadWriteLock fileLock = new ReentrantReadWriteLock();

    /// Guards what is below it.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Deque<Full> full = new ArrayDeque<>();
    private boolean stopped;

    private volatile int fullCount;
    private volatile Active active;
    private volatile LogPosition written;
    private volatile @Nullable StoreException failure;

    /// @param start where the log goes on: everything before is durable
    LogSync(DiskFile file, LogPosition start, LogCounters counters) {
        this.counters = counters;
        this.active = new Active(file, start.segment());
        this.written = start;
        this.durable = new AtomicReference<>(start);
    }

    /// The segment that takes records.
    private record Active(DiskFile file, long segment) {}

    /// A segment that takes no more records.
    ///
    /// @param next where the one behind it begins
    private record Full(DiskFile file, long segment, LogPosition next) {}

    /// The file of the active segment.
    DiskFile file() {
        return active.file;
    }

    /// Everything before this position was written.
    LogPosition written() {
        return written;
    }

    /// Says that everything before that position of the active segment was written.
    void written(LogPosition upTo) {
        written = upTo;
    }

    /// Everything before this position is on stable storage.
    LogPosition durable() {
        return durable.get();
    }

    /// How many full segments are not on stable storage.
    int fullCount() {
        return fullCount;
    }

    /// Goes on in another file. The active segment is full.
    void roll(DiskFile file, LogPosition begin) {
        lock.lock();
        try {
            full.addLast(new Full(active.file, active.segment, begin));
            fullCount = full.size();
            active = new Active(file, begin.segment());
            written = begin;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Brings everything before that position to stable storage, and what else it takes. Throws VOLUME_FAILED.
    void syncTo(LogPosition end) {
        while (end.compareTo(durable.get()) > 0) {
            syncFull(end.segment());
            syncActive(end.segment());
            // Where that segment became full in between, it is synced as such.
        }
    }

    /// Brings all segments that are full now to stable storage. Throws VOLUME_FAILED.
    void syncFull() {
        if (fullCount > 0) {
            syncFull(active.segment - 1);
        }
    }

    /// Brings the oldest full segments to stable storage until so many are left. Throws VOLUME_FAILED.
    void syncUntilLeft(int most) {
        while (fullCount > most) {
            syncOldest(Long.MAX_VALUE);
        }
    }

    /// Waits for a full segment and brings it to stable storage. False after `stop`. Throws VOLUME_FAILED.
    boolean syncNext() {
        lock.lock();
        try {
            while (full.isEmpty() && !stopped) {
                changed.awaitUninterruptibly();
            }
            if (stopped) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        syncOldest(Long.MAX_VALUE);
        return true;
    }

    /// Ends the waiting of `syncNext`.
    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Closes all files as they are.
    void close() throws IOException {
        fileLock.writeLock().lock();
        lock.lock();
        try {
            for (Full segment : full) {
                segment.file.close();
            }
            full.clear();
            fullCount = 0;
            active.file.close();
        } finally {
            lock.unlock();
            fileLock.writeLock().unlock();
        }
    }

    private void syncFull(long upTo) {
        boolean more = true;
        while (more) {
            more = syncOldest(upTo);
        }
    }

    /// False when there is no full segment up to that one.
    private boolean syncOldest(long upTo) {
        if (fullCount == 0) {
            return false;
        }
        inOrder.lock();
        try {
            Full oldest = oldest();
            if (oldest == null || oldest.segment > upTo) {
                return false;
            }
            sync(oldest.file, oldest.segment);
            advance(oldest.next);
            removeOldest();
            close(oldest);
            return true;
        } finally {
            inOrder.unlock();
        }
    }

    private @Nullable Full oldest() {
        lock.lock();
        try {
            return full.peekFirst();
        } finally {
            lock.unlock();
        }
    }

    private void removeOldest() {
        lock.lock();
        try {
            full.removeFirst();
            fullCount = full.size();
        } finally {
            lock.unlock();
        }
    }

    private void close(Full segment) {
        fileLock.writeLock().lock();
        try {
            segment.file.close();
        } catch (IOException e) {
            throw failed(VolumeFailure.of("cannot close " + Segment.path(segment.segment), e));
        } finally {
            fileLock.writeLock().unlock();
        }
    }

    /// Syncs the active segment if it is that one. All before it are durable.
    private void syncActive(long segment) {
        fileLock.readLock().lock();
        try {
            Active current = active;
            LogPosition upTo = written;
            if (current.segment == segment && upTo.segment() == segment) {
                sync(current.file, segment);
                advance(upTo);
            }
        } finally {
            fileLock.readLock().unlock();
        }
    }

    private void sync(DiskFile file, long segment) {
        throwFailure();
        long start = counters.ticker().nanos();
        try {
            file.sync();
        } catch (IOException e) {
            throw failed(VolumeFailure.of("cannot sync " + Segment.path(segment), e));
        }
        throwFailure();
        counters.syncTime().record(counters.ticker().nanos() - start);
    }

    private StoreException failed(StoreException cause) {
        if (failure == null) {
            failure = cause;
        }
        return cause;
    }

    private void throwFailure() {
        StoreException failed = failure;
        if (failed != null) {
            throw new StoreException(failed.code(), failed.text(), failed);
        }
    }

    private void advance(LogPosition to) {
        durable.accumulateAndGet(to, (old, next) -> next.compareTo(old) > 0 ? next : old);
    }
}
