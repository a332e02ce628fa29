package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.process.LogFile;
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
    void olderFilesAreKeptWhileAllTogetherAreSmallEnough() throws IOException {
        Path file = folder.resolve("forebay.log");
        try (Closing log = new Closing(new RotatingLog(file, 1000, 5000, new LogLine()))) {
            fill(log, 300);
            assertThat(names()).containsExactly("forebay.log", "forebay.log.1", "forebay.log.2", "forebay.log.3");
            assertThat(Files.readString(folder.resolve("forebay.log.1"))).contains("message 28");
            log.handler.limit(1000, 1000);
            fill(log, 30);
            assertThat(names()).containsExactly("forebay.log");
        }
    }

    @Test
    void aLogIsMovedAsideWhenThatIsOrderedUnlessItIsEmpty() throws IOException {
        Path file = folder.resolve("forebay.log");
        try (Closing log = new Closing(new RotatingLog(file, 1000, 5000, new LogLine()))) {
            log.handler.rotate();
            assertThat(names()).containsExactly("forebay.log");
            fill(log, 1);
            log.handler.rotate();
            log.handler.rotate();
            assertThat(names()).containsExactly("forebay.log", "forebay.log.1");
            assertThat(file).isEmptyFile();
            List<LogFile> files = log.handler.open();
            assertThat(files).extracting(LogFile::name).containsExactly("forebay.log", "forebay.log.1");
            assertThat(files.get(1).length()).isPositive();
            files.forEach(LogFile::close);
        }
    }

    @Test
    void thereAreNeverMoreThanAHundredFiles() throws IOException {
        Path file = folder.resolve("forebay.log");
        try (Closing log = new Closing(new RotatingLog(file, 1000, 1 << 30, new LogLine()))) {
            for (int index = 0; index < 120; index++) {
                fill(log, 1);
                log.handler.rotate();
            }
        }
        assertThat(names()).hasSize(100).doesNotContain("forebay.log.100");
    }

    @Test
    void stackTraceFollowsItsLine() {
        LogRecord entry = entry("failed");
        entry.setThrown(new IllegalStateException("why"));
        assertThat(new LogLine().format(entry).lines().toList().get(1)).contains("IllegalStateException: why");
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static void fill(Closing log, int count) {
        for (int index = 0; index < count; index++) {
            log.handler.publish(entry("message " + index));
        }
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
