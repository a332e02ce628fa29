package io.forebay.app;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The process's own log as clients may ask for it: the end of the current file.
final class LogText {
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;

    LogText(Path file) {
        this.file = file;
    }

    /// The log from that byte offset on, or its last bytes where that is too much; empty when there is none.
    byte[] read(long offset) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long from = Math.max(Math.max(0, offset), size - MAX_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, size - from));
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                // A file that was moved aside meanwhile ends early.
            }
            bytes.flip();
            byte[] text = new byte[bytes.remaining()];
            bytes.get(text);
            return text;
        } catch (NoSuchFileException e) {
            return new byte[0];
        } catch (IOException e) {
            throw new StoreException(ErrorCode.VOLUME_FAILED, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /// The newest lines.
    String newest() {
        return new String(read(0), StandardCharsets.UTF_8);
    }
}
