package io.forebay.storage.object;

import io.forebay.common.io.FileSlice;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bytes of slices, one after the other, a buffer full at a time. The slices and the buffer are the caller's.
public final class SliceReader {
    /// A good size for the buffer.
    public static final int CHUNK_BYTES = 256 << 10;

    private final List<FileSlice> slices;
    private final ByteBuffer chunk;
    private int index;
    private long offset;

    /// @param chunk a direct buffer, which this overwrites
    public SliceReader(List<FileSlice> slices, ByteBuffer chunk) {
        this.slices = slices;
        this.chunk = chunk;
    }

    /// The next bytes, at most that many; null at the end. Throws CORRUPT when a file is too short.
    public @Nullable ByteBuffer next(long max) {
        while (index < slices.size() && offset == slices.get(index).length()) {
            index++;
            offset = 0;
        }
        if (index == slices.size()) {
            return null;
        }
        FileSlice slice = slices.get(index);
        chunk.clear().limit((int) Math.min(Math.min(chunk.capacity(), max), slice.length() - offset));
        slice.read(offset, chunk);
        chunk.flip();
        offset += chunk.remaining();
        return chunk;
    }
}
