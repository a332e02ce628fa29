package io.forebay.storage.volume;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One disk's folder: identity, segments, large files, space. What its bytes mean is for its user to know.
///
/// Opened in steps: `open` claims the folder, `recover` reads the log, `start` goes on with it. Any thread may
/// read and write after that.
public final class Volume implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Volume.class.getName());

    private final Disk disk;
    private final VolumeConfig config;
    private final VolumeIdentity identity;
    private final String labels;
    private final Ticker ticker;
    private final Metrics metrics;
    private final FileIds ids = new FileIds();
    private final Segments segments = new Segments();
    private final SegmentFiles segmentFiles;
    private final LargeFiles largeFiles;
    private final OpenFiles openFiles;
    private final BufferPool buffers;
    private final SpaceGuard space;
    private final List<Long> segmentsFound;

    private Volume(Disk disk, VolumeConfig config, VolumeOwner owner, Ticker ticker, Metrics metrics)
            throws IOException {
        this.disk = disk;
        this.config = config;
        this.identity = VolumeIdentity.claim(disk, owner);
        this.labels = "volume=\"" + identity.id() + "\"";
        this.ticker = ticker;
        this.metrics = metrics;
        this.segmentFiles = new SegmentFiles(disk, identity.id(), ids, config, segments::liveBytes);
        this.largeFiles = new LargeFiles(disk, ids, config.concurrentSyncs(), labels, ticker, metrics);
        OpenFiles.Limits limits = new OpenFiles.Limits(config.openFiles(), config.openFilesShare());
        this.openFiles = new OpenFiles(disk, this::path, limits, labels, metrics);
        this.buffers = new BufferPool(config.writeMemory().bytes());
        this.space = new SpaceGuard(disk, config, labels, ticker, metrics);
        this.segmentsFound = segmentFiles.scan();
        largeFiles.passOverExisting();
        metrics.gauge(StorageMetric.SEGMENTS, labels, segments::count);
        metrics.gauge(StorageMetric.SEGMENT_LIVE_BYTES, labels, segments::liveBytes);
        metrics.gauge(StorageMetric.SPARE_SEGMENTS, labels, segmentFiles::spareCount);
        metrics.gauge(StorageMetric.WRITE_MEMORY_BYTES, labels, buffers::usedBytes);
    }

    /// Claims the volume on a disk, which the volume closes from now on, also when this fails. Throws IN_USE,
    /// INVALID_ARGUMENT, CORRUPT or VOLUME_FAILED.
    public static Volume open(Disk disk, VolumeConfig config, VolumeOwner owner, Ticker ticker, Metrics metrics) {
        try {
            return new Volume(disk, config, owner, ticker, metrics);
        } catch (IOException e) {
            StoreException failure = VolumeFailure.of("cannot open volume " + disk, e);
            closeAfter(failure, disk);
            throw failure;
        } catch (StoreException e) {
            closeAfter(e, disk);
            throw e;
        }
    }

    /// Reads the log from a position on (null: all of it) and returns where it ends. Throws CORRUPT when records
    /// that were durable are missing.
    public LogPosition recover(@Nullable LogPosition from, Consumer<LogRecord> visitor) {
        try {
            LogReader reader = new LogReader(segmentFiles, config.segmentBytes(), segmentsFound);
            LogPosition begin = from != null ? from : reader.beginning();
            if (begin.equals(LogPosition.START) && (segmentsFound.isEmpty() || reader.isUnbegun())) {
                disk.remove(Segment.path(begin.segment()));
                segmentFiles.create(begin.segment()).close();
                ids.passOver(begin.segment());
                return begin;
            }
            return reader.read(begin, visitor);
        } catch (IOException e) {
            throw VolumeFailure.of("cannot read the log of volume " + disk, e);
        }
    }

    /// Reads every whole record of the log, also those behind damaged ones, and returns where it ends; a missing
    /// last segment is made anew, empty.
    public LogPosition survey(LogSurvey.Visitor visitor) {
        LogPosition end = new LogSurvey(segmentFiles, segmentsFound).read(visitor);
        if (!segmentsFound.contains(end.segment())) {
            try {
                segmentFiles.create(end.segment()).close();
                ids.passOver(end.segment());
            } catch (IOException e) {
                throw VolumeFailure.of("cannot make " + Segment.path(end.segment()), e);
            }
        }
        return end;
    }

    /// Goes on with the log behind that position, after removing segment files that it does not know: also
    /// later ones that have records behind the end, before anything else is written.
    public <E extends LogEntry> SegmentLog<E> start(LogPosition at, LogApplier<E> applier) {
        segments.ensure(at.segment());
        try {
            for (long id : segmentsFound) {
                if (segments.find(id) == null) {
                    segmentFiles.retire(id);
                }
            }
            DiskFile file = segmentFiles.open(at.segment(), Disk.Access.WRITE);
            LogCounters counters = LogCounters.of(identity.id().toString(), labels, ticker, metrics);
            long limit = Math.clamp(file.size(), segmentFiles.nextBytes(), config.segmentBytes());
            SegmentLog<E> log = new SegmentLog<>(
                    segmentFiles, ids, new SegmentLog.LogStart(file, at, limit), config, counters, applier);
            metrics.gauge(StorageMetric.UNSYNCED_SEGMENTS, labels, log::unsyncedSegments);
            return log;
        } catch (IOException e) {
            throw VolumeFailure.of("cannot go on with the log of volume " + disk, e);
        }
    }

    /// The records of a segment up to where the log is written, to be read a piece at a time; null when it has
    /// no file any more.
    public @Nullable SegmentScan scanSegment(long id, LogPosition written) {
        try {
            OpenFile file = openFiles.acquire(id);
            if (file == null) {
                return null;
            }
            boolean ends = id == written.segment();
            long limit = ends ? written.offset() : file.file().size();
            SegmentSurvey survey = new SegmentSurvey(file.file(), id, limit, 0, SegmentSurvey.Proof.WHOLE);
            return new SegmentScan(file, survey, !ends);
        } catch (IOException e) {
            throw VolumeFailure.of("cannot open " + path(id), e);
        }
    }

    /// A walk over the records of a segment that takes no more; null when there is no such segment any more. The
    /// caller closes it.
    public @Nullable SegmentWalk walk(long id) {
        try {
            OpenFile file = openFiles.acquire(id);
            return file == null ? null : new SegmentWalk(file, id, config.segmentBytes());
        } catch (IOException e) {
            throw VolumeFailure.of("cannot open " + path(id), e);
        }
    }

    /// A run of bytes of a segment or large file, opened if need be; null when there is no such file any more.
    /// Throws CORRUPT when the file is too short.
    public @Nullable FileSlice slice(long id, long offset, long length) {
        try {
            OpenFile file = openFiles.acquire(id);
            if (file != null && !file.reaches(offset + length)) {
                file.release();
                throw new StoreException(ErrorCode.CORRUPT, "file " + path(id) + " is too short");
            }
            return file == null ? null : new StoredSlice(file, offset, length);
        } catch (IOException e) {
            throw VolumeFailure.of("cannot open " + path(id), e);
        }
    }

    /// As `slice`, but null also when the file is not open already.
    public @Nullable FileSlice sliceNow(long id, long offset, long length) {
        OpenFile file = openFiles.acquireNow(id);
        return file == null ? null : new StoredSlice(file, offset, length);
    }

    /// All of a large file's sidecar; null when it has none.
    public @Nullable FileSlice sidecar(long fileId) {
        OpenFile file = null;
        try {
            file = openFiles.acquire(-fileId);
            return file == null ? null : new StoredSlice(file, 0, file.file().size());
        } catch (IOException e) {
            if (file != null) {
                file.release();
            }
            throw VolumeFailure.of("cannot open " + LargeFiles.sidecarPath(fileId), e);
        }
    }

    /// Puts a sidecar beside a large file, in place of an earlier one. Throws NO_SPACE or VOLUME_FAILED.
    public void putSidecar(long fileId, ByteSource bytes) {
        largeFiles.putSidecar(fileId, bytes);
        openFiles.drop(-fileId);
    }

    /// Says that what was to be kept beside a file could not be; it is made again when it is missed.
    public void sidecarFailed(StoreException failure) {
        metrics.counter(StorageMetric.SIDECARS_FAILED, labels).increment();
        LOG.log(Level.WARNING, "volume {0}: nothing is kept beside a file: {1}", identity.id(), failure.text());
    }

    /// Gives the space of a dead segment back when its last reader has left. The log must not need it any more.
    public void retireSegment(long id) {
        segments.forget(id);
        openFiles.retire(id, () -> {
            try {
                segmentFiles.retire(id);
                segments.gone(id);
                metrics.counter(StorageMetric.SEGMENTS_FREED, labels).increment();
            } catch (IOException e) {
                throw VolumeFailure.of("cannot retire segment " + Segment.path(id), e);
            }
        });
    }

    /// Gives the space of a large file back when its last reader has left.
    public void removeFile(long id) {
        largeFiles.remove(id);
        openFiles.retire(id, () -> {});
        openFiles.retire(-id, () -> {});
    }

    /// Makes one spare segment if there are too few; takes as long as writing a segment.
    public void prepareSpare() {
        if (segmentFiles.lacksSpare()) {
            try {
                space.admit(segmentFiles.nextBytes());
                segmentFiles.prepareSpare();
            } catch (IOException e) {
                throw VolumeFailure.of("cannot prepare a segment on volume " + disk, e);
            }
        }
    }

    /// Removes one spare segment if there are too many for what is needed of the others.
    public void dropSpare() {
        try {
            segmentFiles.dropSpare();
        } catch (IOException e) {
            throw VolumeFailure.of("cannot remove a segment of volume " + disk, e);
        }
    }

    /// The bytes of all segment files, about.
    public long segmentBytes() {
        return segments.fileBytes(segmentFiles.nextBytes());
    }

    /// As above, and those of the spare ones.
    public long segmentFileBytes() {
        return segmentBytes() + segmentFiles.spareBytes();
    }

    public Segments segments() {
        return segments;
    }

    public LargeFiles files() {
        return largeFiles;
    }

    public FileIds ids() {
        return ids;
    }

    public BufferPool buffers() {
        return buffers;
    }

    public SpaceGuard space() {
        return space;
    }

    public VolumeConfig config() {
        return config;
    }

    /// The label of the volume's metrics.
    public String labels() {
        return labels;
    }

    /// A number that is the volume's own, forever.
    public long hash() {
        return identity.id().getMostSignificantBits();
    }

    /// The volume's id.
    @Override
    public String toString() {
        return identity.id().toString();
    }

    @Override
    public void close() {
        openFiles.close();
        try {
            disk.close();
        } catch (IOException e) {
            throw VolumeFailure.of("cannot close volume " + disk, e);
        }
    }

    /// Where the file of that id is; sidecars have the ids of their files, negative.
    private String path(long id) {
        if (id < 0) {
            return LargeFiles.sidecarPath(-id);
        }
        return segments.find(id) == null ? LargeFiles.path(id) : Segment.path(id);
    }

    private static void closeAfter(StoreException failure, Disk disk) {
        try {
            disk.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
