package io.forebay.storage.object;

import io.forebay.common.error.Check;
import io.forebay.common.io.FileSlice;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Bytes in somebody else's memory, to be read like those of a file.
final class MemorySlice implements FileSlice {
    private final ByteBuffer bytes;

    MemorySlice(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    @Override
    public FileChannel channel() {
        throw new IllegalStateException("bytes in memory have no file");
    }

    @Override
    public long offset() {
        return 0;
    }

    @Override
    public long length() {
        return bytes.limit();
    }

    @Override
    public boolean readNow(long from, ByteBuffer target) {
        read(from, target);
        return true;
    }

    @Override
    public void read(long from, ByteBuffer target) {
        Check.that(from + target.remaining() <= bytes.limit(), "a read behind the end of a slice in memory");
        target.put(bytes.slice((int) from, target.remaining()));
    }

    @Override
    public void close() {}
}
