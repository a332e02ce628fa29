package io.forebay.storage.object;

import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.SpaceTable;
import io.forebay.storage.volume.LogPosition;
import io.forebay.storage.volume.Segment;
import io.forebay.storage.volume.SegmentLog;
import io.forebay.storage.volume.StorageMetric;
import io.forebay.storage.volume.Volume;
import java.util.List;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The background work of one volume: removes what is free, flushes the index, retires dead segments, prepares
/// spare ones and syncs what was written without a sync.
///
/// `attach` comes first. Then either `start` gives the work a thread of its own, or the caller does the rounds.
final class Upkeep implements AutoCloseable {
    /*
     * Order matters after a crash. A file or segment goes only when the record that freed it is durable, and everything
     * that this record and those before it speak of: what it replaced would be lost with it. The index is flushed only
     * up to what is durable, or it would point to bytes that are not there. A segment goes only when the flushed index
     * no longer needs its records for replay.
     */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /// The part of the active segment that is filled when the next one is made ready.
    private static final double SPARE_AFTER = 0.25;

    /// Dead segments for whose sake the index is flushed, how long after the last time, and how long fewer of them
    /// wait.
    private static final int MANY_DEAD = 4;

    private static final long MANY_DEAD_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long DEAD_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long FLUSH_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Index index;
    private final Volume volume;
    private final Ticker ticker;
    private final LongAdder flushes;
    private final Queue<Freed> freed = new ConcurrentLinkedQueue<>();
    private final NavigableSet<Long> unsyncedFiles = new ConcurrentSkipListSet<>();
    private final AtomicBoolean flushWanted = new AtomicBoolean();
    private @Nullable Work work;
    private long firstNewId;
    private boolean swept;
    private long lastFlushNanos;
    private volatile @Nullable Worker worker;

    /// The log's position in the index that is being flushed; null when none is.
    private @Nullable LogPosition flushing;

    private volatile LogPosition flushed = LogPosition.START;

    Upkeep(Index index, Volume volume, Ticker ticker, Metrics metrics) {
        this.index = index;
        this.ticker = ticker;
        this.lastFlushNanos = ticker.nanos();
        this.volume = volume;
        this.flushes = metrics.counter(StorageMetric.INDEX_FLUSHES, volume.labels());
    }

    /// A file that nobody needs as soon as the log is durable up to a position.
    private record Freed(long file, LogPosition when) {}

    /// What the rounds work on.
    private record Work(SegmentLog<Commit> log, IndexApplier applier) {}

    /// Says what to work on; what the index has up to now is on the disk up to that position.
    void attach(SegmentLog<Commit> log, IndexApplier applier, LogPosition flushedUpTo) {
        work = new Work(log, applier);
        flushed = flushedUpTo;
        firstNewId = volume.ids().next();
    }

    /// Gives the work a thread.
    void start() {
        worker = new Worker("forebay-upkeep-volume-" + volume, TICK_NANOS, () -> {
            round();
            return flushing == null ? TICK_NANOS : FLUSH_POLL_NANOS;
        });
    }

    /// Removes files when the log is durable up to that position.
    void free(List<Long> files, LogPosition when) {
        for (long file : files) {
            freed.add(new Freed(file, when));
        }
    }

    /// Remembers a file that is not synced and whose record is about to be committed. It may not come to that:
    /// the file is gone then.
    void syncLater(long file) {
        unsyncedFiles.add(file);
    }

    /// Brings those files of an object to stable storage that are not there: what is about to be acknowledged as
    /// durable speaks of them. Throws VOLUME_FAILED.
    void syncNow(Extents extents) {
        if (unsyncedFiles.isEmpty()) {
            return;
        }
        for (int at = 0; at < extents.count(); at++) {
            if (!extents.isSegment(at) && unsyncedFiles.contains(extents.id(at))) {
                sync(extents.id(at));
            }
        }
    }

    /// Brings all files to stable storage that are not there. Throws VOLUME_FAILED.
    void syncFiles() {
        while (!unsyncedFiles.isEmpty()) {
            sync(unsyncedFiles.first());
        }
    }

