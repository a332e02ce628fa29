package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Durability;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.IndexConfig;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.IndexMemory;
import io.forebay.storage.metadata.LogState;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.SpaceTable;
import io.forebay.storage.metadata.Tombstone;
import io.forebay.storage.volume.Disk;
import io.forebay.storage.volume.LocalDisk;
import io.forebay.storage.volume.LogPosition;
import io.forebay.storage.volume.SegmentLog;
import io.forebay.storage.volume.StorageMetric;
import io.forebay.storage.volume.Volume;
import io.forebay.storage.volume.VolumeOwner;
import io.forebay.storage.volume.WatchedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One volume as a store: its disk and the index over it, kept in step by the log.
final class VolumeStore implements AutoCloseable {
    /// The index's folder inside the volume's.
    static final String INDEX_FOLDER = "index";

    private final WatchedDisk disk;
    private final Volume volume;
    private final Index index;
    private final SpaceUse use;
    private final Upkeep upkeep;
    private final IndexApplier applier;
    private final SegmentLog<Commit> log;
    private final DamageRegistry damage;
    private final Scrub scrub;
    private final Opening opening;
    private volatile @Nullable Compaction compaction;
    private volatile boolean closed;
    /// Whether tombstones may be in the index; as a rule there never were any.
    private volatile boolean hasTombstones;
    private volatile boolean hasVersions;

    private VolumeStore(WatchedDisk disk, Volume volume, Index index, Opening opening) {
        Metrics metrics = opening.metrics;
        this.disk = disk;
        this.volume = volume;
        this.index = index;
        this.use = new SpaceUse(volume.segments(), id -> SpaceTable.fileOwners(index, id));
        this.upkeep = new Upkeep(index, volume, opening.ticker, metrics);
        this.opening = opening;
        this.applier = new IndexApplier(index, volume, opening.config.index(), use, upkeep);
        LogPosition flushed = recover(applier);
        metrics.counter(StorageMetric.REPLAYED_RECORDS, volume.labels()).add(applier.replayed());
        this.log = volume.start(applier.applied(), applier);
        upkeep.attach(log, applier, flushed);
        ScrubConfig config = opening.config.scrub();
        InstantSource clock = InstantSource.system();
        this.damage = new DamageRegistry(volume.toString(), index, config, clock, metrics);
        damage.attach(log, upkeep);
        this.scrub =
                new Scrub(volume, index, log, use, damage, new Scrub.Setup(config, clock, opening.ticker), metrics);
        try (IndexCursor cursor = index.cursor(Family.TOMBSTONES, IndexKeys.end())) {
            cursor.seek(IndexKeys.start());
            hasTombstones = cursor.isValid();
        }
        try (IndexCursor cursor = index.cursor(Family.VERSIONS, IndexKeys.end())) {
            cursor.seek(IndexKeys.start());
            hasVersions = cursor.isValid();
        }
        if (flushed.equals(LogPosition.START) && applier.replayed() > 0) {
            // The index was made anew, and what it knew of damage went with it.
            scrub.request();
        }
        metrics.gauge(StorageMetric.LARGE_FILE_BYTES, volume.labels(), use::largeFileBytes);
        metrics.gauge(StorageMetric.OBJECTS, volume.labels(), use::objectCount);
        metrics.gauge(StorageMetric.UPKEEP_FAILED, volume.labels(), () -> backgroundFailure() == null ? 0 : 1);
        metrics.gauge(StorageMetric.INDEX_UNFLUSHED_BYTES, volume.labels(), () -> closed ? 0 : index.unflushedBytes());
        metrics.gauge(StorageMetric.LARGE_RECORD_BYTES, volume.labels(), () -> closed ? 0 : index.largeRecordBytes());
        metrics.gauge(
                StorageMetric.LARGE_RECORDS_EVICTED, volume.labels(), () -> closed ? 0 : index.largeRecordsEvicted());
        metrics.gauge(StorageMetric.IO_ERRORS, volume.labels() + ",operation=\"read\"", disk::readErrors);
        metrics.gauge(StorageMetric.IO_ERRORS, volume.labels() + ",operation=\"write\"", disk::writeErrors);
        metrics.gauge(StorageMetric.DISK_FULL, volume.labels(), disk::fullErrors);
        metrics.gauge(StorageMetric.OPEN_REFUSED, volume.labels(), disk::limitErrors);
        metrics.gauge(StorageMetric.FAILED, volume.labels(), () -> failure() == null ? 0 : 1);
    }

    /// What a volume is opened with.
    record Opening(StoreConfig config, VolumeOwner owner, IndexMemory memory, Ticker ticker, Metrics metrics) {}

