package io.forebay.storage.object;

import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.Durability;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.MutationCodec;
import io.forebay.storage.volume.LogSurvey;
import io.forebay.storage.volume.Segment;
import io.forebay.storage.volume.SegmentWalk;
import io.forebay.storage.volume.StorageMetric;
import io.forebay.storage.volume.Volume;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Gives the space of mostly unneeded segments back: moves what is needed of one behind the end of the log, record
/// by record, until it is dead and `Upkeep` retires it.
///
/// `start` gives the work a thread; otherwise the caller does the steps. For one thread at a time.
final class Compaction implements AutoCloseable {
    /*
     * A victim is verified as a whole before anything of it is moved, so that no damaged byte is ever copied. Moves are
     * committed without a sync: until they are durable the victim stays (`Segment.emptied`). A removal is repeated for
     * as long as a segment is there that may have what it removed; repeated or not, it hits only values put in such
     * segments, so no lock is needed for it.
     */
    private static final System.Logger LOG = System.getLogger(Compaction.class.getName());
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// How long a segment is left alone of which not everything could be moved.
    private static final long POSTPONED_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Work that is paid for at once.
    private static final long BREATH_BYTES = 256 << 10;

    private static final int REMOVALS_BYTES = 64 << 10;

    private final VolumeStore store;
    private final Volume volume;
    private final CompactionConfig config;
    private final Ticker ticker;
    private final BytePace pace;
    private final Relocation relocation;
    private final LongAdder compacted;
    private final Map<Long, Long> postponed = new HashMap<>();
    private final List<Mutation> removals = new ArrayList<>();
    private int removalsBytes;
    private @Nullable SegmentWalk victim;
    private boolean verified;
    /// Whether everything of the victim was looked at, without a failure.
    private boolean whole;
    private boolean closed;
    private final List<LogSurvey.Stretch> damaged = new ArrayList<>();
    private @Nullable Worker worker;

    Compaction(VolumeStore store, Guards guards, CompactionConfig config, Ticker ticker, Metrics metrics) {
        this.store = store;
        this.volume = store.volume();
        this.config = config;
        this.ticker = ticker;
        this.pace = new BytePace(config.rate().bytes(), ticker);
        this.relocation =
                new Relocation(store, guards, metrics.counter(StorageMetric.COMPACTION_MOVED_BYTES, volume.labels()));
        this.compacted = metrics.counter(StorageMetric.SEGMENTS_COMPACTED, volume.labels());
        metrics.gauge(StorageMetric.AMPLIFICATION, volume.labels(), this::amplification);
    }

    /// Gives the work a thread.
    void start() {
        worker = new Worker("forebay-compaction-volume-" + volume, IDLE_NANOS, () -> {
            long bytes = 0;
            long step = 0;
            while (bytes < BREATH_BYTES && step >= 0) {
                step = step();
                bytes += Math.max(0, step);
            }
            pace.spent(bytes);
            return step < 0 ? IDLE_NANOS : 0;
        });
    }

    /// What the last round of the thread failed with, or null.
    @Nullable
    StoreException lastFailure() {
        return worker == null ? null : worker.lastFailure();
    }

    /// Does one piece of work, a record or so. Returns how many bytes were read and written, or -1 when there is
    /// nothing to do. Throws NO_SPACE and VOLUME_FAILED; the next step goes on behind.
    long step() {
        if (closed || store.failure() != null) {
            return -1;
        }
        SegmentWalk current = victim;
        if (current == null) {
            Segment chosen = choose();
            victim = chosen == null ? null : volume.walk(chosen.id());
            verified = false;
            return victim == null ? -1 : 0;
        }
        SegmentWalk.Item item = current.next();
        if (!verified) {
            return verify(current, item);
        }
        if (item == null || isDone(current.segment())) {
            finish(current);
            return 0;
        }
        return item instanceof SegmentWalk.Whole record ? move(current, record) : 0;
    }

    @Override
    public void close() {
        pace.close();
        if (worker != null) {
            worker.close();
        }
        closed = true;
        leave();
    }

    private long verify(SegmentWalk current, SegmentWalk.@Nullable Item item) {
        if (item == null && !damaged.isEmpty()) {
            LOG.log(System.Logger.Level.ERROR, "volume {0}: {1} is damaged: it is not compacted", volume, damaged);
            store.scrub().reportOwners(List.copyOf(damaged));
            leave();
            return 0;
        }
        if (item == null) {
            verified = true;
            whole = true;
            current.restart();
            return 0;
        }
        if (item instanceof SegmentWalk.Damaged) {
            // Whatever is needed here must not go, and nothing of it can be moved.
            postponed.put(current.segment(), Long.MAX_VALUE);
            long from = item.offset();
            damaged.add(new LogSurvey.Stretch(current.segment(), from, from + item.length()));
        }
        return item.length();
    }

