package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.volume.CapturedLog;
import io.forebay.storage.volume.Disk;
import io.forebay.storage.volume.DiskFile;
import io.forebay.storage.volume.FaultyDisk;
import io.forebay.storage.volume.LocalDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three volumes on disks that fail, or are full, when they are told to.
final class VolumeFailuresTest {
    private static final Bucket BUCKET = StoreFixture.bucket(3, Durability.GROUP);
    private static final int OBJECTS = 40;

    @TempDir
    private Path folder;

    private final List<FaultyDisk> faults = new ArrayList<>();
    private final List<SizedDisk> sizes = new ArrayList<>();
    private final Metrics metrics = new Metrics();
    private @Nullable ObjectStore opened;

    @BeforeEach
    void start() {
        List<Supplier<VolumeStore.Place>> places = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            Path path = folder.resolve("v" + number);
            places.add(() -> place(path));
        }
        opened = open(places);
    }

    @AfterEach
    void stop() {
        store().close();
    }

    private ObjectStore store() {
        return Objects.requireNonNull(opened);
    }

    @Test
    void failedSyncTakesItsVolumeOutOfServiceAndNoOther() {
        fill();
        faults.get(0).fail("Input/output error", (operation, path) -> operation.equals("sync"));
        int refused = 0;
        try (CapturedLog log = new CapturedLog()) {
            for (int index = 0; index < OBJECTS; index++) {
                refused += put("o" + index, index) ? 0 : 1;
            }
            store().checkHealth();
            String id = store().volumeStatuses().getFirst().id();
            assertThat(log.lines()).anyMatch(line -> line.contains(id) && line.contains("Input/output error"));
        }
        assertThat(refused).isPositive();
        VolumeStatus failed = store().volumeStatuses().getFirst();
        assertThat(failed.state()).isEqualTo(VolumeStatus.State.FAILED);
        assertThat(failed.reason()).contains("Input/output error");
        for (int index = 0; index < OBJECTS; index++) {
            assertThat(put("o" + index, 100 + index)).isTrue();
            assertThat(get("o" + index)).isEqualTo(bytes(100 + index, 1000));
        }
        assertThat(metrics.text()).containsPattern("forebay_storage_volume_serving\\{volume=\"[^\"]+\"} 0.0");
        faults.get(0).heal();
        store().changeVolume(failed.id(), VolumeChange.ENABLE);
        assertThat(store().settle()).isTrue();
        for (int index = 0; index < OBJECTS; index++) {
            assertThat(get("o" + index)).isEqualTo(bytes(100 + index, 1000));
        }
        assertThat(store().space().objectCount()).isEqualTo(OBJECTS);
    }

    /// What was written of it may be found by the next start.
    @Test
    void whatFailedWithItsVolumeIsNotSaidToBeGone() {
        faults.forEach(disk -> disk.fail("Input/output error", (operation, path) -> operation.equals("sync")));
        assertThat(put("o", 1)).isFalse();
        assertThatThrownBy(() -> store().remove(BUCKET, StoreFixture.key(BUCKET, "o"), Conditions.NONE))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("may come back with volume")
                .hasMessageContaining("Input/output error");
        faults.forEach(FaultyDisk::heal);
    }

    @Test
    void readOnlyDiskIsFoundByACheck() {
        fill();
        faults.get(1).fail("Read-only file system", (operation, path) -> !operation.equals("read"));
        String id = store().volumeStatuses().get(1).id();
        assertThatThrownBy(() -> store().changeVolume(id, VolumeChange.CHECK))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("Read-only file system");
        assertThat(store().volumeStatuses().get(1).state()).isEqualTo(VolumeStatus.State.FAILED);
        store().changeVolume(store().volumeStatuses().get(0).id(), VolumeChange.CHECK);
        assertThat(store().volumeStatuses().get(0).state()).isEqualTo(VolumeStatus.State.ENABLED);
    }

    @Test
    void singleReadErrorsAreCountedAndManyTakeTheVolumeOut() {
        fill();
        faults.get(2).fail("Input/output error", (operation, path) -> operation.equals("read"));
        List<String> there = new ArrayList<>();
        for (int index = 0; index < OBJECTS; index++) {
            try {
                assertThat(get("o" + index)).isEqualTo(bytes(index, 1000));
            } catch (StoreException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.VOLUME_FAILED);
                there.add("o" + index);
            }
        }
        store().checkHealth();
        assertThat(store().volumeStatuses().get(2).state()).isEqualTo(VolumeStatus.State.ENABLED);
        assertThat(store().volumeStatuses().get(2).ioErrors()).isEqualTo(there.size());
        for (int round = 0; round < 100; round++) {
            String name = there.get(round % there.size());
            assertThatThrownBy(() -> get(name)).isInstanceOf(StoreException.class);
        }
        store().checkHealth();
        assertThat(store().volumeStatuses().get(2).state()).isEqualTo(VolumeStatus.State.FAILED);
    }

    @Test
    void objectsOfAFullVolumeGoToTheNextAndComeHomeWhenThereIsSpace() {
        sizes.get(0).full = true;
        fill();
        assertThat(store().volumeStatuses().getFirst().objects()).isZero();
        assertThat(store().volumes().current().isSettled()).isFalse();
        check();
        assertThat(store().settle()).isFalse();
        check();
        sizes.get(0).full = false;
        assertThat(store().settle()).isTrue();
        check();
        assertThat(store().volumeStatuses().getFirst().objects()).isPositive();
        assertThat(metrics.text()).doesNotContain("forebay_storage_spilled_writes_total 0\n");
    }

    @Test
    void fullNodeRefusesWritesWithWordsAndGoesOnReadingAndRemoving() {
        fill();
        sizes.forEach(size -> size.full = true);
        assertThatThrownBy(() -> write("more", 1))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NO_SPACE))
                .hasMessageContaining("above its reserve of")
                .hasMessageContaining(folder.toString());
        check();
        for (int index = 0; index < OBJECTS; index++) {
            assertThat(store().remove(BUCKET, key(BUCKET, "o" + index), Conditions.NONE))
                    .isTrue();
        }
        sizes.forEach(size -> size.full = false);
        write("more", 1);
        assertThat(get("more")).isEqualTo(bytes(1, 1000));
    }

    private void fill() {
        Set<Long> used = new HashSet<>();
        for (int index = 0; index < OBJECTS; index++) {
            write("o" + index, index);
        }
        store().volumeStatuses().forEach(status -> used.add(status.objects()));
        assertThat(used).isNotEmpty();
    }

    private void check() {
        for (int index = 0; index < OBJECTS; index++) {
            assertThat(get("o" + index)).isEqualTo(bytes(index, 1000));
        }
    }

    private boolean put(String name, int seed) {
        try {
            write(name, seed);
            return true;
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.VOLUME_FAILED);
            return false;
        }
    }

    private void write(String name, int seed) {
        try (WriteSession session = store().begin(BUCKET, key(BUCKET, name), WriteOptions.ofLength(1000))) {
            StoreFixture.writeInPieces(session, bytes(seed, 1000));
            session.commit(Conditions.NONE);
        }
    }

    private byte[] get(String name) {
        ReadOutcome outcome =
                store().read(BUCKET, new ObjectKey(BUCKET.name(), name), Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        if (outcome instanceof ReadOutcome.Found found) {
            return StoreFixture.content(found.slices());
        }
        throw new AssertionError(name + " is absent");
    }

    private ObjectStore open(List<Supplier<VolumeStore.Place>> places) {
        return ObjectStore.open(
                StoreFixture.smallConfig(Map.of()),
                places,
                StoreFixture.OWNER,
                new ObjectStore.Clocks(InstantSource.system(), new Ticks()),
                metrics);
    }

    private VolumeStore.Place place(Path path) {
        try {
            SizedDisk sized = new SizedDisk(new LocalDisk(path));
            FaultyDisk faulty = new FaultyDisk(sized);
            sizes.add(sized);
            faults.add(faulty);
            return new VolumeStore.Place(faulty, (config, memory) -> Index.open(path.resolve("index"), memory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Time that goes on by a second whenever somebody looks, so that the free space is asked for each time.
    private static final class Ticks implements Ticker {
        private final AtomicLong now = new AtomicLong();

        @Override
        public long nanos() {
            return now.addAndGet(1_000_000_000);
        }
    }

    /// A disk that says that it is full when it is told to.
    private static final class SizedDisk implements Disk {
        private final Disk disk;
        private volatile boolean full;

        SizedDisk(Disk disk) {
            this.disk = disk;
        }

        @Override
        public DiskFile create(String path) throws IOException {
            return disk.create(path);
        }

        @Override
        public DiskFile open(String path, Access access) throws IOException {
            return disk.open(path, access);
        }

        @Override
        public boolean exists(String path) {
            return disk.exists(path);
        }

        @Override
        public List<String> list(String path) throws IOException {
            return disk.list(path);
        }

        @Override
        public void createFolder(String path) throws IOException {
            disk.createFolder(path);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public boolean remove(String path) throws IOException {
            return disk.remove(path);
        }

        @Override
        public void syncFolder(String path) throws IOException {
            disk.syncFolder(path);
        }

        @Override
        public boolean lock(String path) throws IOException {
            return disk.lock(path);
        }

        @Override
        public long totalBytes() throws IOException {
            return disk.totalBytes();
        }

        @Override
        public long freeBytes() throws IOException {
            return full ? 0 : disk.freeBytes();
        }

        @Override
        public String toString() {
            return disk.toString();
        }

        @Override
        public void close() throws IOException {
            disk.close();
        }
    }
}