    /// Where a volume is: its disk, and how the index over it is opened.
    record Place(Disk disk, IndexOpening index) {
        /// A folder of the operating system, with the index inside. Throws VOLUME_FAILED.
        static Place of(Path folder) {
            try {
                Path index = folder.resolve(INDEX_FOLDER);
                return new Place(new LocalDisk(folder), (config, memory) -> {
                    new IndexSwap(folder).finish();
                    return Index.open(index, memory);
                });
            } catch (IOException e) {
                throw new StoreException(
                        ErrorCode.VOLUME_FAILED, "cannot make folder " + folder + ": " + e.getMessage(), e);
            }
        }
    }

    /// Opens an index, after its volume.
    @FunctionalInterface
    interface IndexOpening {
        Index open(IndexConfig config, IndexMemory memory);
    }

    /// Opens a volume and brings its index up to date. Background work begins with `start`.
    static VolumeStore open(Place place, Opening opening) {
        WatchedDisk disk = new WatchedDisk(place.disk, opening.ticker);
        Volume volume = Volume.open(disk, opening.config.volume(), opening.owner, opening.ticker, opening.metrics);
        Index index = null;
        VolumeStore store = null;
        try {
            index = place.index.open(opening.config.index(), opening.memory);
            store = new VolumeStore(disk, volume, index, opening);
            return store;
        } catch (StoreException e) {
            throw e.code() == ErrorCode.CORRUPT ? withRemedy(e, place.disk) : e;
        } finally {
            if (store == null) {
                if (index != null) {
                    index.close();
                }
                volume.close();
            }
        }
    }

    /// How messages name the folder of the volume.
    String folder() {
        return disk.toString();
    }

    WatchedDisk disk() {
        return disk;
    }

    private static StoreException withRemedy(StoreException e, Disk disk) {
        return new StoreException(
                ErrorCode.CORRUPT,
                e.text() + ". What is wrong says: forebay volume check " + disk
                        + ". To make the index anew from the data: forebay volume rebuild-index " + disk,
                e);
    }

    Volume volume() {
        return volume;
    }

    Index index() {
        return index;
    }

    /// Commits changes without object data; visible when this returns.
    void commit(List<Mutation> mutations, Durability durability) {
        prepare(mutations, durability);
        commit(Commit.of(mutations, durability, volume.buffers()));
    }

    /// What a durable record speaks of must be durable before it: its files may be of writes without sync.
    void prepare(List<Mutation> mutations, Durability durability) {
        if (durability == Durability.NONE) {
            return;
        }
        for (Mutation mutation : mutations) {
            if (mutation instanceof Mutation.Put put && put.family().hasRecords()) {
                ObjectRecord record = ObjectRecord.of(put.value());
                if (!record.isInline()) {
                    upkeep.syncNow(record.extents());
                }
            }
        }
    }

    /// Commits a record; visible when this returns.
    void commit(Commit commit) {
        remember(commit);
        try {
            log.commit(commit);
        } finally {
            commit.free();
        }
    }

    /// Commits several changes without object data, each by a record of its own, in as few groups as the log
    /// makes of them. Gives for each what it failed with, or null. Throws when none was tried.
    List<@Nullable StoreException> commitTogether(List<List<Mutation>> changes, Durability durability) {
        List<Commit> commits = new ArrayList<>(changes.size());
        try {
            for (List<Mutation> mutations : changes) {
                prepare(mutations, durability);
                Commit commit = Commit.of(mutations, durability, volume.buffers());
                commits.add(commit);
                remember(commit);
            }
            return log.commitTogether(commits);
        } finally {
            commits.forEach(Commit::free);
        }
    }

    private void remember(Commit commit) {
        for (Mutation mutation : commit.mutations()) {
            if (mutation instanceof Mutation.Put put) {
                hasTombstones |= put.family() == Family.TOMBSTONES;
                hasVersions |= put.family() == Family.VERSIONS;
            }
        }
    }

    /// The tombstone of a key, or null.
    @Nullable
    Tombstone tombstone(byte[] key) {
        byte[] value = hasTombstones ? index.find(Family.TOMBSTONES, key) : null;
        return value == null ? null : Tombstone.of(value);
    }

    /// Whether any object has, or has had, a version that is not its current one.
    boolean hasVersions() {
        return hasVersions;
    }

    /// Says which locks changes in the background take. Before this nothing is compacted.
    void compactUnder(Guards guards) {
        compaction = new Compaction(this, guards, opening.config.compaction(), opening.ticker, opening.metrics);
    }

