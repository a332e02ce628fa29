package io.forebay.app;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// A log file that is moved aside when it has reached its size: two files at most, the older one named `….1`.
final class RotatingLog extends Handler {
    private final Path file;
    private final long maxBytes;
    private final Formatter lines;
    private @Nullable Writer writer;
    private long bytes;

    /// Opens the file to append to it. Throws INVALID_ARGUMENT when that cannot be.
    RotatingLog(Path file, long maxBytes, Formatter lines) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.lines = lines;
        try {
            this.writer = open();
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "cannot write the log " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void publish(LogRecord entry) {
        Writer open = writer;
        if (open == null || !isLoggable(entry)) {
            return;
        }
        try {
            String line = lines.format(entry);
            open.write(line);
            open.flush();
            bytes += line.length();
            if (bytes >= maxBytes) {
                rotate(open);
            }
        } catch (IOException e) {
            reportError("cannot write " + file, e, ErrorManager.WRITE_FAILURE);
        }
    }

    @Override
    public void flush() {
        // Every line is flushed as it is written.
    }

    @Override
    public synchronized void close() {
        Writer open = writer;
        writer = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            reportError("cannot close " + file, e, ErrorManager.CLOSE_FAILURE);
        }
    }

    private void rotate(Writer full) throws IOException {
        writer = null;
        full.close();
        Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        writer = open();
    }

    private Writer open() throws IOException {
        Writer opened = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        bytes = Files.size(file);
        return opened;
    }
}
