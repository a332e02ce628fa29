package io.forebay.protocol.http.netty;

import io.forebay.common.io.FileSlice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Slices of files that are read piece by piece on a thread that waits for the disk. Owns the slices.
final class SliceSource implements BufferSource {
    private static final int PIECE_BYTES = 256 << 10;

    private final List<FileSlice> slices;
    private final long length;
    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf current;
    private int index;
    private long offset;

    SliceSource(List<FileSlice> slices, long length, ByteBufAllocator allocator) {
        this.slices = slices;
        this.length = length;
        this.allocator = allocator;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        releaseCurrent();
        ByteBuf piece = nextBuffer();
        current = piece;
        return piece == null ? null : piece.nioBuffer();
    }

    @Override
    public @Nullable ByteBuf nextBuffer() {
        while (index < slices.size() && offset == slices.get(index).length()) {
            index++;
            offset = 0;
        }
        if (index == slices.size()) {
            return null;
        }
        FileSlice slice = slices.get(index);
        int bytes = (int) Math.min(PIECE_BYTES, slice.length() - offset);
        ByteBuf piece = allocator.directBuffer(bytes);
        try {
            slice.read(offset, piece.internalNioBuffer(0, bytes));
        } catch (RuntimeException e) {
            piece.release();
            throw e;
        }
        offset += bytes;
        return piece.writerIndex(bytes);
    }

    @Override
    public void close() {
        releaseCurrent();
        slices.forEach(FileSlice::close);
    }

    private void releaseCurrent() {
        ByteBuf piece = current;
        if (piece != null) {
            current = null;
            piece.release();
        }
    }
}
