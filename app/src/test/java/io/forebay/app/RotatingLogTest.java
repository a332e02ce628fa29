package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RotatingLogTest {
    @TempDir
    private Path folder;

    @Test
    void twoFilesAreKeptAtMost() throws IOException {
        Path file = folder.resolve("forebay.log");
        try (Closing log = new Closing(new RotatingLog(file, 1000, 2200, new LogLine()))) {
            for (int index = 0; index < 200; index++) {
                log.handler.publish(entry("message " + index));
            }
        }
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
        assertThat(Files.size(file)).isLessThan(1200);
        List<String> lines = Files.readAllLines(folder.resolve("forebay.log.1"));
        assertThat(lines).allMatch(line -> line.matches("\\d{4}-.* WARNING Volume: message \\d+"));
    }

    @Test
    void stackTraceFollowsItsLine() {
        LogRecord entry = entry("failed");
        entry.setThrown(new IllegalStateException("why"));
        assertThat(new LogLine().format(entry).lines().toList().get(1)).contains("IllegalStateException: why");
    }

    private static LogRecord entry(String message) {
        LogRecord entry = new LogRecord(Level.WARNING, message);
        entry.setLoggerName("io.forebay.storage.Volume");
        return entry;
    }

    private record Closing(RotatingLog handler) implements AutoCloseable {
        @Override
        public void close() {
            handler.close();
        }
    }
}
