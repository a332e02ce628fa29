package io.forebay.protocol.http.netty.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Where one body ends in the bytes of its connection, by length, by chunks or by the end of the connection.
public final class BodyFraming {
    private final @Nullable ChunkDecoder chunks;
    private final boolean untilClose;
    private long remaining;
    private int next;

    private BodyFraming(@Nullable ChunkDecoder chunks, boolean untilClose, long remaining) {
        this.chunks = chunks;
        this.untilClose = untilClose;
        this.remaining = remaining;
    }

    public static BodyFraming ofLength(long length) {
        return new BodyFraming(null, false, length);
    }

    public static BodyFraming ofChunks() {
        return new BodyFraming(new ChunkDecoder(), false, -1);
    }

    /// What a response without length or chunks has.
    public static BodyFraming ofConnection() {
        return new BodyFraming(null, true, -1);
    }

    public boolean untilClose() {
        return untilClose;
    }

    /// Whether the last byte of the body was seen.
    public boolean ended() {
        return chunks != null ? chunks.ended() : remaining == 0;
    }

    /// The bytes to come, or -1 when that is not known.
    public long remaining() {
        return chunks != null || untilClose ? -1 : remaining;
    }

    /// Gives the end of the content that now begins at the buffer's reader index; `next` is where what follows the
    /// body begins. Throws Refusal for malformed chunks.
    public int decode(ByteBuf in) {
        if (chunks != null) {
            int end = chunks.decode(in);
            next = chunks.next();
            return end;
        }
        int count = untilClose ? in.readableBytes() : (int) Math.min(remaining, in.readableBytes());
        if (!untilClose) {
            remaining -= count;
        }
        next = in.readerIndex() + count;
        return next;
    }

    public int next() {
        return next;
    }
}
