package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.volume.CapturedLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Volumes whose own files are gone, cut off or other than they were: said in words, with nothing else affected.
final class DamagedVolumeTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);
    private static final int OBJECTS = 400;
    private static final int BYTES = 10_000;

    @TempDir
    private Path folder;

    private final Metrics metrics = new Metrics();

    @Test
    void aSegmentThatIsGoneTakesItsOwnObjectsAndNoOther() throws IOException {
        fill();
        Files.delete(new VolumeFiles(folder).segments().getFirst());
        assertOthersAreWhole();
    }

    @Test
    void aSegmentThatIsCutOffTakesItsOwnObjectsAndNoOther() throws IOException {
        fill();
        try (RandomAccessFile segment = new RandomAccessFile(
                new VolumeFiles(folder).segments().getFirst().toFile(), "rw")) {
            segment.setLength(segment.length() / 2);
        }
        assertOthersAreWhole();
    }

    @Test
    void aFolderWithoutItsIdentityIsNoVolume() throws IOException {
        fill();
        Files.delete(folder.resolve("volume.properties"));
        assertRefused(ErrorCode.INVALID_ARGUMENT, "neither empty nor a volume", "volume.properties");
    }

    @ParameterizedTest
    @CsvSource({
        "volume=.*, volume=?, CORRUPT, identity of volume, cannot be read",
        "node=.*, '', CORRUPT, identity of volume, has no node",
        "format=.*, format=99, INVALID_ARGUMENT, format 99, newer than this Forebay knows",
        "cluster=.*, cluster=foreign, INVALID_ARGUMENT, belongs to another cluster, foreign"
    })
    void aWrongIdentityIsNamed(String line, String instead, ErrorCode code, String first, String second)
            throws IOException {
        fill();
        Path file = folder.resolve("volume.properties");
        Files.writeString(file, Files.readString(file).replaceAll(line, instead));
        assertRefused(code, first, second);
    }

    /// The other volumes of the node serve, and what may be on the damaged one is not told to be absent.
    @Test
    void aNodeStartsWithoutADamagedVolume() throws IOException {
        Path list = folder.resolve("node.volumes");
        Path first = folder.resolve("v1");
        Path second = folder.resolve("v2");
        VolumeFolders folders = new VolumeFolders(list, List.of(first, second));
        try (ObjectStore node = open(folders)) {
            for (int index = 0; index < 40; index++) {
                put(node, "o" + index, bytes(index, BYTES));
            }
        }
        Files.writeString(first.resolve("volume.properties"), "format=2\nvolume=?\n");
        try (CapturedLog log = new CapturedLog();
                ObjectStore node = open(new VolumeFolders(list, List.of()))) {
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("SEVERE")
                            && line.contains(first.toString())
                            && line.contains("cannot be opened and does not serve"));
            assertThat(metrics.text())
                    .containsPattern("storage_volume_serving\\{.*} 0")
                    .containsPattern("storage_volume_serving\\{.*} 1");
            int served = 0;
            for (int index = 0; index < 40; index++) {
                try {
                    assertThat(get(node, "o" + index)).isEqualTo(bytes(index, BYTES));
                    served++;
                } catch (StoreException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.VOLUME_FAILED);
                }
            }
            assertThat(served).isBetween(5, 35);
            assertThat(node.volumeStatuses())
                    .extracting(VolumeStatus::state)
                    .contains(VolumeStatus.State.FAILED, VolumeStatus.State.ENABLED);
        }
    }

    private ObjectStore open(VolumeFolders folders) {
        return ObjectStore.open(
                StoreFixture.smallConfig(Map.of()), folders, StoreFixture.OWNER, InstantSource.system(), metrics);
    }

    private static void put(ObjectStore node, String name, byte[] content) {
        try (WriteSession session =
                node.begin(BUCKET, StoreFixture.key(BUCKET, name), WriteOptions.ofLength(content.length))) {
            StoreFixture.writeInPieces(session, content);
            session.commit(Conditions.NONE);
        }
    }

    private static byte[] get(ObjectStore node, String name) {
        ReadOutcome outcome =
                node.read(BUCKET, new ObjectKey(BUCKET.name(), name), Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        assertThat(outcome).as(name).isInstanceOf(ReadOutcome.Found.class);
        return StoreFixture.content(((ReadOutcome.Found) outcome).slices());
    }

    private void fill() {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            for (int index = 0; index < OBJECTS; index++) {
                fixture.put(BUCKET, "o" + index, bytes(index, BYTES));
            }
        }
    }

    private void assertOthersAreWhole() {
        try (CapturedLog log = new CapturedLog();
                StoreFixture fixture = StoreFixture.in(folder)) {
            int damaged = 0;
            for (int index = 0; index < OBJECTS; index++) {
                try {
                    assertThat(fixture.get(BUCKET, "o" + index)).isEqualTo(bytes(index, BYTES));
                } catch (StoreException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
                    damaged++;
                }
            }
            assertThat(damaged).isBetween(1, OBJECTS / 2);
            assertThat(fixture.metrics.text())
                    .containsPattern("storage_damage_found_total\\{.*} " + damaged)
                    .containsPattern("storage_damaged_objects\\{.*} " + damaged);
            fixture.put(BUCKET, "after", bytes(7, BYTES));
            assertThat(fixture.get(BUCKET, "after")).isEqualTo(bytes(7, BYTES));
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("SEVERE") && line.contains(" is damaged: "))
                    .hasSize(damaged);
        }
    }

    private void assertRefused(ErrorCode code, String... words) {
        assertThatThrownBy(() -> StoreFixture.in(folder).close())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(words)
                .hasMessageContaining(folder.toString());
    }
}
