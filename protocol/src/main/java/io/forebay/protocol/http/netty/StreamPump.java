package io.forebay.protocol.http.netty;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FillingSource;
import io.forebay.protocol.http.netty.codec.HeadBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Moves a source's bytes into a channel on a thread that may wait, no faster than the peer takes them.
///
/// The buffers of this engine's own sources are passed on as they are, and a source that fills buffers fills
/// this engine's; any other source's bytes are copied once, since they are borrowed and a channel sends
/// later. The source stays its owner's.
final class StreamPump {
    private static final ByteBuf CRLF = Unpooled.unreleasableBuffer(Unpooled.directBuffer(2)
            .writeByte(HeadBytes.CR)
            .writeByte(HeadBytes.LF)
            .asReadOnly());
    private static final ByteBuf LAST_CHUNK = Unpooled.unreleasableBuffer(Unpooled.directBuffer(5)
            .writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
            .asReadOnly());
    private static final int MAX_COPY_BYTES = 256 << 10;
    /// Each piece costs changes between threads: in batches of small objects 40 of them in 2.6 MiB by 256
    /// KiB.
    private static final int FILLED_BYTES = 512 << 10;
    /// What a chunk's size takes with its line end, at most.
    private static final int SIZE_BYTES = 10;

    private final Outlet outlet;
    private final ByteBufAllocator allocator;
    private final ByteSource source;
    private final boolean chunked;
    private @Nullable ByteBuffer rest;
    private long moved;

    StreamPump(Outlet outlet, ByteBufAllocator allocator, ByteSource source, boolean chunked) {
        this.allocator = allocator;
        this.outlet = outlet;
        this.source = source;
        this.chunked = chunked;
    }

    long moved() {
        return moved;
    }

    /// Moves everything, beginning with what `pull` gave, up to but without the end that `end` writes. False when
    /// the connection was lost, or nothing more is wanted. Throws what the source throws, and INTERNAL when its
    /// length was wrong.
    boolean move(@Nullable ByteBuf first, BooleanSupplier enough) {
        for (ByteBuf next = first; next != null; next = pull()) {
            if (!outlet.awaitRoom() || enough.getAsBoolean()) {
                next.release();
                return false;
            }
            outlet.writeAndFlush(next);
        }
        requireWhole();
        return true;
    }

    /// Throws INTERNAL when the source has ended before its length.
    void requireWhole() {
        if (source.length() >= 0 && moved != source.length()) {
            throw new StoreException(
                    ErrorCode.INTERNAL, "a source of " + source.length() + " bytes ended after " + moved);
        }
    }

    /// Writes what ends the payload. On the event loop, after everything was moved.
    void end() {
        if (chunked) {
            outlet.write(LAST_CHUNK.duplicate());
        }
    }

    /// The next bytes, framed, for the caller to release; null at the end.
    @Nullable
    ByteBuf pull() {
        return switch (source) {
            case BufferSource buffers -> pass(buffers);
            case FillingSource filling -> fill(filling);
            default -> copy();
        };
    }

    private @Nullable ByteBuf fill(FillingSource filling) {
        ByteBuf out = allocator.directBuffer(SIZE_BYTES + FILLED_BYTES + CRLF.readableBytes());
        try {
            ByteBuffer target = out.internalNioBuffer(SIZE_BYTES, FILLED_BYTES);
            int from = target.position();
            if (!filling.fill(target)) {
                out.release();
                return null;
            }
            int length = target.position() - from;
            count(length);
            return framed(out, length);
        } catch (RuntimeException e) {
            out.release();
            throw e;
        }
    }

    /// The buffer with its chunk's size right before the bytes that it has behind the room for it.
    private ByteBuf framed(ByteBuf out, int length) {
        if (!chunked) {
            return out.setIndex(SIZE_BYTES, SIZE_BYTES + length);
        }
        String size = Integer.toHexString(length);
        int start = SIZE_BYTES - size.length() - CRLF.readableBytes();
        writeSize(out.setIndex(start, start), length);
        return out.writerIndex(SIZE_BYTES + length).writeByte(HeadBytes.CR).writeByte(HeadBytes.LF);
    }

    private @Nullable ByteBuf pass(BufferSource buffers) {
        ByteBuf content = buffers.nextBuffer();
        if (content == null) {
            return null;
        }
        try {
            count(content.readableBytes());
        } catch (StoreException e) {
            content.release();
            throw e;
        }
        if (!chunked) {
            return content;
        }
        ByteBuf size = allocator.directBuffer(16);
        writeSize(size, content.readableBytes());
        return allocator.compositeDirectBuffer(3).addComponents(true, size, content, CRLF.duplicate());
    }

    private @Nullable ByteBuf copy() {
        ByteBuffer bytes = rest;
        if (bytes == null) {
            bytes = source.next();
            if (bytes == null) {
                return null;
            }
        }
        int length = Math.min(bytes.remaining(), MAX_COPY_BYTES);
        count(length);
        ByteBuf out = allocator.directBuffer(length + 20);
        if (chunked) {
            writeSize(out, length);
        }
        out.writeBytes(bytes.slice(bytes.position(), length));
        if (chunked) {
            out.writeByte(HeadBytes.CR).writeByte(HeadBytes.LF);
        }
        rest = bytes.remaining() > length ? bytes.slice(bytes.position() + length, bytes.remaining() - length) : null;
        return out;
    }

    private void count(int bytes) {
        moved += bytes;
        if (source.length() >= 0 && moved > source.length()) {
            throw new StoreException(
                    ErrorCode.INTERNAL, "a source of " + source.length() + " bytes gave more than that");
        }
    }

    private static void writeSize(ByteBuf out, int bytes) {
        ByteBufUtil.writeAscii(out, Integer.toHexString(bytes));
        out.writeByte(HeadBytes.CR).writeByte(HeadBytes.LF);
    }
}
