package io.forebay.protocol.http;

import io.forebay.common.io.BufferCopy;
import io.forebay.common.io.FileSlice;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A payload read as a stream: what a copy needs, where the bytes go to another object and not to a socket.
///
/// Owns the payload: closing the source closes it.
public final class PayloadSource implements Body {
    private static final int CHUNK_BYTES = 256 * 1024;

    private final Payload payload;
    private final List<FileSlice> slices;
    private int sliceIndex;
    private long sliceOffset;
    private @Nullable ByteBuffer chunk;
    private boolean memoryTaken;
    /// What did not fit into the last buffer that was filled, or null.
    private @Nullable ByteBuffer rest;

    public PayloadSource(Payload payload) {
        this.payload = payload;
        this.slices = payload instanceof Payload.Slices files ? files.slices() : List.of();
    }

    @Override
    public long length() {
        return payload instanceof Payload.Described ? 0 : payload.length();
    }

    @Override
    public @Nullable ByteBuffer next() {
        ByteBuffer kept = rest;
        rest = null;
        return kept != null ? kept : nextPiece();
    }

    private @Nullable ByteBuffer nextPiece() {
        return switch (payload) {
            case Payload.None none -> null;
            case Payload.Described described -> null;
            case Payload.Memory memory -> nextOfMemory(memory);
            case Payload.Slices files -> nextOfSlices();
            case Payload.Stream stream -> stream.source().next();
        };
    }

    /// Puts the next bytes into a buffer: as many as there is room for, or all that are left. False when
    /// there were none left. Files are read into the buffer; other bytes are copied. Throws as `next` does;
    /// what was put into the buffer then is of no use.
    public boolean fill(ByteBuffer target) {
        int from = target.position();
        boolean more = true;
        while (more && target.hasRemaining()) {
            more = payload instanceof Payload.Slices ? readInto(target) : copyInto(target);
        }
        return target.position() > from;
    }

    private boolean readInto(ByteBuffer target) {
        FileSlice slice = currentSlice();
        if (slice == null) {
            return false;
        }
        int limit = target.limit();
        target.limit(target.position() + (int) Math.min(target.remaining(), slice.length() - sliceOffset));
        int bytes = target.remaining();
        try {
            slice.read(sliceOffset, target);
        } finally {
            target.limit(limit);
        }
        sliceOffset += bytes;
        return true;
    }

    private boolean copyInto(ByteBuffer target) {
        ByteBuffer bytes = next();
        if (bytes == null) {
            return false;
        }
        BufferCopy.fit(bytes, target);
        rest = bytes.hasRemaining() ? bytes : null;
        return true;
    }

    /// Passes over that many bytes, or all that are left; files are not read for it.
    public void skip(long bytes) {
        long left = bytes;
        while (left > 0) {
            FileSlice slice = currentSlice();
            if (slice != null) {
                long passed = Math.min(left, slice.length() - sliceOffset);
                sliceOffset += passed;
                left -= passed;
            } else {
                ByteBuffer piece = next();
                if (piece == null) {
                    return;
                }
                int passed = (int) Math.min(left, piece.remaining());
                rest = passed == piece.remaining() ? null : piece.position(piece.position() + passed);
                left -= passed;
            }
        }
    }

    @Override
    public void close() {
        payload.close();
    }

    private @Nullable ByteBuffer nextOfMemory(Payload.Memory memory) {
        if (memoryTaken || !memory.bytes().hasRemaining()) {
            return null;
        }
        memoryTaken = true;
        return memory.bytes().duplicate();
    }

    private @Nullable ByteBuffer nextOfSlices() {
        FileSlice slice = currentSlice();
        if (slice == null) {
            return null;
        }
        if (chunk == null) {
            chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, Math.max(1, payload.length())));
        }
        chunk.clear().limit((int) Math.min(chunk.capacity(), slice.length() - sliceOffset));
        slice.read(sliceOffset, chunk);
        chunk.flip();
        sliceOffset += chunk.remaining();
        return chunk;
    }

    /// The slice that the next bytes are in; null when there are none, or they are in no file.
    private @Nullable FileSlice currentSlice() {
        while (sliceIndex < slices.size()
                && sliceOffset == slices.get(sliceIndex).length()) {
            sliceIndex++;
            sliceOffset = 0;
        }
        return sliceIndex == slices.size() ? null : slices.get(sliceIndex);
    }
}
