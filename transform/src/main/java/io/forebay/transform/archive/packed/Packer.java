package io.forebay.transform.archive.packed;

import io.forebay.transform.archive.model.ArchiveSink;
import java.nio.ByteBuffer;

/// Packs a stream as its bytes arrive. For one thread at a time.
public interface Packer extends AutoCloseable {
    /// Takes all bytes that remain in the buffer, which is the caller's again when this returns.
    void write(ByteBuffer bytes);

    /// Ends the stream; nothing is written after it.
    void finish();

    @Override
    void close();

    /// One that leaves the bytes as they are.
    static Packer none(ArchiveSink sink) {
        return new Packer() {
            @Override
            public void write(ByteBuffer bytes) {
                sink.write(bytes);
            }

            @Override
            public void finish() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }
}
