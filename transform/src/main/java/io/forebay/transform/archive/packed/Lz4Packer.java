package io.forebay.transform.archive.packed;

import io.forebay.transform.archive.model.ArchiveSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHashFactory;

/// Packs into one LZ4 frame of independent blocks of 256 KiB, with a checksum of the content.
public final class Lz4Packer implements Packer {
    private static final int BLOCK_BYTES = 256 << 10;
    private static final int FLAGS = 0x64;
    private static final int BLOCK_CODE = 5 << 4;
    private static final int STORED = 0x80000000;
    private static final int WORD = 4;

    private final ArchiveSink sink;
    private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
    private final StreamingXXHash32 hash = XXHashFactory.fastestInstance().newStreamingHash32(0);
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    private final ByteBuffer packed = ByteBuffer.allocate(2 * WORD + compressor.maxCompressedLength(BLOCK_BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);

    public Lz4Packer(ArchiveSink sink) {
        this.sink = sink;
        byte[] head = {FLAGS, BLOCK_CODE};
        int check = XXHashFactory.safeInstance().hash32().hash(head, 0, head.length, 0) >>> 8;
        packed.putInt(Lz4Frame.MAGIC).put(head).put((byte) check);
        flush();
    }

    @Override
    public void write(ByteBuffer bytes) {
        int limit = bytes.limit();
        while (bytes.position() < limit) {
            bytes.limit(Math.min(limit, bytes.position() + block.remaining()));
            block.put(bytes);
            bytes.limit(limit);
            if (!block.hasRemaining()) {
                pack();
            }
        }
    }

    @Override
    public void finish() {
        if (block.position() > 0) {
            pack();
        }
        packed.putInt(0).putInt(hash.getValue());
        flush();
    }

    @Override
    public void close() {
        hash.close();
    }

    private void pack() {
        int length = block.position();
        hash.update(block.array(), 0, length);
        int count = compressor.compress(block.array(), 0, length, packed.array(), WORD);
        if (count < length) {
            packed.putInt(count).position(WORD + count);
        } else {
            packed.putInt(length | STORED).put(block.array(), 0, length);
        }
        block.clear();
        flush();
    }

    private void flush() {
        sink.write(packed.flip());
        packed.clear();
    }
}
