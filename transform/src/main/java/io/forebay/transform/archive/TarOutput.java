package io.forebay.transform.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A tar archive, as it is or compressed as a whole.
final class TarOutput implements ArchiveOutput {
    private final OutputBuffer out = new OutputBuffer();
    private final OutputBuffer plain;
    private final @Nullable OutputStream compressor;
    private final TarFraming framing;
    private long size;

    private TarOutput(TarFraming framing, Compression compression) throws IOException {
        this.framing = framing;
        this.compressor = compression.over(out);
        this.plain = compressor == null ? out : new OutputBuffer();
    }

    /// Compresses what is written into a stream.
    @FunctionalInterface
    interface Compression {
        /// Nothing is compressed.
        Compression NONE = out -> null;

        /// A stream that writes into the other one; null for none.
        @Nullable
        OutputStream over(OutputStream out) throws IOException;
    }

    static TarOutput of(long modifiedSeconds, Compression compression) {
        try {
            return new TarOutput(new TarFraming(modifiedSeconds), compression);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
    }

    @Override
    public void begin(String name, long bytes) {
        size = bytes;
        framing.begin(name, bytes, plain);
        compress();
    }

    @Override
    public void write(ByteBuffer bytes) {
        plain.put(bytes);
        compress();
    }

    @Override
    public void end() {
        TarFraming.end(size, plain);
        compress();
    }

    @Override
    public void finish() {
        TarFraming.finish(plain);
        compress();
        close();
    }

    private void compress() {
        OutputStream into = compressor;
        if (into == null || plain.ready() == 0) {
            return;
        }
        ByteBuffer bytes = plain.take();
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        try {
            into.write(piece);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
    }

    @Override
    public int ready() {
        return out.ready();
    }

    @Override
    public ByteBuffer take() {
        return out.take();
    }

    /// Ends the compression.
    @Override
    public void close() {
        try {
            if (compressor != null) {
                compressor.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
    }
}
