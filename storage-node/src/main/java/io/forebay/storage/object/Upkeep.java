package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.SpaceTable;
import io.forebay.storage.volume.LogPosition;
import io.forebay.storage.volume.Segment;
import io.forebay.storage.volume.SegmentLog;
import io.forebay.storage.volume.StorageMetric;
import io.forebay.storage.volume.Volume;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The background work of one volume: removes what is free, flushes the index, retires dead segments, prepares
/// spare ones and syncs what was written without a sync. One thread of its own, which nobody waits for.
final class Upkeep implements AutoCloseable {
    /*
     * Order matters after a crash. A file goes only when the record that freed it is durable, or what it replaced would
     * be lost with it. The index is flushed only up to what is durable, or it would point to bytes that are not there.
     * A segment goes only when the flushed index no longer needs its records for replay.
     */
    private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());
    private static final long TICK_MILLIS = 500;

    /// Dead segments for whose sake the index is flushed at once, and how long fewer of them wait.
    private static final int MANY_DEAD = 4;

    private static final long DEAD_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long FLUSH_POLL_MILLIS = 10;

    private final Index index;
    private final Volume volume;
    private final Ticker ticker;
    private final LongAdder flushes;
    private final Queue<Freed> freed = new ConcurrentLinkedQueue<>();
    private final Queue<Long> unsyncedFiles = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private long lastFlushNanos;
    private boolean flushWanted;
    private boolean closed;
    private @Nullable Thread thread;

    /// The log's position in the index that is being flushed; null when none is.
    private @Nullable LogPosition flushing;

    private volatile LogPosition flushed = LogPosition.START;
    private volatile @Nullable StoreException lastFailure;

    Upkeep(Index index, Volume volume, Ticker ticker, Metrics metrics) {
        this.index = index;
        this.ticker = ticker;
        this.lastFlushNanos = ticker.nanos();
        this.volume = volume;
        this.flushes = metrics.counter(StorageMetric.INDEX_FLUSHES, volume.labels());
    }

    /// A file that nobody needs as soon as the log is durable up to a position.
    private record Freed(long file, LogPosition when) {}

    /// Starts the thread; what the index has up to now is on the disk up to that position.
    void start(SegmentLog<Commit> log, IndexApplier applier, LogPosition flushedUpTo) {
        flushed = flushedUpTo;
        long firstNewId = volume.ids().next();
        thread = Thread.ofPlatform().daemon().name("forebay-upkeep-" + volume).start(() -> {
            attempt(() -> sweep(firstNewId));
            run(log, applier);
        });
    }

    /// Removes files when the log is durable up to that position.
    void free(List<Long> files, LogPosition when) {
        for (long file : files) {
            freed.add(new Freed(file, when));
        }
    }

    /// Remembers a file that was written without a sync.
    void syncLater(long file) {
        unsyncedFiles.add(file);
    }

    /// Asks for a flush of the index, soon.
    void requestFlush() {
        lock.lock();
        try {
            flushWanted = true;
            wanted.signal();
        } finally {
            lock.unlock();
        }
    }

    /// The log's position in the index on disk.
    LogPosition flushed() {
        return flushed;
    }

    /// What the last round of work failed with, or null.
    @Nullable
    StoreException lastFailure() {
        return lastFailure;
    }

    /// Removes large files that nobody owns; those with this id or a greater one are new.
    int sweep(long firstNewId) {
        return volume.files().sweep(firstNewId, id -> SpaceTable.hasFile(index, id));
    }

    /// Ends the thread after the work that it is at.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wanted.signal();
        } finally {
            lock.unlock();
        }
        Thread running = thread;
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(SegmentLog<Commit> log, IndexApplier applier) {
        while (awaitWork()) {
            if (log.failure() == null) {
                attempt(() -> round(log, applier));
            }
        }
    }

    /// False when the thread is to end.
    private boolean awaitWork() {
        lock.lock();
        try {
            long millis = flushing == null ? TICK_MILLIS : FLUSH_POLL_MILLIS;
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (nanos > 0 && !closed && !(flushWanted && flushing == null)) {
                nanos = wanted.awaitNanos(nanos);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// What fails is tried again in the next round; it is logged once for as long as it fails in the same way.
    private void attempt(Runnable work) {
        try {
            work.run();
            lastFailure = null;
        } catch (StoreException e) {
            failed(e);
        } catch (RuntimeException e) {
            failed(new StoreException(ErrorCode.INTERNAL, "upkeep failed: " + e.getMessage(), e));
        }
    }

    private void failed(StoreException failure) {
        StoreException last = lastFailure;
        lastFailure = failure;
        if (last == null || !last.text().equals(failure.text())) {
            LOG.log(System.Logger.Level.ERROR, "volume " + volume + ": " + failure.text(), failure);
        }
    }

    private void round(SegmentLog<Commit> log, IndexApplier applier) {
        syncUnsynced(log);
        removeFreed(log);
        endFlush();
        if (flushing == null && (takeFlushWanted() || deadSegmentsWait(log))) {
            beginFlush(log, applier);
        }
        retireDead(log, applier);
        LogPosition written = log.written();
        if (written.offset() > volume.config().segment().bytes() / 4) {
            volume.prepareSpare();
        }
    }

    private void syncUnsynced(SegmentLog<Commit> log) {
        for (Long file = unsyncedFiles.poll(); file != null; file = unsyncedFiles.poll()) {
            volume.files().sync(file);
        }
        log.sync();
    }

    private void removeFreed(SegmentLog<Commit> log) {
        LogPosition durable = log.durable();
        for (Freed next = freed.peek(); next != null && next.when.compareTo(durable) <= 0; next = freed.peek()) {
            freed.poll();
            volume.removeFile(next.file);
        }
    }

    private boolean takeFlushWanted() {
        lock.lock();
        try {
            boolean was = flushWanted;
            flushWanted = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    private void beginFlush(SegmentLog<Commit> log, IndexApplier applier) {
        log.betweenGroups(() -> {
            // Nearly everything was synced before; what came since is little.
            syncUnsynced(log);
            flushing = applier.beginFlush();
        });
        lastFlushNanos = ticker.nanos();
        flushes.increment();
    }

    private void endFlush() {
        LogPosition pending = flushing;
        if (pending != null && index.isFlushed()) {
            flushed = pending;
            flushing = null;
        }
    }

    /// Whether enough segments are dead, or have been for long enough, which the index on disk still needs for
    /// replay.
    private boolean deadSegmentsWait(SegmentLog<Commit> log) {
        long active = log.written().segment();
        int dead = 0;
        for (Segment segment : volume.segments().all()) {
            if (segment.id() < active && segment.id() >= flushed.segment() && isDead(segment)) {
                dead++;
            }
        }
        return dead >= MANY_DEAD || (dead > 0 && ticker.nanos() - lastFlushNanos > DEAD_WAIT_NANOS);
    }

    private void retireDead(SegmentLog<Commit> log, IndexApplier applier) {
        for (Segment segment : volume.segments().all()) {
            if (segment.id() >= flushed.segment()) {
                return;
            }
            if (isDead(segment)) {
                log.betweenGroups(() -> applier.forgetSegment(segment.id()));
                volume.retireSegment(segment.id());
            }
        }
    }

    private boolean isDead(Segment segment) {
        boolean removalsMatter = segment.tombstones() > 0 && !volume.segments().isOldest(segment.id());
        return segment.liveBytes() == 0 && !removalsMatter;
    }
}
