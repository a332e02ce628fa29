package io.forebay.storage.object;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Slices, which it owns, as a source.
final class SliceSource implements ByteSource {
    private final List<FileSlice> slices;
    private final long length;
    private final SliceReader reader;

    SliceSource(List<FileSlice> slices) {
        this.slices = List.copyOf(slices);
        this.length = slices.stream().mapToLong(FileSlice::length).sum();
        int chunkBytes = Math.clamp(length, 1, SliceReader.CHUNK_BYTES);
        this.reader = new SliceReader(this.slices, ByteBuffer.allocateDirect(chunkBytes));
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        return reader.next(Long.MAX_VALUE);
    }

    @Override
    public void close() {
        slices.forEach(FileSlice::close);
    }
}