    /// After a failed sync nobody knows what is on the disk, and another one may succeed without having written
    /// anything: the volume takes no more writes.
    private void sync(long file) {
        try {
            volume.files().sync(file);
        } catch (StoreException e) {
            Work now = work;
            throw now == null ? e : now.log.refuse(e);
        }
        unsyncedFiles.remove(file);
    }

    /// Asks for a flush of the index, soon.
    void requestFlush() {
        Worker running = worker;
        if (flushWanted.compareAndSet(false, true) && running != null) {
            running.wake();
        }
    }

    /// The log's position in the index on disk.
    LogPosition flushed() {
        return flushed;
    }

    /// What the last round of work failed with, or null.
    @Nullable
    StoreException lastFailure() {
        Worker running = worker;
        return running == null ? null : running.lastFailure();
    }

    /// Removes large files that nobody owns; those with this id or a greater one are new.
    int sweep(long firstNew) {
        return volume.files().sweep(firstNew, this::isOwned);
    }

    /// False only when what took the file's owner away is durable: it may be a write of this run.
    private boolean isOwned(long id) {
        if (SpaceTable.hasFile(index, id)) {
            return true;
        }
        Work now = work;
        if (now != null) {
            syncUnsynced(now.log);
        }
        return false;
    }

    /// Does what there is to do now, and begins or ends a flush of the index without waiting for it. For one
    /// thread at a time. Nothing happens on a volume that refuses writes.
    void round() {
        Work now = work;
        if (now == null || now.log.failure() != null) {
            return;
        }
        if (!swept) {
            sweep(firstNewId);
            swept = true;
        }
        LogPosition safe = syncUnsynced(now.log);
        removeFreed(safe);
        endFlush();
        if (flushing == null && (flushWanted.getAndSet(false) || deadSegmentsWait(now.log))) {
            beginFlush(now);
        }
        retireDead(now, safe);
        volume.dropSpare();
        if (now.log.isFilled(SPARE_AFTER)) {
            volume.prepareSpare();
        }
    }

    /// Ends the thread after the round that it is at.
    @Override
    public void close() {
        Worker running = worker;
        if (running != null) {
            running.close();
        }
    }

    /// Brings all records written so far to stable storage with the files that they speak of, and returns up to
    /// where that is so.
    private LogPosition syncUnsynced(SegmentLog<Commit> log) {
        // Files are named here before their records are written, so this position goes with what is in the queue.
        LogPosition upTo = log.written();
        syncFiles();
        log.sync();
        return upTo;
    }

    private void removeFreed(LogPosition safe) {
        for (Freed next = freed.peek(); next != null && next.when.compareTo(safe) <= 0; next = freed.peek()) {
            freed.poll();
            // A replay may have found an owner later.
            if (!SpaceTable.hasFile(index, next.file)) {
                volume.removeFile(next.file);
            }
        }
    }

    private void beginFlush(Work now) {
        if (now.log.unsyncedSegments() > 0) {
            // Nothing becomes visible during the sync below.
            syncUnsynced(now.log);
        }
        now.log.betweenGroups(() -> {
            // Nearly everything was synced before; what came since is little.
            syncUnsynced(now.log);
            flushing = now.applier.beginFlush();
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
        long since = ticker.nanos() - lastFlushNanos;
        return (dead >= MANY_DEAD && since > MANY_DEAD_WAIT_NANOS) || (dead > 0 && since > DEAD_WAIT_NANOS);
    }

    private void retireDead(Work now, LogPosition safe) {
        for (Segment segment : volume.segments().all()) {
            if (segment.id() >= flushed.segment()) {
                return;
            }
            if (isDead(segment) && segment.emptied().compareTo(safe) <= 0) {
                now.log.betweenGroups(() -> now.applier.forgetSegment(segment.id()));
                volume.retireSegment(segment.id());
            }
        }
    }

    private boolean isDead(Segment segment) {
        return segment.liveBytes() == 0 && !volume.segments().needsRemovals(segment);
    }
}
