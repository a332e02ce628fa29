package io.forebay.storage.crypto;

import java.nio.ByteBuffer;

/// Ciphertext, one chunk after the other. For one thread at a time.
interface StoredBytes extends AutoCloseable {
    /// The next so many bytes, at most a chunk: lent until the next call. Throws CORRUPT when there are not so many.
    ByteBuffer next(int count);

    @Override
    void close();
}
