package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.Durability;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.IndexMemory;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.UploadRecord;
import io.forebay.storage.volume.FaultyDisk;
import io.forebay.storage.volume.LocalDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumeStoreTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);
    private static final Bucket FAST = StoreFixture.bucket(1, Durability.NONE);

    @TempDir
    private Path folder;

    @Test
    void theIndexIsRebuiltFromTheDataAlone() throws IOException {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            for (int round = 0; round < 3; round++) {
                for (int id = 0; id < 200; id++) {
                    fixture.put(FAST, "key-" + id, bytes(round * 1000L + id, 5000));
                }
                fixture.put(BUCKET, "large", bytes(round, 50_000));
                fixture.put(BUCKET, "large-removed", bytes(round, 50_000));
            }
            for (int id = 0; id < 100; id++) {
                fixture.store().remove(FAST, StoreFixture.key(BUCKET, "key-" + id), Conditions.NONE);
            }
            fixture.store().remove(BUCKET, StoreFixture.key(BUCKET, "large-removed"), Conditions.NONE);
            fixture.store()
                    .updateCustom(BUCKET, StoreFixture.key(BUCKET, "key-150"), Map.of("a", "b"), MapChange.REPLACE);
        }
        try (Stream<Path> files = Files.walk(folder.resolve(VolumeStore.INDEX_FOLDER))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            assertThat(fixture.names(BUCKET)).hasSize(101);
            assertThat(fixture.get(BUCKET, "key-99")).isNull();
            for (int id = 100; id < 200; id++) {
                assertThat(fixture.get(BUCKET, "key-" + id)).isEqualTo(bytes(2000L + id, 5000));
            }
            assertThat(fixture.get(BUCKET, "large")).isEqualTo(bytes(2, 50_000));
            VolumeStore store = fixture.store().volumes().all().getFirst();
            assertThat(store.usedBytes() - store.volume().segmentBytes()).isEqualTo(50_000);
        }
    }

    /// Records that are replayed together find what the ones before them left.
    @Test
    void aReplayFollowsEachKeyThroughWhatIsReplayedTogether() throws IOException {
        Path volume = folder.resolve("volume");
        Path killed = folder.resolve("killed");
        long used;
        try (StoreFixture fixture = StoreFixture.stepped(volume, Map.of())) {
            fixture.put(BUCKET, "old", bytes(1, 3000));
            fixture.settle();
            fixture.put(BUCKET, "old", bytes(2, 50_000));
            fixture.store().remove(BUCKET, StoreFixture.key(BUCKET, "old"), Conditions.NONE);
            fixture.put(BUCKET, "old", bytes(3, 40_000));
            fixture.put(BUCKET, "old", bytes(4, 3000));
            fixture.put(BUCKET, "new", bytes(5, 60_000));
            fixture.put(BUCKET, "gone", bytes(6, 3000));
            fixture.store().remove(BUCKET, StoreFixture.key(BUCKET, "gone"), Conditions.NONE);
            VolumeStore live = fixture.store().volumes().all().getFirst();
            used = live.liveBytes();
            LiveTree.copy(volume, killed, file -> true);
        }
        try (StoreFixture fixture = StoreFixture.stepped(killed, Map.of())) {
            assertThat(fixture.names(BUCKET)).containsExactly("new", "old");
            assertThat(fixture.get(BUCKET, "old")).isEqualTo(bytes(4, 3000));
            VolumeStore replayed = fixture.store().volumes().all().getFirst();
            assertThat(replayed.objectCount()).isEqualTo(2);
            assertThat(replayed.liveBytes()).isEqualTo(used);
        }
    }

    @Test
    void overwrittenSegmentsComeBack() {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            for (int round = 0; round < 20; round++) {
                for (int id = 0; id < 100; id++) {
                    fixture.put(FAST, "key-" + id, bytes(round * 1000L + id, 10_000));
                }
            }
            // 20 MB were written, 1 MB is alive.
            VolumeStore store = fixture.store().volumes().all().getFirst();
            StoreFixture.await(() -> store.volume().segments().count() <= 4);
            for (int id = 0; id < 100; id++) {
                assertThat(fixture.get(BUCKET, "key-" + id)).isEqualTo(bytes(19_000L + id, 10_000));
            }
            fixture.restart();
            for (int id = 0; id < 100; id++) {
                assertThat(fixture.get(BUCKET, "key-" + id)).isEqualTo(bytes(19_000L + id, 10_000));
            }
        }
    }

    @Test
    void filesOfAbandonedWritesAreSweptAfterARestart() throws IOException {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            fixture.put(BUCKET, "large", bytes(1, 50_000));
            Path file = largeFiles().getFirst();
            // As if a write had been cut off by a crash.
            Files.copy(file, file.resolveSibling("0000000000000fff"));
            fixture.restart();
            StoreFixture.await(() -> largeFiles().size() == 1);
            assertThat(fixture.get(BUCKET, "large")).isEqualTo(bytes(1, 50_000));
        }
    }

    @Test
    void aFailedOrClosedWriteLeavesNoFile() throws IOException {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            fixture.put(BUCKET, "large", bytes(1, 50_000));
            assertThatThrownBy(() -> fixture.put(
                            BUCKET, "large", bytes(2, 50_000), WriteOptions.ofLength(50_000), Conditions.ABSENT))
                    .isInstanceOf(StoreException.class);
            try (WriteSession session =
                    fixture.store().begin(BUCKET, StoreFixture.key(BUCKET, "other"), WriteOptions.ofLength(-1))) {
                StoreFixture.writeInPieces(session, bytes(3, 100_000));
            }
            assertThat(largeFiles()).hasSize(1);
        }
    }

    @Test
    void aMissingFileIsSaidToBeAndHarmsNothingElse() throws IOException {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            fixture.put(BUCKET, "large", bytes(1, 50_000));
            fixture.put(BUCKET, "small", bytes(2, 500));
            Files.delete(largeFiles().getFirst());
            assertThatThrownBy(() -> fixture.get(BUCKET, "large"))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
            assertThat(fixture.get(BUCKET, "small")).isEqualTo(bytes(2, 500));
            fixture.put(BUCKET, "large", bytes(3, 50_000));
            assertThat(fixture.get(BUCKET, "large")).isEqualTo(bytes(3, 50_000));
        }
    }

    @Test
    void afterAFailedSyncReadsGoOnAndWritesAreRefused() throws IOException {
        StoreConfig config = StoreFixture.smallConfig(Map.of());
        FaultyDisk disk = new FaultyDisk(new LocalDisk(folder));
        try (IndexMemory memory = new IndexMemory(config.index())) {
            VolumeStore.Opening opening =
                    new VolumeStore.Opening(config, StoreFixture.OWNER, memory, Ticker.SYSTEM, new Metrics());
            VolumeStore.Place place = new VolumeStore.Place(
                    disk, (indexConfig, indexMemory) -> Index.open(folder.resolve("index"), indexMemory));
            try (VolumeStore store = VolumeStore.open(place, opening)) {
                disk.fail("Input/output error", (operation, path) -> operation.equals("sync"));
                assertThatThrownBy(() -> store.commit(List.of(), Durability.GROUP))
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VOLUME_FAILED));
                disk.heal();
                assertThatThrownBy(() -> store.commit(List.of(), Durability.NONE))
                        .isInstanceOf(StoreException.class);
                assertThat(store.failure()).isNotNull();
                assertThat(store.index().find(new byte[] {1})).isNull();
            }
        }
    }

    /// A write that nobody synced takes the last need of a segment while a round of upkeep is between its sync and
    /// its look for dead segments.
    @Test
    void aSegmentIsGivenBackOnlyWhenWhatEmptiedItIsDurable() throws IOException {
        StoreConfig config = StoreFixture.smallConfig(Map.of());
        FaultyDisk disk = new FaultyDisk(new LocalDisk(folder));
        try (IndexMemory memory = new IndexMemory(config.index())) {
            VolumeStore.Opening opening =
                    new VolumeStore.Opening(config, StoreFixture.OWNER, memory, Ticker.SYSTEM, new Metrics());
            VolumeStore.Place place = new VolumeStore.Place(
                    disk, (index, blocks) -> Index.open(folder.resolve(VolumeStore.INDEX_FOLDER), blocks));
            try (VolumeStore store = VolumeStore.open(place, opening)) {
                byte[] key = {1};
                byte[] value = new UploadRecord(1, 0, 0, 0, "note", Map.of(), Map.of(), null).encode();
                store.commit(List.of(new Mutation.Put(Family.UPLOADS, key, value, null)), Durability.GROUP);
                Path first = folder.resolve("segments/0000000000000001.seg");
                beginNextSegment(store);
                store.upkeep().requestFlush();
                StoreFixture.await(() -> {
                    store.upkeep().round();
                    return store.upkeep().flushed().segment() > 1;
                });
                AtomicBoolean done = new AtomicBoolean();
                disk.fail("", (operation, path) -> {
                    if (operation.equals("sync") && path.endsWith(".seg") && done.compareAndSet(false, true)) {
                        byte[] next = new UploadRecord(1, 1, 0, 0, "note", Map.of(), Map.of(), null).encode();
                        store.commit(List.of(new Mutation.Put(Family.UPLOADS, key, next, value)), Durability.NONE);
                    }
                    return false;
                });
                store.commit(List.of(), Durability.NONE);
                store.upkeep().round();
                assertThat(done).isTrue();
                assertThat(first).exists();
                store.upkeep().round();
                assertThat(first).doesNotExist();
            }
        }
    }

    private static void beginNextSegment(VolumeStore store) {
        String note = "n".repeat(300_000);
        byte[] filler = null;
        while (store.volume().segments().count() < 2) {
            byte[] next = new UploadRecord(1, 0, 0, 0, note, Map.of(), Map.of(), null).encode();
            store.commit(List.of(new Mutation.Put(Family.UPLOADS, new byte[] {2}, next, filler)), Durability.GROUP);
            filler = next;
        }
    }

    private List<Path> largeFiles() {
        try (Stream<Path> files = Files.walk(folder.resolve("files"))) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
