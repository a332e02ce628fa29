package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.UploadRecord;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// An upload in progress changes its volume like an object does.
final class UploadMoveTest {
    private static final Bucket BUCKET = StoreFixture.bucket(7, Durability.GROUP);
    private static final int LARGE = 50_000;

    @TempDir
    private Path folder;

    private VolumesFixture node;

    @BeforeEach
    void open() {
        node = new VolumesFixture(folder.resolve("list"), List.of(path(1)));
        node.open();
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void drainedVolumeGivesItsUploadsAwayAndCanBeRemoved() {
        node.put(BUCKET, "e", bytes(3, 20_000));
        String multipart = node.createUpload(BUCKET, "m", Upload.Kind.MULTIPART);
        String appending = node.createUpload(BUCKET, "a", Upload.Kind.APPEND);
        String extending = node.createUpload(BUCKET, "e", Upload.Kind.EXTEND);
        String empty = node.createUpload(BUCKET, "empty", Upload.Kind.MULTIPART);
        node.putPart(BUCKET, "m", multipart, 1, bytes(1, LARGE));
        node.putPart(BUCKET, "m", multipart, 3, bytes(2, 10));
        node.putPart(BUCKET, "a", appending, 1, bytes(5, 100));
        node.putPart(BUCKET, "e", extending, 1, bytes(4, 7));
        List<String> before = describe();
        moveAway();
        assertThat(describe()).isEqualTo(before);
        node.store().changeVolume(path(1), VolumeChange.REMOVE);
        node.restart();
        assertThat(describe()).isEqualTo(before);
        node.putPart(BUCKET, "m", multipart, 4, bytes(6, 30));
        complete("m", multipart, bytes(1, LARGE), bytes(2, 10), bytes(6, 30));
        complete("a", appending, bytes(5, 100));
        complete("e", extending, bytes(3, 20_000), bytes(4, 7));
        node.store().abortUpload(BUCKET, key(BUCKET, "empty"), empty);
        assertThat(describe()).isEmpty();
        assertThat(node.metrics.text()).contains("storage_moved_uploads_total");
    }

    @Test
    void uploadMayGoAndComeBack() {
        String upload = node.createUpload(BUCKET, "m", Upload.Kind.MULTIPART);
        node.putPart(BUCKET, "m", upload, 1, bytes(1, LARGE));
        node.putPart(BUCKET, "m", upload, 2, bytes(2, 10));
        List<String> before = describe();
        moveAway();
        for (int round = 0; round < 3; round++) {
            drain(2, 1);
            drain(1, 2);
        }
        node.restart();
        assertThat(describe()).isEqualTo(before);
        complete("m", upload, bytes(1, LARGE), bytes(2, 10));
    }

    /// How far a move comes before the crash.
    enum Reached {
        BEGUN,
        COPIED,
        LEFT,
        ARRIVED
    }

    @ParameterizedTest
    @EnumSource
    void crashInTheMiddleLeavesOneUpload(Reached reached) {
        for (boolean settles : List.of(false, true)) {
            String name = "m" + settles;
            String upload = node.createUpload(BUCKET, name, Upload.Kind.MULTIPART);
            node.putPart(BUCKET, name, upload, 1, bytes(1, LARGE));
            node.putPart(BUCKET, name, upload, 2, bytes(2, 10));
        }
        List<String> before = describe();
        node.store().addVolume(path(2));
        node.store().changeVolume(path(1), VolumeChange.DRAIN);
        for (Upload upload : node.store().listUploads(BUCKET.id(), "", "", 10)) {
            moveUntil(reached, upload);
        }
        assertThat(describe()).isEqualTo(before);
        node.restart();
        assertThat(describe()).isEqualTo(before);
        finish("mfalse");
        assertThat(node.store().settle()).isTrue();
        assertThat(describe()).hasSize(1);
        assertThat(BucketRemoval.hasEntries(volume(1))).isFalse();
        finish("mtrue");
        node.store().changeVolume(path(1), VolumeChange.REMOVE);
        assertThat(describe()).isEmpty();
        assertThat(node.get(BUCKET, "mfalse")).isEqualTo(node.get(BUCKET, "mtrue"));
        assertThat(BucketRemoval.hasEntries(volume(2))).isFalse();
    }

    @Test
    void copyLeftOnAVolumeThatWasOutNeverCountsAgain() {
        String upload = node.createUpload(BUCKET, "m", Upload.Kind.MULTIPART);
        node.putPart(BUCKET, "m", upload, 1, bytes(1, LARGE));
        node.store().addVolume(path(2));
        node.store().changeVolume(path(1), VolumeChange.DRAIN);
        moveUntil(
                Reached.COPIED, node.store().listUploads(BUCKET.id(), "", "", 1).getFirst());
        node.store().changeVolume(path(1), VolumeChange.ENABLE);
        node.store().changeVolume(path(2), VolumeChange.DISABLE);
        complete("m", upload, bytes(1, LARGE));
        node.store().changeVolume(path(2), VolumeChange.ENABLE);
        assertThat(describe()).isEmpty();
        refused(ErrorCode.NO_SUCH_UPLOAD, upload);
        assertThat(node.store().settle()).isTrue();
        assertThat(BucketRemoval.hasEntries(volume(2))).isFalse();
    }

    @Test
    void sourceThatWasOutDoesNotBringBackAnUploadThatHasEnded() {
        String upload = node.createUpload(BUCKET, "m", Upload.Kind.MULTIPART);
        node.putPart(BUCKET, "m", upload, 1, bytes(1, LARGE));
        node.store().addVolume(path(2));
        node.store().changeVolume(path(1), VolumeChange.DRAIN);
        moveUntil(
                Reached.ARRIVED,
                node.store().listUploads(BUCKET.id(), "", "", 1).getFirst());
        node.store().changeVolume(path(1), VolumeChange.DISABLE);
        complete("m", upload, bytes(1, LARGE));
        node.store().changeVolume(path(1), VolumeChange.DRAIN);
        assertThat(describe()).isEmpty();
        assertThat(node.store().settle()).isTrue();
        node.store().changeVolume(path(1), VolumeChange.REMOVE);
    }

    @Test
    void uploadOnItsWayToAVolumeThatWentOutIsUnavailableUntilItIsBack() {
        String upload = node.createUpload(BUCKET, "m", Upload.Kind.MULTIPART);
        node.putPart(BUCKET, "m", upload, 1, bytes(1, LARGE));
        node.store().addVolume(path(2));
        node.store().addVolume(path(3));
        Upload found = node.store().listUploads(BUCKET.id(), "", "", 1).getFirst();
        node.store().changeVolume(path(1), VolumeChange.DRAIN);
        String target = moveUntil(Reached.LEFT, found).folder();
        node.store().changeVolume(target, VolumeChange.DISABLE);
        refused(ErrorCode.VOLUME_FAILED, upload);
        node.store().settle();
        node.store().changeVolume(target, VolumeChange.ENABLE);
        complete("m", upload, bytes(1, LARGE));
    }

    @ParameterizedTest
    @CsvSource({"10", "50000", "0"})
    void partBegunBeforeTheMoveIsCommittedBehindIt(int size) {
        String upload = node.createUpload(BUCKET, "m", Upload.Kind.MULTIPART);
        node.putPart(BUCKET, "m", upload, 1, bytes(1, 100));
        try (WriteSession session =
                node.store().beginPart(BUCKET, key(BUCKET, "m"), upload, 2, WriteOptions.ofLength(size))) {
            StoreFixture.writeInPieces(session, bytes(2, size));
            moveAway();
            session.commit(Conditions.NONE);
        }
        assertThat(BucketRemoval.hasEntries(volume(1))).isFalse();
        node.store().changeVolume(path(1), VolumeChange.REMOVE);
        node.restart();
        complete("m", upload, bytes(1, 100), bytes(2, size));
    }

    @Test
    void partListedBeforeTheMoveCanBeOpenedBehindIt() {
        String upload = node.createUpload(BUCKET, "m", Upload.Kind.MULTIPART);
        node.putPart(BUCKET, "m", upload, 1, bytes(1, LARGE));
        Part part = node.store().listParts(BUCKET, key(BUCKET, "m"), upload).getFirst();
        moveAway();
        assertThat(StoreFixture.content(node.store().openPart(BUCKET, key(BUCKET, "m"), part)))
                .isEqualTo(bytes(1, LARGE));
    }

    @Test
    void notesOfADrainedVolumeMoveToo() {
        node.store().addVolume(path(2));
        node.store().addVolume(path(3));
        assertThat(node.store().settle()).isTrue();
        for (int index = 0; index < 30; index++) {
            node.put(BUCKET, "o" + index, bytes(index, 100));
        }
        node.store().changeVolume(path(3), VolumeChange.DISABLE);
        for (int index = 0; index < 30; index++) {
            node.put(BUCKET, "o" + index, bytes(100 + index, 100));
        }
        node.store().changeVolume(path(1), VolumeChange.DRAIN);
        node.store().settle();
        assertThat(BucketRemoval.hasEntries(volume(1))).isFalse();
        node.store().changeVolume(path(1), VolumeChange.REMOVE);
        node.store().changeVolume(path(3), VolumeChange.ENABLE);
        for (int index = 0; index < 30; index++) {
            assertThat(node.get(BUCKET, "o" + index)).isEqualTo(bytes(100 + index, 100));
        }
    }

    @Test
    void clientsWriteCompleteAndAbortWhileUploadsMove() {
        node.store().addVolume(path(2));
        node.store().addVolume(path(3));
        AtomicBoolean ended = new AtomicBoolean();
        LongAdder rounds = new LongAdder();
        List<CompletableFuture<Map<String, byte[]>>> clients = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            int number = client;
            clients.add(CompletableFuture.supplyAsync(() -> upload(number, ended, rounds)));
        }
        try {
            for (int round = 0; round < 12 || rounds.sum() < 60; round++) {
                String drained = path(1 + round % 3);
                node.store().changeVolume(drained, VolumeChange.DRAIN);
                node.store().settle();
                node.store().changeVolume(drained, VolumeChange.ENABLE);
                clients.forEach(client -> assertThat(client).isNotCompletedExceptionally());
            }
        } finally {
            ended.set(true);
        }
        clients.forEach(client -> client.join()
                .forEach((name, content) ->
                        assertThat(node.get(BUCKET, name)).as(name).isEqualTo(content)));
        assertThat(describe()).isEmpty();
        node.store().changeVolume(path(1), VolumeChange.DRAIN);
        assertThat(node.store().settle()).isTrue();
        node.store().changeVolume(path(1), VolumeChange.REMOVE);
    }

