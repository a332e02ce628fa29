package io.forebay.protocol.http;

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
        return switch (payload) {
            case Payload.None none -> null;
            case Payload.Described described -> null;
            case Payload.Memory memory -> nextOfMemory(memory);
            case Payload.Slices files -> nextOfSlices();
            case Payload.Stream stream -> stream.source().next();
        };
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
        return memory.bytes();
    }

    private @Nullable ByteBuffer nextOfSlices() {
        while (sliceIndex < slices.size()
                && sliceOffset == slices.get(sliceIndex).length()) {
            sliceIndex++;
            sliceOffset = 0;
        }
        if (sliceIndex == slices.size()) {
            return null;
        }
        FileSlice slice = slices.get(sliceIndex);
        if (chunk == null) {
            chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, Math.max(1, payload.length())));
        }
        chunk.clear().limit((int) Math.min(chunk.capacity(), slice.length() - sliceOffset));
        slice.read(sliceOffset, chunk);
        chunk.flip();
        sliceOffset += chunk.remaining();
        return chunk;
    }
}
