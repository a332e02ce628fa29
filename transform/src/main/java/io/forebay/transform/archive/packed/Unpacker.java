package io.forebay.transform.archive.packed;

import java.nio.ByteBuffer;

/// Unpacks a compressed stream whose bytes are handed to it as they arrive. For one thread at a time.
public interface Unpacker extends AutoCloseable {
    /// Takes packed bytes and puts unpacked ones into the target, until either are used up or the next
    /// unpacked bytes belong to another restart point. Call it again while it takes or puts anything. Throws
    /// INVALID_ARGUMENT, TOO_LARGE and UNSUPPORTED when the stream is refused.
    void unpack(ByteBuffer packed, ByteBuffer target);

    /// The newest restart point at or before the bytes that the last `unpack` put.
    Restart restart();

    /// Takes that the stream ends here. Throws INVALID_ARGUMENT when it may not.
    void complete();

    @Override
    void close();
}
