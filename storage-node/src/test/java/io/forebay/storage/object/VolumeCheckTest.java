package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumeCheckTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);
    private static final byte[] SMALL = bytes(1, 3000);
    private static final byte[] LARGE = bytes(2, 50_000);

    @TempDir
    private Path folder;

    private VolumeFiles files;

    @BeforeEach
    void fill() {
        files = new VolumeFiles(folder);
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            for (int id = 0; id < 200; id++) {
                fixture.put(BUCKET, "filler-" + id, bytes(100 + id, 10_000));
            }
            fixture.put(BUCKET, "small", SMALL);
            fixture.put(BUCKET, "neighbour", bytes(3, 3000));
            fixture.put(BUCKET, "large", LARGE);
            fixture.put(BUCKET, "large-removed", bytes(4, 50_000));
            fixture.store().remove(BUCKET, key(BUCKET, "large-removed"), Conditions.NONE);
            fixture.store().updateCustom(BUCKET, key(BUCKET, "neighbour"), Map.of("a", "b"), MapChange.REPLACE);
            String id = fixture.store()
                    .createUpload(
                            BUCKET,
                            key(BUCKET, "upload"),
                            new Upload.Options(Upload.Kind.MULTIPART, "", Map.of(), Map.of()));
            fixture.putPart(BUCKET, "upload", id, 1, bytes(5, 60_000));
            fixture.putPart(BUCKET, "upload", id, 2, bytes(6, 600));
        }
    }

    @Test
    void aSoundVolumeIsClean() {
        CheckReport report = check();
        assertThat(damages(report)).isEmpty();
        assertThat(report.damages()).isZero();
        assertThat(report.objects()).isEqualTo(203);
        assertThat(report.uploads()).isEqualTo(1);
        assertThat(report.parts()).isEqualTo(2);
        assertThat(report.verifiedBytes()).isEqualTo(200 * 10_000 + 3000 + 3000 + 50_000 + 60_000 + 600);
    }

    @Test
    void aVolumeThatWasCutOffIsCheckedAsItsNextStartWillMakeIt() throws IOException {
        GoldenVolume.unpack(1, folder.resolve("golden"));
        CheckReport report = VolumeCheck.check(folder.resolve("golden"), GoldenVolume.config(), WorkProgress.NONE);
        assertThat(report.damages()).as("%s", report.findings()).isZero();
        String description = GoldenVolume.description(1);
        assertThat(report.objects())
                .isEqualTo(description
                        .lines()
                        .filter(line -> line.startsWith("object"))
                        .count());
        assertThat(report.parts())
                .isEqualTo(description
                        .lines()
                        .filter(line -> line.startsWith("  part"))
                        .count());
    }

    @Test
    void aFlippedByteOfASmallObjectIsFoundWithItsObject() {
        Path segment = segmentWith(SMALL);
        VolumeFiles.flip(segment, VolumeFiles.find(segment, SMALL) + 100);
        CheckReport report = check();
        assertThat(report.findings()).extracting(VolumeFinding::object).contains("object small of bucket 1");
        assertThat(damages(report))
                .extracting(VolumeFinding::kind)
                .containsExactlyInAnyOrder(VolumeFinding.Kind.LOG, VolumeFinding.Kind.OBJECT);
        assertThat(report.objects()).isEqualTo(203);
    }

    @Test
    void aFlippedByteOfALargeObjectOrPartIsFoundWithItsObject() {
        for (Path file : files.large()) {
            VolumeFiles.flip(file, 40_000);
        }
        CheckReport report = check();
        assertThat(damages(report))
                .extracting(VolumeFinding::object)
                .containsExactlyInAnyOrder("object large of bucket 1", "part 1 of an upload of upload of bucket 1");
        assertThat(damages(report).getFirst().what()).contains("xxhash");
    }

    @Test
    void missingAndShortFilesAreFound() throws IOException {
        List<Path> large = files.large();
        Files.delete(large.getFirst());
        try (FileChannel channel = FileChannel.open(large.getLast(), StandardOpenOption.WRITE)) {
            channel.truncate(59_999);
        }
        CheckReport report = check();
        assertThat(damages(report))
                .extracting(VolumeFinding::what)
                .satisfiesExactlyInAnyOrder(
                        what -> assertThat(what).contains("missing"),
                        what -> assertThat(what).contains("too short"));
    }

    @Test
    void aMissingSegmentNamesEveryObjectInIt() throws IOException {
        Files.delete(files.segments().getFirst());
        CheckReport report = check();
        assertThat(report.damages()).isGreaterThan(50);
        assertThat(damages(report))
                .allSatisfy(finding ->
                        assertThat(Objects.requireNonNull(finding.object())).startsWith("object filler-"));
    }

    @Test
    void aFileWithoutAnOwnerIsALeftoverAndNoDamage() throws IOException {
        Path file = files.large().getFirst();
        Files.copy(file, file.resolveSibling("0000000000000fff"));
        CheckReport report = check();
        assertThat(report.damages()).isZero();
        assertThat(report.findings())
                .extracting(VolumeFinding::where)
                .anyMatch(where -> where.endsWith("0000000000000fff"));
    }

    @Test
    void aFlippedByteAnywhereInTheIndexIsFound() throws IOException {
        for (Path file : files.index()) {
            long middle = Files.size(file) / 3;
            VolumeFiles.flip(file, middle);
            CheckReport report = check();
            assertThat(report.findings())
                    .as(file.toString())
                    .anySatisfy(finding -> assertThat(finding.remedy()).contains("rebuild-index"));
            VolumeFiles.flip(file, middle);
        }
    }

    @Test
    void aServedForeignNewerOrMissingVolumeIsRefused() throws IOException {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            assertThat(fixture.names(BUCKET)).isNotEmpty();
            refuses(ErrorCode.IN_USE, this::check);
        }
        refuses(
                ErrorCode.INVALID_ARGUMENT,
                () -> VolumeCheck.check(folder.resolve("segments"), config(), WorkProgress.NONE));
        refuses(
                ErrorCode.INVALID_ARGUMENT,
                () -> VolumeCheck.check(folder.resolve("nothing"), config(), WorkProgress.NONE));
        Path identity = folder.resolve("volume.properties");
        Files.writeString(identity, Files.readString(identity).replaceAll("format=\\d", "format=9"));
        refuses(ErrorCode.INVALID_ARGUMENT, this::check);
    }

    private static List<VolumeFinding> damages(CheckReport report) {
        return report.findings().stream()
                .filter(finding -> finding.kind().isDamage())
                .toList();
    }

    private CheckReport check() {
        return VolumeCheck.check(folder, config(), WorkProgress.NONE);
    }

    private static StoreConfig config() {
        return StoreFixture.smallConfig(Map.of());
    }

    private static void refuses(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private Path segmentWith(byte[] content) {
        return files.segments().stream()
                .filter(file -> VolumeFiles.find(file, content) >= 0)
                .findFirst()
                .orElseThrow();
    }
}
