package io.forebay.protocol.http.netty.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Finds where a head ends in bytes that arrive piece by piece, looking at each byte once.
public final class HeadScanner {
    private final int maxHeadBytes;
    private final int maxTargetBytes;
    private int scanned;
    private int lines;
    private boolean blankSkipped;

    public HeadScanner(int maxHeadBytes, int maxTargetBytes) {
        this.maxHeadBytes = maxHeadBytes;
        this.maxTargetBytes = maxTargetBytes;
    }

    /// Passes over one empty line before a request, which is tolerated for clients that end a body with one (RFC
    /// 9112 2.2). False while more bytes are needed. Throws Refusal for a first byte that no head has.
    public boolean begin(ByteBuf in) {
        int start = in.readerIndex();
        if (!blankSkipped && in.getByte(start) == HeadBytes.CR) {
            if (in.readableBytes() < 2) {
                return false;
            }
            if (in.getByte(start + 1) != HeadBytes.LF) {
                throw Refusal.malformed("a bare CR before the request");
            }
            in.skipBytes(2);
            blankSkipped = true;
            if (!in.isReadable()) {
                return false;
            }
        }
        if (!HeadBytes.isToken(in.getByte(in.readerIndex()))) {
            throw Refusal.malformed("the request method is malformed");
        }
        return true;
    }

    /// The length of the head at the reader index, its empty line included, or -1 when it is not complete. Throws
    /// Refusal for a line that ends in a bare LF, an empty head, and a head over its limits.
    public int find(ByteBuf in) {
        int start = in.readerIndex();
        int from = start + scanned;
        for (int lf = in.indexOf(from, in.writerIndex(), HeadBytes.LF);
                lf >= 0;
                lf = in.indexOf(from, in.writerIndex(), HeadBytes.LF)) {
            if (lf - start >= maxHeadBytes) {
                throw tooLong();
            }
            if (lf == start || in.getByte(lf - 1) != HeadBytes.CR) {
                throw Refusal.malformed("a line of the head ends in a bare LF");
            }
            if (lf - start == 1) {
                throw Refusal.malformed("the head is empty");
            }
            lines++;
            if (in.getByte(lf - 2) == HeadBytes.LF) {
                return lf + 1 - start;
            }
            from = lf + 1;
        }
        scanned = in.readableBytes();
        if (scanned >= maxHeadBytes || (lines == 0 && scanned > maxTargetBytes + 32)) {
            throw tooLong();
        }
        return -1;
    }

    /// The header lines of the head that was found.
    public int headerLines() {
        return lines - 2;
    }

    /// Begins with the next head.
    public void reset() {
        scanned = 0;
        lines = 0;
        blankSkipped = false;
    }

    /// Both buffers' bytes in one, which takes them over.
    public static ByteBuf joined(ByteBufAllocator allocator, ByteBuf first, ByteBuf second) {
        ByteBuf joined = first;
        if (first.refCnt() > 1 || first.writableBytes() < second.readableBytes()) {
            int bytes = first.readableBytes() + second.readableBytes();
            joined = allocator.directBuffer(2 * bytes);
            joined.writeBytes(first);
            first.release();
        }
        joined.writeBytes(second);
        second.release();
        return joined;
    }

    private Refusal tooLong() {
        return lines == 0
                ? new Refusal(414, "the request target is longer than " + maxTargetBytes + " bytes")
                : new Refusal(431, "the head is longer than " + maxHeadBytes + " bytes");
    }
}