    /// Gives the background work its threads. Without this the caller does its rounds.
    void start() {
        log.syncInBackground();
        upkeep.start();
        scrub.start();
        Compaction moving = compaction;
        if (moving != null) {
            moving.start();
        }
    }

    /// What is known to be damaged.
    DamageRegistry damage() {
        return damage;
    }

    Scrub scrub() {
        return scrub;
    }

    /// Remembers a file that is not synced, before its record is committed.
    void syncLater(long file) {
        upkeep.syncLater(file);
    }

    /// Opens a range of an object's bytes; null when a file is gone, because the record is not the newest any
    /// more, or is not open and the caller would not wait.
    @Nullable
    List<FileSlice> open(ObjectRecord record, ByteRange range, Waiting waiting) {
        if (record.isInline()) {
            FileSlice slice = slice(record.segment(), record.inlineOffset() + range.offset(), range.length(), waiting);
            return slice == null ? null : List.of(slice);
        }
        return open(record.extents(), range, waiting);
    }

    /// The bytes of large files, and of segment files whether used or not, about.
    long usedBytes() {
        return use.largeFileBytes() + volume.segmentBytes();
    }

    /// The bytes of them that something needs.
    long liveBytes() {
        return use.largeFileBytes() + volume.segments().liveBytes();
    }

    long objectCount() {
        return use.objectCount();
    }

    /// Why the volume refuses writes, or null.
    @Nullable
    StoreException failure() {
        return log.failure();
    }

    Upkeep upkeep() {
        return upkeep;
    }

    /// What the last round of background work failed with, or null.
    private @Nullable StoreException backgroundFailure() {
        StoreException ofUpkeep = upkeep.lastFailure();
        Compaction moving = compaction;
        return ofUpkeep != null || moving == null ? ofUpkeep : moving.lastFailure();
    }

    Compaction compaction() {
        Compaction moving = compaction;
        if (moving == null) {
            throw new IllegalStateException("compaction has no locks yet");
        }
        return moving;
    }

    /// Says that what a segment's records remove was repeated in the log by now, or matters no more.
    void clearRemovals(long segment) {
        log.betweenGroups(() -> applier.clearRemovals(segment, log.written()));
    }

    /// Everything before this position of the log was written; segments older than its own are full.
    LogPosition writtenPosition() {
        return log.written();
    }

    /// Ends the writing, flushes the index so that the next start has nothing to replay, and closes everything.
    @Override
    public void close() {
        closed = true;
        scrub.close();
        Compaction moving = compaction;
        if (moving != null) {
            moving.close();
        }
        upkeep.close();
        try {
            log.close();
            if (log.failure() == null) {
                // The index must not point to what a power cut after this may take away.
                upkeep.syncFiles();
                index.flush();
            }
        } finally {
            try {
                index.close();
            } finally {
                volume.close();
            }
        }
    }

    /// Replays what the log has beyond the index and returns the position that the index had on disk.
    private LogPosition recover(IndexApplier applier) {
        LogState state = LogState.read(index);
        LogPosition from = null;
        if (state != null) {
            from = new LogPosition(state.segment(), state.offset(), state.sequence());
            volume.ids().passOver(state.nextId() - 1);
            use.restore(state.largeFileBytes(), state.objectCount());
            SpaceTable.readSegments(index, this::restore);
            applier.restore(from);
        }
        LogPosition end = volume.recover(from, applier::replay);
        applier.endReplay();
        applier.begin(end);
        return from != null ? from : LogPosition.START;
    }

    private void restore(SpaceTable.SegmentUse use) {
        volume.segments()
                .restore(use.id(), use.liveBytes(), use.removalBytes(), use.removedUntil())
                .setFilled(use.filledBytes());
    }

    private @Nullable List<FileSlice> open(Extents extents, ByteRange range, Waiting waiting) {
        List<FileSlice> slices = new ArrayList<>(2);
        long at = range.offset();
        long end = range.offset() + range.length();
        for (int index = extents.find(at); index < extents.count() && at < end; index++) {
            long length = Math.min(end, extents.end(index)) - at;
            long offset = extents.offset(index) + at - extents.start(index);
            FileSlice slice = length == 0 ? null : slice(extents.id(index), offset, length, waiting);
            if (slice != null) {
                slices.add(slice);
            } else if (length > 0) {
                slices.forEach(FileSlice::close);
                return null;
            }
            at += length;
        }
        return slices;
    }

    private @Nullable FileSlice slice(long id, long offset, long length, Waiting waiting) {
        return switch (waiting) {
            case ALLOWED -> volume.slice(id, offset, length);
            case FORBIDDEN -> volume.sliceNow(id, offset, length);
        };
    }
}
