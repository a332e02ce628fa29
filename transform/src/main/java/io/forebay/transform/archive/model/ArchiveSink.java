package io.forebay.transform.archive.model;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Where an archive goes that is being made.
@FunctionalInterface
public interface ArchiveSink {
    /// Takes all bytes that remain in the buffer, which is the caller's again when this returns.
    void write(ByteBuffer bytes);

    /// A channel, which stays the caller's. What it throws becomes VOLUME_FAILED.
    static ArchiveSink of(WritableByteChannel channel) {
        return bytes -> {
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                throw new StoreException(ErrorCode.VOLUME_FAILED, "an archive cannot be written", e);
            }
        };
    }
}
