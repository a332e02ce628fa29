package io.forebay.app;

import io.forebay.cluster.process.LogFile;
import io.forebay.cluster.process.LogFolder;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// A log file that is moved aside when it has reached its size: older ones are named `….1`, the newest of
/// them, and so on, and removed when all together are too large, or too many.
final class RotatingLog extends Handler implements LogFolder {
    private static final int MOST_FILES = 100;

    private final Path file;
    private final Formatter lines;
    private long maxBytes;
    private long maxTotalBytes;
    private @Nullable Writer writer;
    private long bytes;

    /// Opens the file to append to it. Throws INVALID_ARGUMENT when that cannot be.
    RotatingLog(Path file, long maxBytes, long maxTotalBytes, Formatter lines) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.maxTotalBytes = maxTotalBytes;
        this.lines = lines;
        try {
            this.writer = reopen();
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "cannot write the log " + file + ": " + e.getMessage(), e);
        }
    }

    /// Other limits, which count from the next entry on.
    synchronized void limit(long newMaxBytes, long newMaxTotalBytes) {
        maxBytes = newMaxBytes;
        maxTotalBytes = newMaxTotalBytes;
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

    @Override
    public synchronized List<LogFile> open() {
        List<LogFile> opened = new ArrayList<>();
        try {
            opened.add(opened(file));
            for (int number = 1; Files.exists(older(number)); number++) {
                opened.add(opened(older(number)));
            }
            return opened;
        } catch (IOException e) {
            opened.forEach(LogFile::close);
            throw new StoreException(ErrorCode.VOLUME_FAILED, "cannot read the log " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void rotate() {
        Writer open = writer;
        if (open == null || bytes == 0) {
            return;
        }
        try {
            rotate(open);
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.VOLUME_FAILED, "cannot move the log " + file + " aside: " + e.getMessage(), e);
        }
    }

    private void rotate(Writer full) throws IOException {
        writer = null;
        full.close();
        int count = 0;
        while (Files.exists(older(count + 1))) {
            count++;
        }
        for (int number = count; number >= 1; number--) {
            Files.move(older(number), older(number + 1), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(file, older(1), StandardCopyOption.REPLACE_EXISTING);
        trim(count + 1);
        writer = reopen();
    }

    /// Removes the oldest files, so that there is room for a full current one.
    private void trim(int count) throws IOException {
        long left = maxTotalBytes - maxBytes;
        for (int number = 1; number <= count; number++) {
            left -= Files.size(older(number));
            if (left < 0 || number >= MOST_FILES) {
                Files.delete(older(number));
                left = -1;
            }
        }
    }

    private Path older(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private static LogFile opened(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new LogFile(String.valueOf(path.getFileName()), channel, channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private Writer reopen() throws IOException {
        Writer opened = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        bytes = Files.size(file);
        return opened;
    }
}
