package io.forebay.transform.archive;

import java.nio.ByteBuffer;

/// Bytes that can be read at any place, such as those of an archive or of an index.
public interface RandomBytes {
    long length();

    /// Fills the target with the bytes from that place on; there are as many.
    void read(long from, ByteBuffer target);

    /// Bytes in memory.
    static RandomBytes of(ByteBuffer bytes) {
        ByteBuffer all = bytes.slice();
        return new RandomBytes() {
            @Override
            public long length() {
                return all.capacity();
            }

            @Override
            public void read(long from, ByteBuffer target) {
                target.put(all.slice((int) from, target.remaining()));
            }
        };
    }
}
