package io.forebay.transform.archive.packed;

import io.forebay.transform.archive.model.ArchiveSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Packs into one gzip member at the best speed: there are readers of streams that know no second one.
public final class GzipPacker implements Packer {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int TRAILER_BYTES = 8;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 0xFF};

    private final ArchiveSink sink;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final CRC32 crc = new CRC32();
    private final ByteBuffer packed = ByteBuffer.allocateDirect(BUFFER_BYTES);

    public GzipPacker(ArchiveSink sink) {
        this.sink = sink;
        packed.put(HEADER);
    }

    @Override
    public void write(ByteBuffer bytes) {
        crc.update(bytes.duplicate());
        deflater.setInput(bytes);
        while (!deflater.needsInput()) {
            deflate();
        }
    }

    @Override
    public void finish() {
        deflater.finish();
        while (!deflater.finished()) {
            deflate();
        }
        if (packed.remaining() < TRAILER_BYTES) {
            flush();
        }
        packed.order(ByteOrder.LITTLE_ENDIAN).putInt((int) crc.getValue()).putInt((int) deflater.getBytesRead());
        flush();
    }

    @Override
    public void close() {
        deflater.end();
    }

    private void deflate() {
        deflater.deflate(packed);
        if (!packed.hasRemaining()) {
            flush();
        }
    }

    private void flush() {
        sink.write(packed.flip());
        packed.clear();
    }
}
