package io.forebay.cluster.process;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// One open file of a log, as long as it was when it was opened. Whoever receives one closes it.
///
/// It stays readable under that name after it was moved aside or removed.
public record LogFile(String name, FileChannel channel, long length) implements AutoCloseable {
    /// Bytes from there on, as many as fit; -1 at the end. Throws VOLUME_FAILED.
    int read(ByteBuffer target, long from) {
        try {
            int most = (int) Math.min(target.remaining(), Math.max(0, length - from));
            return most == 0 ? -1 : channel.read(target.slice(target.position(), most), from);
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed("close", e);
        }
    }

    private StoreException failed(String what, IOException e) {
        return new StoreException(
                ErrorCode.VOLUME_FAILED, "cannot " + what + " the log " + name + ": " + e.getMessage(), e);
    }
}
