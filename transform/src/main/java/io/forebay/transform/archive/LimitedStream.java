package io.forebay.transform.archive;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// So many bytes of a stream, which must have them.
final class LimitedStream extends FilterInputStream {
    private long left;

    LimitedStream(InputStream stream, long length) {
        super(stream);
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        if (left == 0) {
            return -1;
        }
        int taken = super.read(target, offset, (int) Math.min(count, left));
        if (taken < 0) {
            throw new EOFException("it ends " + left + " bytes early");
        }
        left -= taken;
        return taken;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(Math.min(count, left));
        left -= skipped;
        return skipped;
    }
}
