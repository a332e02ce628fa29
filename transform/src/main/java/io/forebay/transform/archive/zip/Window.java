package io.forebay.transform.archive.zip;

import io.forebay.transform.archive.model.Refusal;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The part of an archive that was read last, so that neighbouring records cost one read.
final class Window {
    private static final int READ_BYTES = 64 << 10;

    private final SeekableBytes archive;
    private ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long from;
    private long to;

    Window(SeekableBytes archive) {
        this.archive = archive;
    }

    /// Bytes of the archive, from that offset on and at least so many, borrowed until the next call. Throws
    /// INVALID_ARGUMENT when the archive does not have them.
    ByteBuffer at(long offset, int count) {
        if (offset < 0 || offset > archive.length() - count) {
            throw Refusal.truncated("inside its records, at " + archive.length());
        }
        if (offset < from || offset + count > to) {
            int wanted = (int) Math.min(Math.max(READ_BYTES, count), archive.length() - offset);
            if (bytes.capacity() < wanted) {
                bytes = ByteBuffer.allocate(wanted).order(ByteOrder.LITTLE_ENDIAN);
            }
            archive.read(offset, bytes.clear().limit(wanted));
            from = offset;
            to = offset + wanted;
        }
        return bytes.limit((int) (to - from)).position((int) (offset - from));
    }
}
