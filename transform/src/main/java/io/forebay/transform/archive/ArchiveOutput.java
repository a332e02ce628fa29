package io.forebay.transform.archive;

import java.nio.ByteBuffer;

/// An archive that is being made, piece by piece. For one thread at a time.
public interface ArchiveOutput extends AutoCloseable {
    /// Begins a member of that many bytes.
    void begin(String name, long size);

    /// The next bytes of the member, all that remain in the buffer, which is the caller's again when this
    /// returns.
    void write(ByteBuffer bytes);

    /// Ends the member, of which all bytes were written.
    void end();

    /// Ends the archive.
    void finish();

    /// How many bytes wait to be taken.
    int ready();

    /// The bytes that wait, borrowed until the next call of any method; they are taken with this.
    ByteBuffer take();

    @Override
    void close();
}