    /// One client's uploads, each completed, aborted or extended at once.
    private Map<String, byte[]> upload(int client, AtomicBoolean ended, LongAdder rounds) {
        SplittableRandom random = new SplittableRandom(client);
        Map<String, byte[]> written = new HashMap<>();
        for (int round = 0; !ended.get(); round++) {
            String name = "c" + client + "-" + round % 5;
            boolean extending = written.containsKey(name) && random.nextBoolean();
            String upload = node.createUpload(BUCKET, name, extending ? Upload.Kind.EXTEND : Upload.Kind.MULTIPART);
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            if (extending) {
                whole.writeBytes(Objects.requireNonNull(written.get(name)));
            }
            int parts = extending && whole.size() > 200_000 ? 0 : 1 + random.nextInt(4);
            for (int number = 1; number <= parts; number++) {
                byte[] content = bytes(random.nextInt(), random.nextInt(4) == 0 ? 30_000 : random.nextInt(2000));
                node.putPart(BUCKET, name, upload, number, content);
                whole.writeBytes(content);
            }
            assertThat(node.store().listParts(BUCKET, key(BUCKET, name), upload))
                    .hasSize(parts);
            if (parts == 0 || random.nextInt(4) == 0) {
                node.store().abortUpload(BUCKET, key(BUCKET, name), upload);
            } else {
                completeInTurn(name, upload);
                written.put(name, whole.toByteArray());
            }
            rounds.increment();
        }
        return written;
    }

