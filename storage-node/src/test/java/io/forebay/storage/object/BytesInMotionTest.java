package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.volume.FaultyDisk;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// While the bytes of one request are on their way nobody waits for them, and no others are touched.
final class BytesInMotionTest {
    private static final Bucket BUCKET = StoreFixture.bucket(3, Durability.GROUP);
    private static final int PARTS = 5;
    private static final int PART_BYTES = 50_000;

    @TempDir
    private Path folder;

    private final Queue<String> opened = new ConcurrentLinkedQueue<>();
    private VolumesFixture node;

    @BeforeEach
    void open() {
        node = new VolumesFixture(
                folder.resolve("volumes.properties"),
                List.of(folder.resolve("v1").toString()),
                StoreOpening.Background.CALLER,
                this::place);
        node.open();
    }

    @AfterEach
    void close() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 100_000})
    void noLockIsHeldWhileBytesArriveOrLeave(int size) throws Exception {
        byte[] old = bytes(1, size);
        byte[] fresh = bytes(2, size);
        byte[] other = bytes(3, size);
        node.put(BUCKET, "o", old);
        List<FileSlice> leaving = slices("o", new ByteRange(0, size));
        try (WriteSession arriving = node.store().begin(BUCKET, key(BUCKET, "o"), WriteOptions.ofLength(size))) {
            StoreFixture.writeInPieces(arriving, Arrays.copyOfRange(fresh, 0, size / 2));
            elsewhere(() -> {
                node.put(BUCKET, "o", other);
                assertThat(node.get(BUCKET, "o")).isEqualTo(other);
                assertThat(node.remove(BUCKET, "o")).isTrue();
                node.put(BUCKET, "o", other);
                assertThat(node.names(BUCKET)).containsExactly("o");
            });
            StoreFixture.writeInPieces(arriving, Arrays.copyOfRange(fresh, size / 2, size));
            arriving.commit(Conditions.NONE);
        }
        assertThat(StoreFixture.content(leaving)).isEqualTo(old);
        assertThat(node.get(BUCKET, "o")).isEqualTo(fresh);
    }

    @Test
    void noLockIsHeldWhileAPartArrives() throws Exception {
        String upload = node.createUpload(BUCKET, "o", Upload.Kind.MULTIPART);
        try (WriteSession arriving =
                node.store().beginPart(BUCKET, key(BUCKET, "o"), upload, 2, WriteOptions.ofLength(PART_BYTES))) {
            StoreFixture.writeInPieces(arriving, bytes(2, 10_000));
            elsewhere(() -> {
                node.putPart(BUCKET, "o", upload, 1, bytes(1, PART_BYTES));
                assertThat(node.store().listParts(BUCKET, key(BUCKET, "o"), upload))
                        .hasSize(1);
                node.complete(BUCKET, "o", upload);
            });
        }
        assertThat(node.get(BUCKET, "o")).isEqualTo(bytes(1, PART_BYTES));
    }

    @Test
    void aRangeOpensWhatItReadsAndNothingElse() {
        String upload = node.createUpload(BUCKET, "o", Upload.Kind.MULTIPART);
        for (int number = 1; number <= PARTS; number++) {
            node.putPart(BUCKET, "o", upload, number, bytes(number, PART_BYTES));
        }
        node.complete(BUCKET, "o", upload);
        node.restart();
        opened.clear();
        List<FileSlice> within = slices("o", new ByteRange(2L * PART_BYTES + 100, 50));
        assertThat(within).hasSize(1).allMatch(slice -> slice.length() == 50);
        assertThat(StoreFixture.content(within)).isEqualTo(Arrays.copyOfRange(bytes(3, PART_BYTES), 100, 150));
        assertThat(opened).hasSize(1);
        List<FileSlice> across = slices("o", new ByteRange(4L * PART_BYTES - 10, 30));
        assertThat(across).extracting(FileSlice::length).containsExactly(10L, 20L);
        across.forEach(FileSlice::close);
        assertThat(opened).hasSize(3);
    }

    private List<FileSlice> slices(String name, ByteRange range) {
        ReadOutcome outcome =
                node.store().read(BUCKET, new ObjectKey(BUCKET.name(), name), Waiting.ALLOWED, record -> range);
        if (outcome instanceof ReadOutcome.Found found) {
            return found.slices();
        }
        throw new AssertionError(name + " is absent");
    }

    /// Runs something in another thread to its end: who waits for a lock of this one never comes to it.
    private static void elsewhere(Runnable action) throws InterruptedException, ExecutionException, TimeoutException {
        FutureTask<Void> task = new FutureTask<>(action, null);
        Thread.ofPlatform().daemon().start(task);
        task.get(1, TimeUnit.MINUTES);
    }

    /// A disk that tells which large files are opened.
    private VolumeStore.Place place(Path path) {
        VolumeStore.Place sound = VolumeStore.Place.of(path);
        FaultyDisk disk = new FaultyDisk(sound.disk());
        disk.fail("", (operation, file) -> {
            if (operation.equals("open") && file.startsWith("files/")) {
                opened.add(file);
            }
            return false;
        });
        return new VolumeStore.Place(disk, sound.index());
    }
}
