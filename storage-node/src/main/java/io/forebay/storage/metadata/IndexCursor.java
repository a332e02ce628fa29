package io.forebay.storage.metadata;

/// A cursor over a range of keys of one family, as they were when it was made. For one thread at a time; whoever
/// made it closes it, before the index.
public interface IndexCursor extends AutoCloseable {
    /// Moves to the first key of the range that is not less than this one.
    void seek(byte[] key);

    /// Whether the cursor stands on a key. Throws VOLUME_FAILED or CORRUPT when the index could not be read.
    boolean isValid();

    void next();

    byte[] key();

    byte[] value();

    @Override
    void close();
}
