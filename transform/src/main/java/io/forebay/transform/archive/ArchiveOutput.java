package io.forebay.transform.archive;

import io.forebay.transform.archive.model.ArchiveFormat;
import java.nio.ByteBuffer;

/// An archive that is being made and is taken piece by piece. For one thread at a time.
public final class ArchiveOutput implements AutoCloseable {
    private final OutputBuffer out = new OutputBuffer();
    private final ArchiveWriter writer;
    private final long modifiedMillis;

    /// Begins an archive.
    ///
    /// @param modifiedMillis of its members, in milliseconds since the epoch
    public ArchiveOutput(ArchiveFormat format, long modifiedMillis) {
        this.writer = ArchiveWriter.open(format, out);
        this.modifiedMillis = modifiedMillis;
    }

    /// Begins a member of that many bytes. Throws INVALID_ARGUMENT for a name that no archive can have.
    public void begin(String name, long size) {
        writer.begin(name, size, modifiedMillis);
    }

    /// The next bytes of the member, all that remain in the buffer, which is the caller's again when this
    /// returns.
    public void write(ByteBuffer bytes) {
        writer.write(bytes);
    }

    /// Counts bytes of the member that were put behind what was taken, of a tar that is not packed.
    public void pass(long bytes) {
        writer.pass(bytes);
    }

    /// Ends the member. Throws INCOMPLETE_BODY when bytes of it are missing.
    public void end() {
        writer.end();
    }

    /// Ends the archive.
    public void finish() {
        writer.finish();
    }

    /// How many bytes wait to be taken.
    public int ready() {
        return out.ready();
    }

    /// The bytes that wait, borrowed until the next call of any method; they are taken with this.
    public ByteBuffer take() {
        return out.take();
    }

    @Override
    public void close() {
        writer.close();
    }
}
