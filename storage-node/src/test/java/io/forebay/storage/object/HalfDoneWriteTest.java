package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import io.forebay.storage.volume.CapturedLog;
import io.forebay.storage.volume.FaultyDisk;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A write whose record is committed, and whose old copy cannot be removed from a disk that fails: it is
/// refused, and what it wrote is there as a whole.
final class HalfDoneWriteTest {
    private static final Bucket BUCKET = StoreFixture.bucket(3, Durability.GROUP);
    private static final byte[] OLD = bytes(1, 70_000);
    private static final byte[] NEW = bytes(2, 60_000);

    @TempDir
    private Path folder;

    private final Map<String, FaultyDisk> disks = new HashMap<>();
    private final CapturedLog log = new CapturedLog();
    private VolumesFixture node;

    @BeforeEach
    void putOnAVolumeThatTakesNoMoreThen() {
        node = new VolumesFixture(
                folder.resolve("volumes.properties"), List.of(path(1)), StoreOpening.Background.CALLER, this::place);
        node.open();
        node.put(BUCKET, "o", OLD);
        node.store().addVolume(path(2));
        node.store().changeVolume(path(1), VolumeChange.DRAIN);
    }

    @AfterEach
    void close() {
        disks.values().forEach(FaultyDisk::heal);
        node.close();
        log.close();
    }

    @Test
    void fileOfAnObjectStays() {
        fail();
        refused(() -> node.put(BUCKET, "o", NEW));
        assertNewObjectIsWhole();
    }

    @Test
    void filesOfACompletedUploadStay() {
        String upload = node.createUpload(BUCKET, "o", Upload.Kind.MULTIPART);
        node.putPart(BUCKET, "o", upload, 1, NEW);
        fail();
        refused(() -> node.complete(BUCKET, "o", upload));
        assertNewObjectIsWhole();
    }

    @Test
    void filesOfAnExtendedObjectAreOfOneWrite() {
        String upload = node.createUpload(BUCKET, "o", Upload.Kind.EXTEND);
        node.putPart(BUCKET, "o", upload, 1, NEW);
        fail();
        refused(() -> node.complete(BUCKET, "o", upload));
        byte[] found = Objects.requireNonNull(node.get(BUCKET, "o"));
        assertThat(found.length).isIn(OLD.length, OLD.length + NEW.length);
        disks.values().forEach(FaultyDisk::heal);
        node.restart();
        assertThat(node.get(BUCKET, "o")).isEqualTo(found);
    }

    @Test
    void attributesOfAnObjectThatWasReplacedAreOfTheNewOne() {
        fail();
        refused(() -> node.put(BUCKET, "o", NEW));
        disks.values().forEach(FaultyDisk::heal);
        node.restart();
        node.store().updateCustom(BUCKET, key(BUCKET, "o"), Map.of("a", "b"), MapChange.REPLACE);
        assertThat(node.get(BUCKET, "o")).isEqualTo(NEW);
        assertThat(node.store().settle()).isTrue();
        assertThat(node.record(BUCKET, "o").custom()).containsEntry("a", "b");
        assertThat(node.store().space().objectCount()).isOne();
    }

    private void assertNewObjectIsWhole() {
        assertThat(node.get(BUCKET, "o")).isEqualTo(NEW);
        disks.values().forEach(FaultyDisk::heal);
        node.restart();
        assertThat(node.get(BUCKET, "o")).isEqualTo(NEW);
        assertThat(node.store().settle()).isTrue();
        assertThat(node.get(BUCKET, "o")).isEqualTo(NEW);
        assertThat(node.store().space().objectCount()).isOne();
    }

    /// From now on the volume with the old copy cannot be written.
    private void fail() {
        Objects.requireNonNull(disks.get(path(1)))
                .fail("Input/output error", (operation, path) -> operation.equals("write") || operation.equals("sync"));
    }

    private VolumeStore.Place place(Path path) {
        VolumeStore.Place sound = VolumeStore.Place.of(path);
        FaultyDisk disk = new FaultyDisk(sound.disk());
        disks.put(path.toString(), disk);
        return new VolumeStore.Place(disk, sound.index());
    }

    private String path(int number) {
        return folder.resolve("v" + number).toAbsolutePath().toString();
    }

    private static void refused(ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VOLUME_FAILED));
    }
}
