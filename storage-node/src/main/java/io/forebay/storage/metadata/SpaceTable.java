package io.forebay.storage.metadata;

/// What the index remembers of the space on its volume: how much of each segment is needed, and which large files
/// are.
public final class SpaceTable {
    private static final int SEGMENT = 1;
    private static final int FILE = 2;
    private static final int END = 3;
    private static final int V1_SEGMENT_BYTES = 16;
    private static final byte[] NOTHING = new byte[0];

    private SpaceTable() {}

    /// What is done with each remembered segment.
    @FunctionalInterface
    public interface SegmentVisitor {
        void visit(long id, long liveBytes, long removalBytes, long removedUntil);
    }

    public static void readSegments(Index index, SegmentVisitor visitor) {
        try (IndexCursor cursor = index.cursor(Family.VOLUME, new byte[] {FILE})) {
            for (cursor.seek(new byte[] {SEGMENT}); cursor.isValid(); cursor.next()) {
                long id = new ByteReader(cursor.key(), 1).readFixed(8);
                ByteReader in = new ByteReader(cursor.value(), 0);
                long liveBytes = in.readFixed(8);
                long removalBytes = in.readFixed(8);
                // Format 1 has a number of records instead of bytes, and does not say of what age.
                boolean hasUntil = cursor.value().length > V1_SEGMENT_BYTES;
                visitor.visit(id, liveBytes, removalBytes, hasUntil ? in.readFixed(8) : id);
            }
        }
    }

    public static void putSegment(IndexBatch batch, long id, long liveBytes, long removalBytes, long removedUntil) {
        byte[] value = new ByteWriter(24)
                .putFixed(liveBytes, 8)
                .putFixed(removalBytes, 8)
                .putFixed(removedUntil, 8)
                .toBytes();
        batch.put(Family.VOLUME, key(SEGMENT, id), value);
    }

    public static void removeSegment(IndexBatch batch, long id) {
        batch.remove(Family.VOLUME, key(SEGMENT, id));
    }

    public static void putFile(IndexBatch batch, long id) {
        batch.put(Family.VOLUME, key(FILE, id), NOTHING);
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
