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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a volume that goes for good knows of others stays known, and what it does not know hurts nobody.
final class VolumeRemovalTest {
    private static final Bucket BUCKET = StoreFixture.bucket(7, Durability.GROUP);
    private static final int OBJECTS = 60;
    private static final byte[] OLD = bytes(1, 300);
    private static final byte[] NEW = bytes(2, 400);

    @TempDir
    private Path folder;

    private VolumesFixture node = new VolumesFixture(Path.of("unused"), List.of());

    @BeforeEach
    void startWithThreeVolumes() {
        node = new VolumesFixture(folder.resolve("volumes.properties"), List.of(path(1), path(2), path(3)));
        node.open();
        names().forEach(name -> node.put(BUCKET, name, OLD));
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void whatAVolumeKnewOfAnotherIsKnownWhenItIsRemovedInService() {
        change(1, VolumeChange.DISABLE);
        removeAndOverwrite();
        change(2, VolumeChange.REMOVE_WITH_OBJECTS);
        node.restart();
        change(1, VolumeChange.ENABLE);
        assertNothingOldIsBack();
    }

    @Test
    void whatAVolumeKnewOfAnotherIsKnownWhenItIsRemovedOutOfService() {
        change(1, VolumeChange.DISABLE);
        removeAndOverwrite();
        change(2, VolumeChange.DISABLE);
        refused(ErrorCode.IN_USE, "cannot come back before", () -> change(1, VolumeChange.ENABLE));
        change(2, VolumeChange.REMOVE_WITH_OBJECTS);
        change(1, VolumeChange.ENABLE);
        assertNothingOldIsBack();
    }

    @Test
    void volumeThatAloneKnowsOfChangesAndCannotBeReadIsRemovedOnlyWhenThatIsAccepted() throws IOException {
        change(1, VolumeChange.DISABLE);
        names().forEach(name -> node.remove(BUCKET, name));
        change(2, VolumeChange.DISABLE);
        Files.move(Path.of(path(2)), folder.resolve("dead"));
        String first = node.status(path(1)).id();
        refused(ErrorCode.IN_USE, "--forget-changes", () -> change(2, VolumeChange.REMOVE_WITH_OBJECTS));
        refused(ErrorCode.IN_USE, first, () -> change(2, VolumeChange.REMOVE_WITH_OBJECTS));
        assertThat(node.statuses()).hasSize(3);
        try (CapturedLog log = new CapturedLog()) {
            change(2, VolumeChange.REMOVE_WITH_NOTES);
            assertThat(log.lines()).anyMatch(line -> line.startsWith("WARNING") && line.contains(first));
        }
        change(1, VolumeChange.ENABLE);
        assertThat(node.names(BUCKET)).isNotEmpty().hasSizeLessThan(OBJECTS / 2);
    }

    @Test
    void volumeWhoseDiskIsGoneIsRemovedWhenItKnowsNothingOfOthers() throws IOException {
        change(2, VolumeChange.DISABLE);
        names().forEach(name -> node.remove(BUCKET, name));
        change(1, VolumeChange.DISABLE);
        Files.move(Path.of(path(2)), folder.resolve("dead"));
        change(2, VolumeChange.REMOVE_WITH_OBJECTS);
        change(1, VolumeChange.ENABLE);
        assertThat(node.names(BUCKET)).isEmpty();
    }

    @Test
    void oldNotesDoNotHitAVolumeThatWasEmptiedAndAddedAgain() throws IOException {
        change(1, VolumeChange.DISABLE);
        names().forEach(name -> node.remove(BUCKET, name));
        String id = node.status(path(1)).id();
        change(3, VolumeChange.DISABLE);
        change(1, VolumeChange.REMOVE_WITH_OBJECTS);
        empty(path(1));
        assertThat(node.store().addVolume(path(1))).isEqualTo(id);
        names().forEach(name -> node.put(BUCKET, name, NEW));
        change(3, VolumeChange.ENABLE);
        change(1, VolumeChange.DISABLE);
        change(1, VolumeChange.ENABLE);
        assertThat(node.names(BUCKET)).containsExactlyElementsOf(new TreeSet<>(names()));
        names().forEach(name -> assertThat(node.get(BUCKET, name)).isEqualTo(NEW));
    }

    @Test
    void writeThatWasUnderWayIsNotAcknowledgedOnAVolumeThatIsGone() {
        change(1, VolumeChange.DRAIN);
        change(2, VolumeChange.DRAIN);
        try (WriteSession session = node.store().begin(BUCKET, key(BUCKET, "late"), WriteOptions.ofLength(400))) {
            StoreFixture.writeInPieces(session, NEW);
            change(1, VolumeChange.ENABLE);
            change(3, VolumeChange.DRAIN);
            assertThat(node.store().settle()).isTrue();
            change(3, VolumeChange.REMOVE);
            refused(ErrorCode.VOLUME_FAILED, "went out of service", () -> session.commit(Conditions.NONE));
        }
        assertThat(node.names(BUCKET)).hasSize(OBJECTS);
    }

    @Test
    void theOnlyVolumeThatTakesWritesStaysWhileAnotherIsDrained() {
        change(1, VolumeChange.DRAIN);
        change(2, VolumeChange.DRAIN);
        refused(ErrorCode.IN_USE, "the only volume of this node that takes", () -> change(3, VolumeChange.DISABLE));
        node.put(BUCKET, "more", NEW);
        change(1, VolumeChange.DISABLE);
        node.put(BUCKET, "more", OLD);
    }

    private void removeAndOverwrite() {
        for (String name : names()) {
            if (name.hashCode() % 2 == 0) {
                node.remove(BUCKET, name);
            } else {
                node.put(BUCKET, name, NEW);
            }
        }
    }

    /// What was overwritten is lost with the volume or there, and what was removed is gone.
    private void assertNothingOldIsBack() {
        List<String> left = node.names(BUCKET);
        assertThat(left)
                .isNotEmpty()
                .hasSizeLessThan(OBJECTS / 2)
                .allMatch(name -> name.hashCode() % 2 != 0, "was not removed");
        left.forEach(name -> assertThat(node.get(BUCKET, name)).as(name).isEqualTo(NEW));
    }

    /// What an operator leaves of a volume whose objects are not wanted: its identity.
    private static void empty(String path) throws IOException {
        byte[] identity = Files.readAllBytes(Path.of(path).resolve("volume.properties"));
        LiveTree.delete(Path.of(path));
        Files.createDirectories(Path.of(path));
        Files.write(Path.of(path).resolve("volume.properties"), identity);
    }

    private void change(int number, VolumeChange change) {
        node.store().changeVolume(path(number), change);
    }

    private String path(int number) {
        return folder.resolve("v" + number).toAbsolutePath().toString();
    }

    private static List<String> names() {
        return IntStream.range(0, OBJECTS).mapToObj(number -> "o" + number).toList();
    }

    private static void refused(ErrorCode code, String words, ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(StoreException.class, failure -> {
            assertThat(failure.text()).contains(words);
            assertThat(failure.code()).isEqualTo(code);
        });
    }
}
