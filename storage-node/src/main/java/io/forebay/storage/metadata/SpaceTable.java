package io.forebay.storage.metadata;

import java.util.function.Consumer;

/// What the index remembers of the space on its volume: how full each segment is and how much of it is needed, and
/// which large files are.
public final class SpaceTable {
    private static final int SEGMENT = 1;
    private static final int FILE = 2;
    private static final int END = 3;
    private static final int V1_SEGMENT_BYTES = 16;
    /// Values of the first programs with format 2 end here.
    private static final int UNFILLED_SEGMENT_BYTES = 24;

    private static final byte[] NOTHING = new byte[0];

    private SpaceTable() {}

    /// What is remembered of a segment.
    ///
    /// @param liveBytes that something needs
    /// @param removalBytes of its removals
    /// @param removedUntil the youngest segment that has something which this one says is gone
    /// @param filledBytes where its records end; 0 when it is not full, or that is not known
    public record SegmentUse(long id, long liveBytes, long removalBytes, long removedUntil, long filledBytes) {}

    public static void readSegments(Index index, Consumer<SegmentUse> visitor) {
        try (IndexCursor cursor = index.cursor(Family.VOLUME, new byte[] {FILE})) {
            for (cursor.seek(new byte[] {SEGMENT}); cursor.isValid(); cursor.next()) {
                long id = new ByteReader(cursor.key(), 1).readFixed(8);
                ByteReader in = new ByteReader(cursor.value(), 0);
                long liveBytes = in.readFixed(8);
                long removalBytes = in.readFixed(8);
                // Format 1 has a number of records instead of bytes, and does not say of what age.
                boolean hasUntil = cursor.value().length > V1_SEGMENT_BYTES;
                long until = hasUntil ? in.readFixed(8) : id;
                long filled = cursor.value().length > UNFILLED_SEGMENT_BYTES ? in.readFixed(8) : 0;
                visitor.accept(new SegmentUse(id, liveBytes, removalBytes, until, filled));
            }
        }
    }

    public static void putSegment(IndexBatch batch, SegmentUse use) {
        byte[] value = new ByteWriter(32)
                .putFixed(use.liveBytes, 8)
                .putFixed(use.removalBytes, 8)
                .putFixed(use.removedUntil, 8)
                .putFixed(use.filledBytes, 8)
                .toBytes();
        batch.put(Family.VOLUME, key(SEGMENT, use.id), value);
    }

    public static void removeSegment(IndexBatch batch, long id) {
        batch.remove(Family.VOLUME, key(SEGMENT, id));
    }

    /// Says how many extents own a file: one, but while the log is replayed that says of several values what only
    /// one had at a time.
    public static void putFile(IndexBatch batch, long id, int owners) {
        byte[] value =
                owners == 1 ? NOTHING : new ByteWriter(5).putVarint(owners).toBytes();
        batch.put(Family.VOLUME, key(FILE, id), value);
    }

    /// How many extents own a file.
    public static int fileOwners(Index index, long id) {
        byte[] value = index.find(Family.VOLUME, key(FILE, id));
        if (value == null) {
            return 0;
        }
        return value.length == 0 ? 1 : (int) new ByteReader(value, 0).readVarint();
    }

    public static void removeFile(IndexBatch batch, long id) {
        batch.remove(Family.VOLUME, key(FILE, id));
    }

    /// Whether an object or part owns the file.
    public static boolean hasFile(Index index, long id) {
        return index.find(Family.VOLUME, key(FILE, id)) != null;
    }

    /// How many large files are owned.
    static long countFiles(Index index) {
        long count = 0;
        try (IndexCursor cursor = index.cursor(Family.VOLUME, new byte[] {END})) {
            for (cursor.seek(new byte[] {FILE}); cursor.isValid(); cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private static byte[] key(int kind, long id) {
        return new ByteWriter(9).putByte(kind).putFixed(id, 8).toBytes();
    }
}
