package io.forebay.storage.volume;

import io.forebay.common.config.Ratio;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.metrics.Metrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A volume that no process serves, opened to be looked at: nothing on it is changed but its lock taken.
///
/// For one thread at a time.
public final class OfflineVolume implements AutoCloseable {
    private static final OpenFiles.Limits OPEN_FILES = new OpenFiles.Limits(64, new Ratio(1));

    private final Disk disk;
    private final VolumeIdentity identity;
    private final Set<Long> segments = new TreeSet<>();
    private final List<String> strange = new ArrayList<>();
    private final OpenFiles files;

    private OfflineVolume(Disk disk) throws IOException {
        this.disk = disk;
        this.identity = VolumeIdentity.inspect(disk);
        for (String name : disk.list(SegmentFiles.FOLDER)) {
            long id = name.endsWith(SegmentFiles.SUFFIX)
                    ? FileIds.parse(name.substring(0, name.length() - SegmentFiles.SUFFIX.length()))
                    : 0;
            if (id > 0) {
                segments.add(id);
            } else if (id < 0 || !SegmentFiles.isSpare(name)) {
                strange.add(SegmentFiles.FOLDER + "/" + name);
            }
        }
        String labels = "volume=\"" + identity.id() + "\"";
        this.files = new OpenFiles(disk, this::path, OPEN_FILES, labels, new Metrics());
    }

    /// Takes the volume on a disk, which the volume closes from now on, also when this fails. Throws IN_USE,
    /// INVALID_ARGUMENT when it is no volume or one of another format, CORRUPT when its identity cannot be read.
    public static OfflineVolume open(Disk disk) {
        OfflineVolume volume = null;
        try {
            volume = new OfflineVolume(disk);
            return volume;
        } catch (IOException e) {
            throw VolumeFailure.of("cannot open volume " + disk, e);
        } finally {
            if (volume == null) {
                closeQuietly(disk);
            }
        }
    }

    public String id() {
        return identity.id().toString();
    }

    public int format() {
        return identity.format();
    }

    public VolumeOwner owner() {
        return identity.owner();
    }

    /// The ids of all segment files, ascending.
    public Set<Long> segments() {
        return segments;
    }

    /// Files among the segments that are none.
    public List<String> strangeFiles() {
        return strange;
    }

    public boolean exists(String path) {
        return disk.exists(path);
    }

    /// Reads the log.
    public LogPosition survey(LogSurvey.Visitor visitor) {
        return new LogSurvey(new Opening(), segments).read(visitor);
    }

    /// The bytes of all segment files.
    public long segmentBytes() {
        try {
            long bytes = 0;
            for (long id : segments) {
                try (DiskFile file = disk.open(Segment.path(id), Disk.Access.READ)) {
                    bytes += file.size();
                }
            }
            return bytes;
        } catch (IOException e) {
            throw VolumeFailure.of("cannot look at the segments", e);
        }
    }

    /// The whole record at that place, or null when there is none or its file is missing.
    public @Nullable LogRecord record(long segment, long offset) {
        if (!segments.contains(segment)) {
            return null;
        }
        try (DiskFile file = disk.open(Segment.path(segment), Disk.Access.READ)) {
            RecordFinder finder = new RecordFinder(file, segment, file.size());
            RecordFinder.Found found = finder.at(offset, 0);
            return found == null || found.header().kind() != LogFrame.KIND_OPERATIONS ? null : finder.record(found);
        } catch (IOException e) {
            throw VolumeFailure.of("cannot read " + Segment.path(segment), e);
        }
    }

    /// A run of bytes of a segment or large file; null when there is no such file.
    public @Nullable FileSlice slice(long id, long offset, long length) {
        try {
            OpenFile file = files.acquire(id);
            return file == null ? null : new StoredSlice(file, offset, length);
        } catch (IOException e) {
            throw VolumeFailure.of("cannot open " + path(id), e);
        }
    }

    /// The ids of all large files, and the paths of what is none.
    public void visitFiles(LargeFiles.Visitor visitor) {
        try {
            LargeFiles.visit(disk, visitor);
        } catch (IOException e) {
            throw VolumeFailure.of("cannot list the large files", e);
        }
    }

    /// Where a segment or large file is.
    public String path(long id) {
        return segments.contains(id) ? Segment.path(id) : LargeFiles.path(id);
    }

    @Override
    public void close() {
        files.close();
        closeQuietly(disk);
    }

    private static void closeQuietly(Disk disk) {
        try {
            disk.close();
        } catch (IOException e) {
            throw new StoreException(ErrorCode.VOLUME_FAILED, "cannot close volume " + disk, e);
        }
    }

    private final class Opening implements LogSurvey.SegmentOpening {
        @Override
        public DiskFile open(long id) throws IOException {
            return disk.open(Segment.path(id), Disk.Access.READ);
        }

        @Override
        public boolean hasHeader(DiskFile file, long id) throws IOException {
            ByteBuffer header = ByteBuffer.allocate(LogFrame.SEGMENT_HEADER_BYTES);
            file.read(0, header);
            return LogFrame.isSegmentHeader(header.flip(), identity.id(), id);
        }
    }
}