    private long move(SegmentWalk current, SegmentWalk.Whole record) {
        long moved = 0;
        boolean before = whole;
        whole = false;
        for (Mutation mutation : MutationCodec.read(record.operations())) {
            switch (mutation) {
                case Mutation.Put put -> moved += relocation.move(put, current, record);
                case Mutation.Remove remove -> {
                    long until = Math.min(remove.until(), current.segment());
                    boolean absent = store.index().find(remove.family(), remove.key()) == null;
                    if (absent && volume.segments().needsRemovals(current.segment(), until)) {
                        repeat(new Mutation.Remove(remove.family(), remove.key(), null, until));
                    }
                }
                case Mutation.RemoveRange range -> {
                    long until = Math.min(range.until(), current.segment());
                    if (volume.segments().needsRemovals(current.segment(), until)) {
                        repeat(new Mutation.RemoveRange(range.family(), range.from(), range.to(), List.of(), until));
                    }
                }
            }
        }
        whole = before;
        return record.length() + moved;
    }

    private void repeat(Mutation removal) {
        removals.add(removal);
        removalsBytes += MutationCodec.length(removal);
        if (removalsBytes >= REMOVALS_BYTES) {
            commitRemovals();
        }
    }

    private void commitRemovals() {
        if (!removals.isEmpty()) {
            store.commit(List.copyOf(removals), Durability.NONE);
            removals.clear();
            removalsBytes = 0;
        }
    }

    private void finish(SegmentWalk current) {
        commitRemovals();
        long id = current.segment();
        Segment segment = volume.segments().find(id);
        if (segment != null && segment.liveBytes() == 0 && whole) {
            store.clearRemovals(id);
            compacted.increment();
        } else if (segment != null) {
            postponed.put(id, ticker.nanos() + POSTPONED_NANOS);
        }
        leave();
    }

    private void leave() {
        if (victim != null) {
            victim.close();
            victim = null;
        }
        damaged.clear();
        removals.clear();
        removalsBytes = 0;
        relocation.forget();
    }

    /// Whether nothing of the segment is needed any more, so that the rest need not be read.
    private boolean isDone(long id) {
        Segment segment = volume.segments().find(id);
        return segment == null || volume.segments().neededBytes(segment) == 0;
    }

    /// The segment to compact next, or null: the emptiest, when too much of all is not needed; the oldest, when too
    /// many removals wait for the like of it to go.
    private @Nullable Segment choose() {
        long active = store.writtenPosition().segment();
        long now = ticker.nanos();
        postponed.values().removeIf(until -> until != Long.MAX_VALUE && until - now <= 0);
        postponed.keySet().removeIf(id -> volume.segments().find(id) == null);
        long filled = 0;
        long needed = 0;
        long removed = 0;
        Segment emptiest = null;
        double least = config.neededShare().value();
        for (Segment segment : volume.segments().all()) {
            long bytes = volume.segments().neededBytes(segment);
            if (segment.id() >= active || bytes == 0 || postponed.containsKey(segment.id())) {
                continue;
            }
            double share = (double) bytes / filledBytes(segment);
            filled += filledBytes(segment);
            needed += bytes;
            removed += bytes - segment.liveBytes();
            if (share < least) {
                least = share;
                emptiest = segment;
            }
        }
        if (needed < config.neededShare().value() * filled) {
            return emptiest;
        }
        double removedMost = config.removalShare().value()
                * Math.max(needed, volume.config().segment().bytes());
        return removed > removedMost ? oldest(active) : null;
    }

    /// The oldest segment, unless one that cannot be compacted now is in the way.
    private @Nullable Segment oldest(long active) {
        for (Segment segment : volume.segments().all()) {
            boolean possible = segment.id() < active
                    && volume.segments().isOldest(segment.id())
                    && volume.segments().neededBytes(segment) > 0
                    && !postponed.containsKey(segment.id());
            return possible ? segment : null;
        }
        return null;
    }

    private long filledBytes(Segment segment) {
        long known = segment.filledBytes();
        return known > 0 ? known : volume.config().segment().bytes();
    }

    private double amplification() {
        long live = volume.segments().liveBytes();
        return live == 0 ? 1 : (double) volume.segmentFileBytes() / live;
    }
}
