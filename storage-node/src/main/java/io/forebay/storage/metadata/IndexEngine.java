package io.forebay.storage.metadata;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ordered key-value store under an index, a family for each kind of entry.
///
/// The seam between what an index means and what keeps it: crash simulation puts a store of its own here. Any thread
/// may read; one at a time writes and flushes; nobody calls anything after `close`, and every cursor is closed before.
/// What was written since the last finished flush is gone after a crash, in all families at once.
public interface IndexEngine extends AutoCloseable {
    /// What `findInMemory` returns when memory does not have the answer: this very array.
    byte[] UNKNOWN = new byte[0];

    @SuppressWarnings("ReferenceEquality") // An empty value is another array.
    static boolean isUnknown(byte[] value) {
        return value == UNKNOWN;
    }

    /// The value of a key, or null; waits for the disk where it must. Throws VOLUME_FAILED or CORRUPT.
    byte @Nullable [] find(Family family, byte[] key);

    /// The values of keys of one family, in their order, null where there is none. Throws VOLUME_FAILED or CORRUPT.
    default List<byte @Nullable []> findAll(Family family, List<byte[]> keys) {
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        keys.forEach(key -> values.add(find(family, key)));
        return values;
    }

    /// The value of a key, null when there is none for certain, `UNKNOWN` when only the disk can tell.
    byte @Nullable [] findInMemory(Family family, byte[] key);

    /// A cursor over keys up to but without `end` as they are now, standing nowhere until it seeks. Its close runs
    /// the action, once.
    IndexCursor cursor(Family family, byte[] end, Runnable whenClosed);

    /// An empty batch for `write`.
    IndexBatch batch();

    /// Makes a batch visible at once. Throws VOLUME_FAILED or NO_SPACE.
    void write(IndexBatch batch);

    /// Starts to bring everything written so far to the disk, all of it or nothing.
    void beginFlush();

    /// Brings everything written so far to the disk.
    void flush();

    /// Whether everything that was written before the last `beginFlush` is on disk.
    boolean isFlushed();

    /// The bytes of entries that are not on disk yet, about.
    long unflushedBytes();

    /// Closes without flushing.
    @Override
    void close();
}
