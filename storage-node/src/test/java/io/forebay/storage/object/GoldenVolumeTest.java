package io.forebay.storage.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Volumes that earlier programs left are read by this one.
final class GoldenVolumeTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everythingIsThere(int format) throws IOException {
        GoldenVolume.unpack(format, folder);
        assertThatItHolds(GoldenVolume.description(format));
        // Again, now from what this program made of it.
        assertThatItHolds(GoldenVolume.description(format));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everythingIsThereFromTheDataFilesAlone(int format) throws IOException {
        GoldenVolume.unpack(format, folder);
        try (Stream<Path> files = Files.walk(folder.resolve(VolumeStore.INDEX_FOLDER))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertThatItHolds(GoldenVolume.description(format));
    }

    private void assertThatItHolds(String description) {
        try (StoreFixture fixture = new StoreFixture(GoldenVolume.config(), List.of(folder), InstantSource.system())) {
            assertThat(StoreDescription.of(fixture.store(), GoldenVolume.BUCKETS))
                    .isEqualTo(description);
        }
    }
}
