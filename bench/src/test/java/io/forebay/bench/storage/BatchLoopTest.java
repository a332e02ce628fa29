package io.forebay.bench.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BatchLoopTest {
    private static final int OBJECT_BYTES = 4096;
    private static final Duration TIME = Duration.ofMillis(50);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(BatchLoop.Sync.class)
    void producersGetThroughAndEveryByteIsInTheFile(BatchLoop.Sync sync) throws IOException {
        Path file = folder.resolve("produced");
        assertThat(BatchLoop.produced(file, 8, OBJECT_BYTES, sync, TIME)).isPositive();
        assertThat(Files.size(file)).isPositive().matches(bytes -> bytes % OBJECT_BYTES == 0);
    }

    @ParameterizedTest
    @EnumSource(BatchLoop.Sync.class)
    void readyBatchesAreWrittenWhole(BatchLoop.Sync sync) throws IOException {
        Path file = folder.resolve("ready");
        assertThat(BatchLoop.ready(file, 5, OBJECT_BYTES, sync, TIME)).isPositive();
        assertThat(Files.size(file)).isPositive().matches(bytes -> bytes % (5 * OBJECT_BYTES) == 0);
    }
}
