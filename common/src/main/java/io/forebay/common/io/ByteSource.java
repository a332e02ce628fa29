package io.forebay.common.io;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A stream of bytes that is pulled buffer by buffer, by one thread at a time.
///
/// The receiver of a source owns it and closes it, also on failure. `next` may block: call it on a thread that may
/// wait.
public interface ByteSource extends AutoCloseable {
    /// The number of bytes that the whole source gives, or -1 when that is not known beforehand.
    long length();

    /// The next bytes, or null at the end. The buffer has bytes remaining, is borrowed, and is valid until the next
    /// call of `next` or `close`. Throws StoreException when the bytes cannot be had: INCOMPLETE_BODY when the
    /// sender stopped early, DEADLINE_EXCEEDED when it was too slow. A source that verifies what it passes on
    /// withholds its last bytes until the check succeeded.
    @Nullable
    ByteBuffer next();

    @Override
    void close();
}
