package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IndexRebuildTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everythingIsThereAsItWas(int format) throws IOException {
        GoldenVolume.unpack(format, folder);
        for (Path file : new VolumeFiles(folder).index()) {
            VolumeFiles.flip(file, Files.size(file) / 3);
        }
        RebuildReport report = IndexRebuild.rebuild(folder, GoldenVolume.config(), WorkProgress.NONE);
        assertThat(report.findings()).isEmpty();
        CheckReport check = VolumeCheck.check(folder, GoldenVolume.config(), WorkProgress.NONE);
        assertThat(check.damages()).as("%s", check.findings()).isZero();
        assertThat(check.objects()).isEqualTo(report.objects());
        try (StoreFixture fixture = new StoreFixture(GoldenVolume.config(), List.of(folder), InstantSource.system())) {
            assertThat(StoreDescription.of(fixture.store(), GoldenVolume.BUCKETS))
                    .isEqualTo(GoldenVolume.description(format));
        }
    }

    @Test
    void damagedRecordsInTheMiddleHideNothingBehindThem() throws IOException {
        fill();
        VolumeFiles files = new VolumeFiles(folder);
        byte[] lost = bytes(55, 10_000);
        for (Path segment : files.segments()) {
            long at = VolumeFiles.find(segment, lost);
            if (at >= 0) {
                VolumeFiles.flip(segment, at + 7);
            }
        }
        VolumeFiles.removeFolder(folder.resolve("index"));
        assertThatThrownBy(() -> StoreFixture.in(folder)).hasMessageContaining("forebay volume rebuild-index");
        RebuildReport report = IndexRebuild.rebuild(folder, config(), WorkProgress.NONE);
        assertThat(report.findings()).hasSize(1);
        assertThat(report.findings().getFirst().where()).contains(".seg from ");
        assertThat(report.objects()).isEqualTo(299);
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            for (int id = 0; id < 300; id++) {
                assertThat(fixture.get(BUCKET, "key-" + id)).isEqualTo(id == 55 ? null : bytes(id, 10_000));
            }
            fixture.put(BUCKET, "key-55", lost);
            fixture.restart();
            assertThat(fixture.get(BUCKET, "key-55")).isEqualTo(lost);
        }
    }

    @Test
    void aDamagedSealOrHeaderOrAMissingLastSegmentIsPassed() throws IOException {
        fill();
        VolumeFiles files = new VolumeFiles(folder);
        List<Path> segments = files.segments();
        assertThat(segments).hasSizeGreaterThan(2);
        VolumeFiles.flip(segments.get(1), 9);
        VolumeFiles.flip(segments.getFirst(), sealOf(segments.getFirst()) + 49);
        Files.delete(segments.getLast());
        RebuildReport report = IndexRebuild.rebuild(folder, config(), WorkProgress.NONE);
        assertThat(report.findings()).hasSize(3);
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            assertThat(fixture.get(BUCKET, "key-0")).isEqualTo(bytes(0, 10_000));
            assertThat(fixture.names(BUCKET)).hasSizeBetween(180, 299);
            fixture.put(BUCKET, "new", bytes(1, 10));
            fixture.restart();
            assertThat(fixture.get(BUCKET, "new")).isEqualTo(bytes(1, 10));
        }
    }

    @Test
    void aSwapThatWasCutOffIsFinishedByTheNextStartOrHasNotBegun() throws IOException {
        fill();
        Path index = folder.resolve("index");
        // Cut off while the new index was made.
        Files.createDirectory(folder.resolve("index.new"));
        Files.writeString(folder.resolve("index.new/half"), "half");
        assertThatEverythingIsThere();
        // Cut off behind the commit, before and after the old one was moved away.
        Files.move(index, folder.resolve("index.rebuilt"));
        Files.createDirectory(index);
        Files.writeString(index.resolve("CURRENT"), "broken");
        assertThatEverythingIsThere();
        Files.move(index, folder.resolve("index.rebuilt"));
        Files.createDirectory(folder.resolve("index.old"));
        assertThatEverythingIsThere();
        IndexRebuild.rebuild(folder, config(), WorkProgress.NONE);
        assertThatEverythingIsThere();
        try (var names = Files.list(folder)) {
            assertThat(names.map(path -> String.valueOf(path.getFileName())))
                    .containsExactlyInAnyOrder("volume.properties", "volume.lock", "segments", "index");
        }
    }

    private void assertThatEverythingIsThere() {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            assertThat(fixture.names(BUCKET)).hasSize(300);
            assertThat(fixture.get(BUCKET, "key-299")).isEqualTo(bytes(299, 10_000));
        }
    }

    private void fill() {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            for (int id = 0; id < 300; id++) {
                fixture.put(BUCKET, "key-" + id, bytes(id, 10_000));
            }
        }
    }

    private static StoreConfig config() {
        return StoreFixture.smallConfig(Map.of());
    }

    /// Where the last record of a sealed segment begins.
    private static long sealOf(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        for (int at = bytes.length - 56; at > 0; at -= 1) {
            if (bytes[at] == 'F'
                    && bytes[at + 1] == 'B'
                    && bytes[at + 2] == 'L'
                    && bytes[at + 3] == 'R'
                    && bytes[at + 12] == 2) {
                return at;
            }
        }
        throw new AssertionError(segment + " has no seal");
    }
}
