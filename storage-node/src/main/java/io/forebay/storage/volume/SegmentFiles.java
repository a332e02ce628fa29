package io.forebay.storage.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.LongSupplier;

/// The segment files of a volume, and spare ones that become segments.
///
/// A spare is a file of full size whose blocks are written already: appending to it changes no file system
/// metadata, so that a sync costs about half. Spares are dead segments kept for reuse, or files filled with
/// zeros in the background.
final class SegmentFiles implements LogSurvey.SegmentOpening {
    static final String FOLDER = "segments";
    static final String SUFFIX = ".seg";
    private static final String SPARE_PREFIX = "spare-";
    private static final String UNFINISHED_PREFIX = "unfinished-";
    private static final int ZERO_BYTES = 1 << 20;
    /// How much more than its share a spare may take before it is removed, so that none is made and removed in
    /// turns.
    private static final double SLACK = 1.25;

    /// So many times as large as wanted a spare may be.
    private static final int MOST_EXCESS = 2;

    private final Disk disk;
    private final UUID volume;
    private final FileIds ids;
    private final VolumeConfig config;
    private final LongSupplier liveBytes;
    private final ConcurrentLinkedDeque<Spare> spares = new ConcurrentLinkedDeque<>();

    /// @param liveBytes the bytes in segments that are needed
    SegmentFiles(Disk disk, UUID volume, FileIds ids, VolumeConfig config, LongSupplier liveBytes) {
        this.disk = disk;
        this.volume = volume;
        this.ids = ids;
        this.config = config;
        this.liveBytes = liveBytes;
    }

    private record Spare(String path, long bytes) {}

    /// What the next segment is to take.
    long nextBytes() {
        return config.segmentBytes(liveBytes.getAsLong());
    }

    /// Finds what is there: returns the ids of all segment files, takes spares into use and removes
    /// unfinished ones.
    List<Long> scan() throws IOException {
        disk.createFolder(FOLDER);
        disk.syncFolder("");
        List<Long> found = new ArrayList<>();
        for (String name : disk.list(FOLDER)) {
            String path = FOLDER + "/" + name;
            if (name.startsWith(SPARE_PREFIX) && spares.size() < config.spareSegments()) {
                spares.add(new Spare(path, size(path)));
                ids.passOver(Math.max(0, FileIds.parse(name.substring(SPARE_PREFIX.length()))));
            } else if (name.startsWith(SPARE_PREFIX) || name.startsWith(UNFINISHED_PREFIX)) {
                disk.remove(path);
            } else if (name.endsWith(SUFFIX)) {
                long id = FileIds.parse(name.substring(0, name.length() - SUFFIX.length()));
                if (id > 0) {
                    found.add(id);
                    ids.passOver(id);
                }
            }
        }
        return found;
    }

    /// Whether a file of that name is one that may become a segment.
    static boolean isSpare(String name) {
        return name.startsWith(SPARE_PREFIX) || name.startsWith(UNFINISHED_PREFIX);
    }

    /// A file for a new segment, its header and its entry on stable storage. From a spare when there is one.
    DiskFile create(long id) throws IOException {
        String path = Segment.path(id);
        Spare taken = spares.poll();
        String spare = taken == null ? null : taken.path;
        DiskFile file = spare == null ? disk.create(path) : disk.open(spare, Disk.Access.WRITE);
        try {
            file.write(0, new ByteBuffer[] {LogFrame.segmentHeader(volume, id)});
            file.sync();
            if (spare != null) {
                disk.rename(spare, path);
            }
            disk.syncFolder(FOLDER);
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public DiskFile open(long id) throws IOException {
        return open(id, Disk.Access.READ);
    }

    DiskFile open(long id, Disk.Access access) throws IOException {
        return disk.open(Segment.path(id), access);
    }

    /// Whether that segment's file begins as it must.
    @Override
    public boolean hasHeader(DiskFile file, long id) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(LogFrame.SEGMENT_HEADER_BYTES);
        file.read(0, header);
        return LogFrame.isSegmentHeader(header.flip(), volume, id);
    }

    /// Whether another spare is wanted.
    boolean lacksSpare() {
        return spares.size() < wantedSpares(1);
    }

    /// Removes spares of another size than segments have by now, and one when there are clearly too many for what is
    /// needed of the segments. The next start finds them again where that is not on stable storage.
    void dropSpare() throws IOException {
        long wanted = nextBytes();
        for (Spare spare : spares) {
            if (!fits(spare.bytes, wanted) && spares.remove(spare)) {
                disk.remove(spare.path);
            }
        }
        if (spares.size() > wantedSpares(SLACK)) {
            Spare spare = spares.poll();
            if (spare != null) {
                disk.remove(spare.path);
            }
        }
    }

    private static boolean fits(long bytes, long wanted) {
        return bytes >= wanted && bytes <= MOST_EXCESS * wanted;
    }

    private int wantedSpares(double slack) {
        long needed = liveBytes.getAsLong();
        double affordable = slack * config.spareShare().of(needed) / config.segmentBytes(needed);
        return Math.min(config.spareSegments(), (int) Math.max(1, affordable));
    }

    int spareCount() {
        return spares.size();
    }

    long spareBytes() {
        return spares.stream().mapToLong(Spare::bytes).sum();
    }

    /// Makes one spare file. Takes as long as writing a segment.
    void prepareSpare() throws IOException {
        long bytes = nextBytes();
        String name = FileIds.hex(ids.take());
        String unfinished = FOLDER + "/" + UNFINISHED_PREFIX + name;
        try (DiskFile file = disk.create(unfinished)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BYTES);
            for (long at = 0; at < bytes; at += zeros.limit()) {
                zeros.clear().limit((int) Math.min(ZERO_BYTES, bytes - at));
                file.write(at, new ByteBuffer[] {zeros});
                zeros.flip();
            }
            file.sync();
        } catch (IOException e) {
            disk.remove(unfinished);
            throw e;
        }
        String spare = FOLDER + "/" + SPARE_PREFIX + name;
        disk.rename(unfinished, spare);
        spares.add(new Spare(spare, bytes));
    }

    /// Makes a dead segment's file a spare, or removes it, for good. Nobody may have it open.
    void retire(long id) throws IOException {
        String path = Segment.path(id);
        long bytes = disk.exists(path) && lacksSpare() ? size(path) : 0;
        if (fits(bytes, nextBytes())) {
            String spare = FOLDER + "/" + SPARE_PREFIX + FileIds.hex(ids.take());
            disk.rename(path, spare);
            disk.syncFolder(FOLDER);
            spares.add(new Spare(spare, bytes));
        } else {
            disk.remove(path);
            disk.syncFolder(FOLDER);
        }
    }

    private long size(String path) throws IOException {
        try (DiskFile file = disk.open(path, Disk.Access.READ)) {
            return file.size();
        }
    }
}
