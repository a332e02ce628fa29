package io.forebay.transform.archive;

import io.forebay.transform.archive.packed.Restart;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes of a tar in their order, whatever they are packed in. For one thread at a time.
interface TarBytes extends AutoCloseable {
    /// The next bytes, at least one and at most so many, borrowed until the next call; null at the end. All
    /// of them belong to one restart point.
    @Nullable
    ByteBuffer next(long max);

    /// Passes over that many bytes, or to the end; returns over how many.
    long skip(long bytes);

    /// The restart point of the bytes that were given last; null where each byte can be read by itself.
    @Nullable
    Restart restart();

    /// Takes that no more bytes are needed because the tar has none. Throws INVALID_ARGUMENT when what it is
    /// packed in ends in its middle.
    void complete();

    @Override
    void close();
}
