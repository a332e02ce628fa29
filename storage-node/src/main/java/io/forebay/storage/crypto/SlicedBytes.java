package io.forebay.storage.crypto;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ciphertext in slices of files, which it owns.
final class SlicedBytes implements StoredBytes {
    private final List<FileSlice> slices;
    private final ChunkBuffers buffers;
    private @Nullable ByteBuffer buffer;
    private int index;
    private long offset;

    SlicedBytes(List<FileSlice> slices, ChunkBuffers buffers) {
        this.slices = slices;
        this.buffers = buffers;
    }

    @Override
    public ByteBuffer next(int count) {
        ByteBuffer bytes = buffer;
        if (bytes == null) {
            bytes = buffers.take();
            buffer = bytes;
        }
        bytes.clear();
        while (bytes.position() < count) {
            if (index == slices.size()) {
                throw new StoreException(ErrorCode.CORRUPT, "encrypted bytes end too early");
            }
            FileSlice slice = slices.get(index);
            int more = (int) Math.min(count - bytes.position(), slice.length() - offset);
            if (more > 0) {
                slice.read(offset, bytes.limit(bytes.position() + more));
                bytes.limit(bytes.capacity());
                offset += more;
            }
            if (offset == slice.length()) {
                index++;
                offset = 0;
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() {
        ByteBuffer bytes = buffer;
        if (bytes != null) {
            buffer = null;
            buffers.giveBack(bytes);
        }
        slices.forEach(FileSlice::close);
    }
}
