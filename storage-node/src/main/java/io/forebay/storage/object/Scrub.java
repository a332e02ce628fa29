package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.DamageTable;
import io.forebay.storage.metadata.DamageTable.ScrubState;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.IndexBatch;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Location;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.volume.LogRecord;
import io.forebay.storage.volume.LogSurvey;
import io.forebay.storage.volume.Segment;
import io.forebay.storage.volume.SegmentLog;
import io.forebay.storage.volume.SegmentScan;
import io.forebay.storage.volume.StorageMetric;
import io.forebay.storage.volume.Volume;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Reads every stored byte of a volume from time to time and compares it with its checksum: segments record by
/// record, then the objects, versions and parts that have large files. What is bad goes to the damage registry.
///
/// Either `start` gives the work a thread of its own, or the caller does the steps. One thread at a time.
final class Scrub implements AutoCloseable {
    /*
     * A pass begins half a period after the one before began, so that no byte waits longer than a period. The position
     * is kept in the index: after a crash the pass goes on where the last flush had it.
     */
    private static final System.Logger LOG = System.getLogger(Scrub.class.getName());
    private static final int IDLE = 0;
    private static final int SEGMENTS = 1;
    private static final int OBJECTS = 2;
    private static final int PARTS = 3;
    private static final int VERSIONS = 4;
    private static final long STEP_BYTES = 4 << 20;
    private static final int STEP_ENTRIES = 1000;
    private static final long POLL_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final byte[] NO_KEY = new byte[0];

    private final Volume volume;
    private final Index index;
    private final SegmentLog<Commit> log;
    private final SpaceUse use;
    private final DamageRegistry damage;
    private final ScrubConfig config;
    private final InstantSource clock;
    private final LongAdder verified;
    private final ContentCheck content;
    private final BytePace bytePace;
    private Pace pace = Pace.UNBOUND;
    private volatile ScrubState state;
    private volatile boolean requested;
    private @Nullable SegmentScan scan;
    private final List<LogSurvey.Stretch> stretches = new ArrayList<>();
    private volatile @Nullable Worker worker;

    Scrub(
            Volume volume,
            Index index,
            SegmentLog<Commit> log,
            SpaceUse use,
            DamageRegistry damage,
            Setup setup,
            Metrics metrics) {
        this.volume = volume;
        this.index = index;
        this.log = log;
        this.use = use;
        this.damage = damage;
        this.config = setup.config;
        this.clock = setup.clock;
        this.bytePace = new BytePace(config.rate().bytes(), setup.ticker);
        this.verified = metrics.counter(StorageMetric.SCRUBBED_BYTES, volume.labels());
        this.content = new ContentCheck(this::spent);
        ScrubState remembered = DamageTable.readScrub(index);
        this.state = remembered != null ? remembered : new ScrubState(IDLE, clock.millis(), 0, 0, 0, NO_KEY);
        metrics.gauge(StorageMetric.SCRUB_POSITION, volume.labels(), () -> isRunning() ? state.verifiedBytes() : 0);
        metrics.gauge(StorageMetric.SCRUB_AGE, volume.labels(), this::ageSeconds);
        metrics.gauge(StorageMetric.SCRUB_FAILED, volume.labels(), () -> lastFailure() == null ? 0 : 1);
        if (remembered == null) {
            save(state);
        }
    }

    /// A pass that begins then.
    static ScrubState begun(long nowMillis, long finishedMillis) {
        return new ScrubState(SEGMENTS, nowMillis, finishedMillis, 0, 0, NO_KEY);
    }

    /// The scrub was closed in the middle of something: no failure.
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;