    /// What is appended may have to wait for its object's move.
    private void completeInTurn(String name, String upload) {
        while (true) {
            try {
                node.complete(BUCKET, name, upload);
                return;
            } catch (StoreException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.BUSY);
                Thread.onSpinWait();
            }
        }
    }

    /// Moves an upload as the mover does, up to a step, and returns the target.
    private VolumeStore moveUntil(Reached reached, Upload upload) {
        VolumeSet volumes = node.store().volumes();
        Guards guards = new Guards(
                new UploadLocks(),
                new KeyLocks(10, new LongAdder()),
                new KeyLocks(10, new LongAdder()),
                new WriteGate());
        UploadMove move = new UploadMove(volumes, guards, new RecordBytes());
        byte[] key = IndexKeys.upload(BUCKET.id(), upload.name(), upload.id());
        VolumeStore target = volumes.current().home(IndexKeys.objectOf(key));
        UploadMove.Transit transit = Objects.requireNonNull(move.begin(volume(1), target, key));
        if (reached != Reached.BEGUN) {
            assertThat(move.copy(transit, new HashMap<>(), Pace.UNBOUND)).isEqualTo(ObjectMove.Outcome.MOVED);
        }
        if (reached == Reached.LEFT || reached == Reached.ARRIVED) {
            byte[] value = Objects.requireNonNull(volume(1).index().find(Family.UPLOADS, key));
            move.leave(transit, UploadRecord.of(value));
        }
        if (reached == Reached.ARRIVED) {
            assertThat(move.locate(key)).isEqualTo(target);
        }
        return target;
    }

    private void finish(String name) {
        String upload = node.store().listUploads(BUCKET.id(), name.substring(0, 1), "", 10).stream()
                .filter(open -> open.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
        node.putPart(BUCKET, name, upload, 2, bytes(9, 20));
        node.putPart(BUCKET, name, upload, 3, bytes(3, LARGE));
        complete(name, upload, bytes(1, LARGE), bytes(9, 20), bytes(3, LARGE));
    }

    private void complete(String name, String upload, byte[]... parts) {
        node.complete(BUCKET, name, upload);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        assertThat(node.get(BUCKET, name)).isEqualTo(whole.toByteArray());
    }

    /// Everything of all uploads but where it is.
    private List<String> describe() {
        List<String> uploads = new ArrayList<>();
        for (Upload upload : node.store().listUploads(BUCKET.id(), "", "", 100)) {
            uploads.add(upload + " "
                    + Objects.requireNonNull(node.store().findUpload(BUCKET, key(BUCKET, upload.name()), upload.id()))
                    + node.store().listParts(BUCKET, key(BUCKET, upload.name()), upload.id()).stream()
                            .map(part -> part.number() + " " + part.record().size() + " "
                                    + part.record().modifiedMillis() + " "
                                    + part.record().etag() + " "
                                    + part.record().checksums())
                            .toList());
        }
        return uploads;
    }

    private void moveAway() {
        node.store().addVolume(path(2));
        drain(1, 1);
    }

    private void drain(int number, int enabledBefore) {
        if (enabledBefore != number) {
            node.store().changeVolume(path(enabledBefore), VolumeChange.ENABLE);
        }
        node.store().changeVolume(path(number), VolumeChange.DRAIN);
        assertThat(node.store().settle()).isTrue();
        assertThat(BucketRemoval.hasEntries(volume(number))).isFalse();
    }

    private void refused(ErrorCode code, String upload) {
        assertThatThrownBy(() -> node.complete(BUCKET, "m", upload))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private VolumeStore volume(int number) {
        return Objects.requireNonNull(
                Objects.requireNonNull(node.store().volumes().current().find(path(number)))
                        .store());
    }

    private String path(int number) {
        return folder.resolve("volume-" + number).toString();
    }
}
