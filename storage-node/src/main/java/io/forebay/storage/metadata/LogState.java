package io.forebay.storage.metadata;

import org.jspecify.annotations.Nullable;

/// How far the log is in the index, written with every batch: what is behind it is replayed after a crash.
///
/// @param segment of the log's position
/// @param offset of the log's position in its segment
/// @param sequence the sequence number of the next record is at least this
/// @param nextId the least id of a segment or file that was not given out
/// @param largeFileBytes the bytes of all large files that the index points to
/// @param objectCount the objects that the index has
public record LogState(long segment, int offset, long sequence, long nextId, long largeFileBytes, long objectCount) {
    private static final byte[] KEY = {0};

    /// The state that an index has; null for a new index.
    public static @Nullable LogState read(Index index) {
        byte[] value = index.find(Family.VOLUME, KEY);
        if (value == null) {
            return null;
        }
        ByteReader in = new ByteReader(value, 0);
        return new LogState(
                in.readFixed(8),
                (int) in.readFixed(4),
                in.readFixed(8),
                in.readFixed(8),
                in.readFixed(8),
                in.readFixed(8));
    }

    public void write(IndexBatch batch) {
        byte[] value = new ByteWriter(44)
                .putFixed(segment, 8)
                .putFixed(offset, 4)
                .putFixed(sequence, 8)
                .putFixed(nextId, 8)
                .putFixed(largeFileBytes, 8)
                .putFixed(objectCount, 8)
                .toBytes();
        batch.put(Family.VOLUME, KEY, value);
    }
}