        Ended() {
            super("the scrub was ended", null, false, false);
        }
    }

    /// How a scrub is set up.
    record Setup(ScrubConfig config, InstantSource clock, Ticker ticker) {}

    /// Gives the work a thread.
    void start() {
        pace = bytePace;
        worker = new Worker("forebay-scrub-volume-" + volume, RETRY_NANOS, this::round);
    }

    private long round() {
        try {
            return step() ? 0 : POLL_NANOS;
        } catch (Ended e) {
            // The thread ends as well; what it was at is read again next time.
            return POLL_NANOS;
        }
    }

    /// Asks for a pass now; one that is under way goes on.
    void request() {
        requested = true;
        Worker running = worker;
        if (running != null) {
            running.wake();
        }
    }

    /// Does a piece of a pass, beginning one when it is due. False when there is nothing to do now.
    boolean step() {
        switch (state.phase()) {
            case IDLE -> {
                if (!requested
                        && clock.millis() - state.startedMillis()
                                < config.period().toMillis() / 2) {
                    damage.prune();
                    return false;
                }
                // In this order, so that whoever asked always sees it running until it has ended.
                save(begun(clock.millis(), state.finishedMillis()));
                requested = false;
            }
            case SEGMENTS -> stepSegments();
            case OBJECTS -> stepEntries(Family.CURRENT, VERSIONS);
            case VERSIONS -> stepEntries(Family.VERSIONS, PARTS);
            case PARTS -> stepEntries(Family.PARTS, IDLE);
            default -> throw new StoreException(ErrorCode.CORRUPT, "the scrub has the unknown phase " + state.phase());
        }
        return true;
    }

    boolean isRunning() {
        return state.phase() != IDLE || requested;
    }

    ScrubStatus status() {
        ScrubState now = state;
        long total = use.largeFileBytes() + volume.segmentBytes();
        return new ScrubStatus(
                volume.toString(),
                isRunning(),
                now.verifiedBytes(),
                total,
                now.startedMillis(),
                now.finishedMillis(),
                damage.list().size());
    }

    /// What the last step failed with, or null.
    @Nullable
    StoreException lastFailure() {
        Worker running = worker;
        return running == null ? null : running.lastFailure();
    }

    /// Ends the thread, in the middle of an object if need be, which is read again later.
    @Override
    public void close() {
        bytePace.close();
        Worker running = worker;
        if (running != null) {
            running.close();
        }
        closeScan();
    }

    private void spent(long bytes) {
        verified.add(bytes);
        if (!pace.spent(bytes)) {
            throw new Ended();
        }
    }

    private long ageSeconds() {
        ScrubState now = state;
        long since = now.finishedMillis() == 0 ? now.startedMillis() : now.finishedMillis();
        return TimeUnit.MILLISECONDS.toSeconds(Math.max(0, clock.millis() - since));
    }

    private void stepSegments() {
        SegmentScan open = scan != null ? scan : nextSegment();
        if (open == null) {
            save(moved(OBJECTS, 0, NO_KEY, 0));
            return;
        }
        scan = open;
        long before = open.offset();
        boolean more = open.step(STEP_BYTES, new LogSurvey.Visitor() {
            @Override
            public void record(LogRecord record) {
                // It is whole, or it would not be shown.
            }

            @Override
            public void damaged(LogSurvey.Stretch stretch) {
                stretches.add(stretch);
            }
        });
        long bytes = open.offset() - before;
        spent(bytes);
        if (more) {
            state = moved(SEGMENTS, state.segment(), NO_KEY, bytes);
            return;
        }
        if (open.isCutOff()) {
            stretches.add(new LogSurvey.Stretch(state.segment(), open.offset(), Long.MAX_VALUE));
        }
        closeScan();
        if (!stretches.isEmpty()) {
            reportOwners(List.copyOf(stretches));
            stretches.clear();
        }
        save(moved(SEGMENTS, state.segment() + 1, NO_KEY, bytes));
    }

    private @Nullable SegmentScan nextSegment() {
        for (Segment segment : volume.segments().all()) {
            if (segment.id() >= state.segment()) {
                SegmentScan open = volume.scanSegment(segment.id(), log.written());
                state = moved(SEGMENTS, segment.id(), NO_KEY, 0);
                if (open != null) {
                    stretches.clear();
                    return open;
                }
                reportOwners(List.of(new LogSurvey.Stretch(segment.id(), 0, Long.MAX_VALUE)));
            }
        }
        return null;
    }

    /// Finds the objects and parts that have bytes in damaged stretches of the log, and has them remembered.
    /// Any thread may call.
    void reportOwners(List<LogSurvey.Stretch> bad) {
        for (Family family : List.of(Family.CURRENT, Family.VERSIONS, Family.PARTS)) {
            try (IndexCursor cursor = index.cursor(family, IndexKeys.end())) {
                for (cursor.seek(IndexKeys.start()); cursor.isValid(); cursor.next()) {
                    reportOwner(family, cursor.key(), ObjectRecord.of(cursor.value()), bad);
                }
            }
        }
        bad.forEach(stretch -> LOG.log(System.Logger.Level.ERROR, "volume {0}: damaged: {1}", volume, stretch));
    }

    private void reportOwner(Family family, byte[] key, ObjectRecord record, List<LogSurvey.Stretch> bad) {
        Extents extents = record.extents();
        List<DamageTable.Run> runs = new ArrayList<>();
        for (int at = 0; at < extents.count(); at++) {
            for (LogSurvey.Stretch stretch : bad) {
                if (extents.isSegment(at)
                        && extents.length(at) > 0
                        && stretch.overlaps(extents.id(at), extents.offset(at), extents.length(at))) {
                    runs.add(new DamageTable.Run(true, extents.id(at), extents.offset(at), extents.length(at)));
                }
            }
        }
        if (!runs.isEmpty()) {
            damage.report(family, key, runs, "a log record that has bytes of it does not have its checksum");
        } else if (bad.stream().anyMatch(s -> s.overlaps(record.segment(), Location.offset(record.value()), 1))) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "volume {0}: the log record of {1} is damaged: it can be read, but an index made anew would not"
                            + " have it until it is written again",
                    volume,
                    EntryName.of(family, key));
        }
    }

    private void stepEntries(Family family, int nextPhase) {
        byte[] from = state.key().length == 0 ? IndexKeys.start() : state.key();
        long bytes = 0;
        int count = 0;
        byte[] next = null;
        List<byte[]> keys = new ArrayList<>();
        try (IndexCursor cursor = index.cursor(family, IndexKeys.end())) {
            for (cursor.seek(from); cursor.isValid(); cursor.next()) {
                if (bytes >= STEP_BYTES || count == STEP_ENTRIES) {
                    next = cursor.key();
                    break;
                }
                count++;
                ObjectRecord record = ObjectRecord.of(cursor.value());
                if (hasFile(record)) {
                    keys.add(cursor.key());
                    bytes += record.size();
                }
            }
        }
        long read = 0;
        for (byte[] key : keys) {
            read += verify(family, key);
        }
        if (next != null) {
            save(moved(state.phase(), 0, next, read));
        } else if (nextPhase == IDLE) {
            save(new ScrubState(IDLE, state.startedMillis(), clock.millis(), state.verifiedBytes() + read, 0, NO_KEY));
            damage.prune();
        } else {
            save(moved(nextPhase, 0, NO_KEY, read));
        }
    }

    private static boolean hasFile(ObjectRecord record) {
        if (record.isInline()) {
            return false;
        }
        Extents extents = record.extents();
        for (int at = 0; at < extents.count(); at++) {
            if (!extents.isSegment(at)) {
                return true;
            }
        }
        return false;
    }

    /// Verifies what a key has now, and returns how many bytes that was. What changed meanwhile is not judged.
    private long verify(Family family, byte[] key) {
        byte[] value = index.find(family, key);
        if (value == null) {
            return 0;
        }
        ObjectRecord record = ObjectRecord.of(value);
        String bad = problem(record);
        if (bad != null && Arrays.equals(value, index.find(family, key))) {
            damage.report(family, key, record, bad);
        }
        return record.size();
    }

    private @Nullable String problem(ObjectRecord record) {
        List<FileSlice> slices = new ArrayList<>();
        try {
            Extents extents = record.extents();
            for (int at = 0; at < extents.count(); at++) {
                FileSlice slice = extents.length(at) == 0
                        ? null
                        : volume.slice(extents.id(at), extents.offset(at), extents.length(at));
                if (slice != null) {
                    slices.add(slice);
                } else if (extents.length(at) > 0) {
                    return "a file that has bytes of it is missing";
                }
            }
            ContentCheck.Mismatch mismatch = content.mismatch(record, slices);
            return mismatch == null ? null : "its bytes do not have their checksum: " + mismatch;
        } catch (StoreException e) {
            if (e.code() != ErrorCode.CORRUPT) {
                throw e;
            }
            return e.text();
        } finally {
            slices.forEach(FileSlice::close);
        }
    }

    private ScrubState moved(int phase, long segment, byte[] key, long bytes) {
        return new ScrubState(
                phase, state.startedMillis(), state.finishedMillis(), state.verifiedBytes() + bytes, segment, key);
    }

    private void save(ScrubState next) {
        state = next;
        if (log.failure() == null) {
            IndexBatch batch = index.batch();
            DamageTable.putScrub(batch, next);
            log.betweenGroups(() -> index.write(batch, List.of(), List.of()));
        }
    }

    private void closeScan() {
        if (scan != null) {
            scan.close();
            scan = null;
        }
    }
}
