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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VolumeLifecycleTest {
    private static final Bucket BUCKET = StoreFixture.bucket(7, Durability.GROUP);
    private static final int OBJECTS = 60;

    @TempDir
    private Path folder;

    private final Map<String, byte[]> model = new TreeMap<>();
    private VolumesFixture node = new VolumesFixture(Path.of("unused"), List.of());

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void addedVolumeTakesItsShareAndNothingElseMoves() {
        start(2);
        fill();
        List<VolumeStatus> before = node.statuses();
        node.store().addVolume(path(3));
        check();
        assertThat(node.store().settle()).isTrue();
        check();
        VolumeStatus added = node.status(path(3));
        assertThat(added.objects()).isBetween(5L, 40L);
        assertThat(node.statuses().get(0).objects()).isLessThan(before.get(0).objects());
        assertThat(node.statuses().get(1).objects()).isLessThan(before.get(1).objects());
        assertThat(node.store().space().objectCount()).isEqualTo(OBJECTS);
        node.restart();
        assertThat(node.statuses()).hasSize(3);
        assertThat(node.isSettled()).isTrue();
        check();
    }

    @Test
    void movedObjectIsTheSameObject() {
        start(1);
        node.put(BUCKET, "o", bytes(1, 100_000));
        node.store().updateCustom(BUCKET, key(BUCKET, "o"), Map.of("a", "b"), MapChange.REPLACE);
        var before = node.record(BUCKET, "o");
        node.store().addVolume(path(2));
        node.store().changeVolume(path(1), VolumeChange.DRAIN);
        assertThat(node.store().settle()).isTrue();
        var after = node.record(BUCKET, "o");
        assertThat(after.attributes()).isEqualTo(before.attributes());
        assertThat(node.status(path(2)).objects()).isOne();
    }

    @Test
    void drainedVolumeIsEmptyAndCanBeRemoved() {
        start(3);
        fill();
        node.store().changeVolume(path(2), VolumeChange.DRAIN);
        refused(ErrorCode.IN_USE, "drain it and wait", () -> node.store().changeVolume(path(2), VolumeChange.REMOVE));
        overwrite("o1", 5);
        check();
        assertThat(node.store().settle()).isTrue();
        assertThat(node.status(path(2)).objects()).isZero();
        node.store().changeVolume(path(2), VolumeChange.REMOVE);
        assertThat(node.statuses()).hasSize(2);
        check();
        node.restart();
        assertThat(node.statuses()).hasSize(2);
        check();
    }

    @Test
    void objectsOfADisabledVolumeAreUnavailableAndNeverAbsent() {
        start(3);
        fill();
        node.store().changeVolume(path(2), VolumeChange.DISABLE);
        int unavailable = 0;
        for (Map.Entry<String, byte[]> entry : model.entrySet()) {
            try {
                assertThat(node.get(BUCKET, entry.getKey())).isEqualTo(entry.getValue());
            } catch (StoreException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.VOLUME_FAILED);
                assertThat(e.text()).contains("may be on volume").contains(path(2));
                unavailable++;
            }
        }
        assertThat(unavailable).isBetween(5, 40);
        refused(ErrorCode.VOLUME_FAILED, "may be on volume", () -> node.names(BUCKET));
        node.restart();
        assertThat(node.status(path(2)).state()).isEqualTo(VolumeStatus.State.DISABLED);
        refused(ErrorCode.VOLUME_FAILED, "may be on volume", () -> node.names(BUCKET));
        node.store().changeVolume(path(2), VolumeChange.ENABLE);
        check();
        assertThat(node.store().settle()).isTrue();
        check();
    }

    @Test
    void whatChangedWhileAVolumeWasOutStaysChangedWhenItIsBack() {
        start(3);
        fill();
        node.store().changeVolume(path(2), VolumeChange.DISABLE);
        for (int index = 0; index < OBJECTS; index++) {
            if (index % 3 == 0) {
                overwrite("o" + index, 1000 + index);
            } else if (index % 3 == 1) {
                assertThat(node.remove(BUCKET, "o" + index)).isTrue();
                model.remove("o" + index);
                assertThat(node.get(BUCKET, "o" + index)).isNull();
            }
        }
        node.restart();
        node.store().changeVolume(path(2), VolumeChange.ENABLE);
        check();
        node.restart();
        check();
        assertThat(node.store().settle()).isTrue();
        check();
        assertThat(node.store().space().objectCount()).isEqualTo(model.size());
    }

    @Test
    void conditionsAreNotGuessedForWhatNobodyCanSee() {
        start(3);
        fill();
        node.store().changeVolume(path(2), VolumeChange.DISABLE);
        for (String name : model.keySet()) {
            try {
                node.put(BUCKET, name, bytes(1, 10), WriteOptions.ofLength(10), Conditions.ABSENT);
                throw new AssertionError(name + " was there");
            } catch (StoreException e) {
                assertThat(e.code()).isIn(ErrorCode.VOLUME_FAILED, ErrorCode.PRECONDITION_FAILED);
            }
        }
    }

    @Test
    void volumeThatMissedChangesWaitsForTheOneThatKnowsOfThem() {
        start(3);
        fill();
        node.store().changeVolume(path(1), VolumeChange.DISABLE);
        model.keySet().removeIf(name -> node.remove(BUCKET, name));
        node.store().changeVolume(path(2), VolumeChange.DISABLE);
        refused(
                ErrorCode.IN_USE,
                "cannot come back before",
                () -> node.store().changeVolume(path(1), VolumeChange.ENABLE));
        node.store().changeVolume(path(2), VolumeChange.ENABLE);
        node.store().changeVolume(path(1), VolumeChange.ENABLE);
        check();
        assertThat(node.names(BUCKET)).isEmpty();
    }

    /// What one of them knows of the other must not go while both come back: whichever is first in the list.
    @ParameterizedTest
    @CsvSource({"2, 3", "3, 2"})
    void volumesThatWereMissingOneAfterTheOtherComeBackTogether(int first, int second) throws IOException {
        start(3);
        fill();
        // What is written without sight of these has a lower version.
        fill();
        miss(first);
        for (int index = 0; index < OBJECTS; index++) {
            overwrite("o" + index, 1000 + index);
        }
        miss(second);
        node.close();
        Files.move(away(first), Path.of(path(first)));
        Files.move(away(second), Path.of(path(second)));
        node.open();
        assertThat(node.statuses()).allMatch(status -> status.state() == VolumeStatus.State.ENABLED);
        check();
        assertThat(node.store().settle()).isTrue();
        check();
        assertThat(node.store().space().objectCount()).isEqualTo(model.size());
    }

    /// A stop, and a start without the volume.
    private void miss(int number) throws IOException {
        node.close();
        Files.move(Path.of(path(number)), away(number));
        node.open();
        assertThat(node.status(path(number)).state()).isEqualTo(VolumeStatus.State.FAILED);
    }

    private Path away(int number) {
        return folder.resolve("away" + number);
    }

    @Test
    void theLastVolumeThatServesStays() {
        start(2);
        node.store().changeVolume(path(1), VolumeChange.DISABLE);
        refused(ErrorCode.IN_USE, "the only volume", () -> node.store().changeVolume(path(2), VolumeChange.DISABLE));
        refused(ErrorCode.IN_USE, "the only volume", () -> node.store().changeVolume(path(2), VolumeChange.DRAIN));
        refused(
                ErrorCode.IN_USE,
                "the only volume",
                () -> node.store().changeVolume(path(2), VolumeChange.REMOVE_WITH_OBJECTS));
    }

    @Test
    void volumeRemovedWithItsObjectsLosesTheseAndNoOthers() {
        start(3);
        fill();
        node.store().changeVolume(path(3), VolumeChange.DISABLE);
        node.remove(BUCKET, "o1");
        model.remove("o1");
        node.store().changeVolume(path(3), VolumeChange.REMOVE_WITH_OBJECTS);
        List<String> names = node.names(BUCKET);
        assertThat(names.size()).isBetween(20, 55);
        model.keySet().retainAll(names);
        check();
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "was removed from this node",
                () -> node.store().addVolume(path(3)));
        node.restart();
        check();
    }

    @Test
    void completedUploadReplacesTheObjectOnAnotherVolume() {
        start(1);
        String upload = node.createUpload(BUCKET, "m", Upload.Kind.MULTIPART);
        node.putPart(BUCKET, "m", upload, 1, bytes(1, 50_000));
        node.store().addVolume(path(2));
        node.store().changeVolume(path(1), VolumeChange.DRAIN);
        node.put(BUCKET, "m", bytes(9, 9));
        node.complete(BUCKET, "m", upload);
        model.put("m", bytes(1, 50_000));
        check();
        assertThat(node.record(BUCKET, "m").version()).isEqualTo(2);
        assertThat(node.store().space().objectCount()).isOne();
        assertThat(node.store().settle()).isTrue();
        check();
    }

    @Test
    void bucketDroppedWhileAVolumeWasOutIsDroppedThereToo() {
        start(2);
        fill();
        node.store().changeVolume(path(2), VolumeChange.DISABLE);
        node.store().dropBucket(BUCKET.id());
        node.store().whenVolumeReturns(() -> node.store().dropBucket(BUCKET.id()));
        node.store().changeVolume(path(2), VolumeChange.ENABLE);
        assertThat(node.names(BUCKET)).isEmpty();
        assertThat(node.store().bucketIds()).isEmpty();
    }

    @Test
    void listedVolumeThatIsNotThereIsReportedAndTheOthersServe() throws IOException {
        start(3);
        fill();
        node.close();
        Files.move(Path.of(path(2)), folder.resolve("unmounted"));
        Files.createDirectories(Path.of(path(2)));
        node.open();
        VolumeStatus missing = node.status(path(2));
        assertThat(missing.state()).isEqualTo(VolumeStatus.State.FAILED);
        assertThat(missing.reason()).contains("is its disk mounted?");
        overwrite("o2", 77);
        node.close();
        Files.delete(Path.of(path(2)));
        Files.move(folder.resolve("unmounted"), Path.of(path(2)));
        node.open();
        check();
    }

    @Test
    void theOnlyVolumeMustBeThere() throws IOException {
        start(1);
        node.close();
        Files.move(Path.of(path(1)), folder.resolve("unmounted"));
        refused(ErrorCode.VOLUME_FAILED, "is the only one and cannot be used", () -> node.open());
    }

    @Test
    void foldersThatAreNoVolumesOfTheNodeAreRefusedWithWords() throws IOException {
        start(1);
        Files.createDirectories(Path.of(path(2)));
        Files.writeString(Path.of(path(2)).resolve("thesis.txt"), "x");
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "neither empty nor a volume",
                () -> node.store().addVolume(path(2)));
        refused(ErrorCode.ALREADY_EXISTS, "is there already", () -> node.store().addVolume(path(1)));
        foreign(3, "format=1", "format=99", "newer than this Forebay knows");
        foreign(4, "cluster=cluster-1", "cluster=other", "belongs to another cluster");
        foreign(5, "node=node1", "node=node2", "belongs to another node");
        try (VolumesFixture other = new VolumesFixture(folder.resolve("other.properties"), List.of(path(6)))) {
            other.open();
            refused(
                    ErrorCode.IN_USE,
                    "in use by another process",
                    () -> node.store().addVolume(path(6)));
        }
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "has no volume",
                () -> node.store().changeVolume("nothing", VolumeChange.DRAIN));
    }

    private void foreign(int number, String from, String to, String words) throws IOException {
        try (VolumesFixture other = new VolumesFixture(folder.resolve(number + ".properties"), List.of(path(number)))) {
            other.open();
        }
        Path identity = Path.of(path(number)).resolve("volume.properties");
        String text = Files.readString(identity).replaceAll("format=\\d+", "format=1");
        Files.writeString(identity, text.replace(from, to));
        refused(ErrorCode.INVALID_ARGUMENT, words, () -> node.store().addVolume(path(number)));
    }

    private void start(int volumes) {
        List<String> paths = new ArrayList<>();
        for (int number = 1; number <= volumes; number++) {
            paths.add(path(number));
        }
        node = new VolumesFixture(folder.resolve("volumes.properties"), paths);
        node.open();
    }

    private String path(int number) {
        return folder.resolve("v" + number).toAbsolutePath().toString();
    }

    private void fill() {
        for (int index = 0; index < OBJECTS; index++) {
            overwrite("o" + index, index);
        }
    }

    private void overwrite(String name, int seed) {
        byte[] content = bytes(seed, seed % 5 == 0 ? 40_000 + seed : 100 + seed);
        node.put(BUCKET, name, content);
        model.put(name, content);
    }

    private void check() {
        assertThat(node.names(BUCKET)).containsExactlyElementsOf(model.keySet());
        model.forEach(
                (name, content) -> assertThat(node.get(BUCKET, name)).as(name).isEqualTo(content));
    }

    private static void refused(ErrorCode code, String words, ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(StoreException.class, failure -> {
            assertThat(failure.text()).contains(words);
            assertThat(failure.code()).isEqualTo(code);
        });
    }
}
