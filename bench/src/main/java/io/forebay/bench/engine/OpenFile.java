package io.forebay.bench.engine;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A whole file that stays open, and is taken to be in the page cache.
record OpenFile(FileChannel channel, long length) implements FileSlice {
    @Override
    public long offset() {
        return 0;
    }

    @Override
    public boolean readNow(long from, ByteBuffer target) {
        read(from, target);
        return true;
    }

    @Override
    public void read(long from, ByteBuffer target) {
        long at = from;
        try {
            while (target.hasRemaining()) {
                int count = channel.read(target, at);
                if (count < 0) {
                    throw new StoreException(ErrorCode.CORRUPT, "a file has become shorter");
                }
                at += count;
            }
        } catch (IOException e) {
            throw new StoreException(ErrorCode.VOLUME_FAILED, "a file cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        // Shared by all replies.
    }
}
