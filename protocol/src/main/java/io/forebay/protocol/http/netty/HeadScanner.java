package io.forebay.protocol.http.netty;

import io.netty.buffer.ByteBuf;

/// Finds where a head ends in bytes that arrive piece by piece, looking at each byte once.
final class HeadScanner {
    private final int maxHeadBytes;
    private final int maxTargetBytes;
    private int scanned;
    private int lines;

    HeadScanner(int maxHeadBytes, int maxTargetBytes) {
        this.maxHeadBytes = maxHeadBytes;
        this.maxTargetBytes = maxTargetBytes;
    }

    /// The length of the head at the reader index, its empty line included, or -1 when it is not complete. Throws
    /// Refusal for a line that ends in a bare LF, an empty head, and a head over its limits.
    int find(ByteBuf in) {
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
    int headerLines() {
        return lines - 2;
    }

    /// Begins with the next head.
    void reset() {
        scanned = 0;
        lines = 0;
    }

    private Refusal tooLong() {
        return lines == 0
                ? new Refusal(414, "the request target is longer than " + maxTargetBytes + " bytes")
                : new Refusal(431, "the head is longer than " + maxHeadBytes + " bytes");
    }
}
