package io.forebay.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SyncFloorTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(SyncFloor.class)
    void everyObjectIsWritten(SyncFloor floor) throws IOException {
        Sample sample = floor.run(folder, 4096, Duration.ofMillis(50));
        assertThat(sample.rate()).isPositive();
        try (var files = Files.list(folder)) {
            long bytes = files.mapToLong(file -> file.toFile().length()).sum();
            assertThat(bytes).isPositive();
            assertThat(bytes % 4096).isZero();
        }
    }
}
