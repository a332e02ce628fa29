package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.volume.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompactionTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.NONE);
    private static final Bucket SAFE = StoreFixture.bucket(1, Durability.GROUP);

    @TempDir
    private Path folder;

    private final Map<String, byte[]> model = new TreeMap<>();

    private void put(StoreFixture fixture, String name, long seed, int size) {
        byte[] content = bytes(seed, size);
        fixture.put(BUCKET, name, content);
        model.put(name, content);
    }

    private void remove(StoreFixture fixture, String name) {
        fixture.store().remove(BUCKET, key(BUCKET, name), Conditions.NONE);
        model.remove(name);
    }

    private void assertModel(StoreFixture fixture) {
        assertThat(fixture.names(BUCKET)).containsExactlyElementsOf(model.keySet());
        model.forEach((name, content) ->
                assertThat(fixture.get(BUCKET, name)).as(name).isEqualTo(content));
        assertThat(fixture.store().space().objectCount()).isEqualTo(model.size());
    }

    /// What a start finds without any index.
    private void assertRebuilt() throws IOException {
        Path copy = Files.createTempDirectory(folder, "rebuilt");
        Path index = folder.resolve("volume").resolve(VolumeStore.INDEX_FOLDER);
        LiveTree.copy(folder.resolve("volume"), copy.resolve("volume"), file -> !file.startsWith(index));
        try (StoreFixture rebuilt = StoreFixture.stepped(copy.resolve("volume"), Map.of())) {
            assertModel(rebuilt);
            assertThat(rebuilt.store().listUploads(1, "", "", 100)).isEmpty();
        }
        LiveTree.delete(copy);
    }

    /// What a start finds after a kill at this moment.
    private void assertReplayed() throws IOException {
        Path copy = Files.createTempDirectory(folder, "replayed");
        List<Path> before;
        do {
            // RocksDB may remove files beside.
            LiveTree.delete(copy.resolve("volume"));
            before = LiveTree.walk(folder.resolve("volume"), file -> true);
            LiveTree.copy(folder.resolve("volume"), copy.resolve("volume"), file -> true);
        } while (!before.equals(LiveTree.walk(folder.resolve("volume"), file -> true)));
        CheckReport report =
                VolumeCheck.check(copy.resolve("volume"), StoreFixture.smallConfig(Map.of()), WorkProgress.NONE);
        assertThat(report.damages()).as("%s", report.findings()).isZero();
        try (StoreFixture replayed = StoreFixture.stepped(copy.resolve("volume"), Map.of())) {
            assertModel(replayed);
        }
        LiveTree.delete(copy);
    }

    private StoreFixture fixture() {
        return StoreFixture.stepped(folder.resolve("volume"), Map.of());
    }

    private static VolumeStore volume(StoreFixture fixture) {
        return fixture.store().volumes().all().getFirst();
    }

    private static double amplification(StoreFixture fixture) {
        return (double) volume(fixture).volume().segmentFileBytes()
                / volume(fixture).volume().segments().liveBytes();
    }

    /// A data set of less than one segment of full size.
    @Test
    void aSmallDataSetTakesLittleMoreThanItsBytesAfterManyOverwrites() {
        Map<String, String> settings = Map.of("volume.segment", "64MiB", "volume.small-object", "64KiB");
        try (StoreFixture fixture = StoreFixture.stepped(folder.resolve("volume"), settings)) {
            long bytes = 0;
            for (int round = 0; round < 10; round++) {
                bytes = 0;
                for (int id = 0; id < 1000; id++) {
                    int size = 40_000 + 7 * id;
                    put(fixture, "key-" + id, 1000L * round + id, size);
                    bytes += size;
                }
                fixture.settle();
            }
            assertThat(volume(fixture).volume().segmentFileBytes()).isLessThan((long) (1.3 * bytes));
            assertModel(fixture);
        }
    }

    @Test
    void smallObjectsMoveAsTheyAre() throws IOException {
        try (StoreFixture fixture = fixture()) {
            for (int id = 0; id < 300; id++) {
                put(fixture, "key-" + id, id, 10_000);
            }
            fixture.store().updateCustom(BUCKET, key(BUCKET, "key-7"), Map.of("a", "b"), MapChange.REPLACE);
            ObjectRecord before = Objects.requireNonNull(fixture.record(BUCKET, "key-7"));
            for (int id = 0; id < 300; id++) {
                if (id % 3 != 1) {
                    remove(fixture, "key-" + id);
                }
            }
            fixture.settle();
            assertThat(volume(fixture).volume().segments().count()).isLessThanOrEqualTo(2);
            ObjectRecord after = Objects.requireNonNull(fixture.record(BUCKET, "key-7"));
            assertThat(after.segment()).isGreaterThan(before.segment());
            assertThat(after.attributes()).isEqualTo(before.attributes());
            assertModel(fixture);
            assertRebuilt();
            fixture.restart();
            assertModel(fixture);
        }
    }

    @Test
    void partsAndExtentsOfAppendedObjectsMove() throws IOException {
        try (StoreFixture fixture = fixture()) {
            complete(fixture, "many", 300, Upload.Kind.MULTIPART);
            complete(fixture, "appended", 40, Upload.Kind.APPEND);
            complete(fixture, "appended", 40, Upload.Kind.EXTEND);
            complete(fixture, "appended", 3, Upload.Kind.EXTEND, 100_001);
            String open = upload(fixture, "open", Upload.Kind.MULTIPART);
            fixture.putPart(BUCKET, "open", open, 3, bytes(99, 7000));
            ObjectRecord before = Objects.requireNonNull(fixture.record(BUCKET, "many"));
            for (int id = 0; id < 200; id++) {
                put(fixture, "filler-" + id, id, 9_000);
            }
            for (int id = 0; id < 200; id++) {
                remove(fixture, "filler-" + id);
            }
            // Everything old goes, so that everything moves.
            long first = volume(fixture).writtenPosition().segment();
            fixture.settle();
            for (int round = 0; round < 20; round++) {
                for (int id = 0; id < 60; id++) {
                    put(fixture, "churn-" + id, id + round, 10_000);
                }
                fixture.settle();
            }
            assertThat(first).isGreaterThan(1);
            ObjectRecord after = Objects.requireNonNull(fixture.record(BUCKET, "many"));
            assertThat(after.attributes()).isEqualTo(before.attributes());
            assertThat(after.parts()).isEqualTo(before.parts());
            assertModel(fixture);
            List<Part> parts = fixture.store().listParts(BUCKET, key(BUCKET, "open"), open);
            assertThat(StoreFixture.content(fixture.store().openPart(BUCKET, key(BUCKET, "open"), parts.getFirst())))
                    .isEqualTo(bytes(99, 7000));
            fixture.store().abortUpload(BUCKET, key(BUCKET, "open"), open);
            assertRebuilt();
        }
    }

    private String upload(StoreFixture fixture, String name, Upload.Kind kind) {
        return fixture.store()
                .createUpload(BUCKET, key(BUCKET, name), new Upload.Options(kind, "", Map.of(), Map.of()));
    }

    private void complete(StoreFixture fixture, String name, int parts, Upload.Kind kind) {
        complete(fixture, name, parts, kind, Integer.MAX_VALUE);
    }

    /// @param front how many bytes stay at most of what is extended
    private void complete(StoreFixture fixture, String name, int parts, Upload.Kind kind, int front) {
        String upload = upload(fixture, name, kind);
        byte[] before = kind == Upload.Kind.EXTEND ? Objects.requireNonNull(model.get(name)) : new byte[0];
        ByteBuffer all =
                ByteBuffer.allocate(before.length + 9000 * parts).put(before, 0, Math.min(front, before.length));
        for (int part = 1; part <= parts; part++) {
            byte[] content = bytes(part, 4000 + part % 5000);
            fixture.putPart(BUCKET, name, upload, part, content);
            all.put(content);
        }
        fixture.store()
                .completeUpload(
                        BUCKET,
                        key(BUCKET, name),
                        upload,
                        Conditions.NONE,
                        (found, list) -> new Completion(list, null, List.of(), null, null, null, front));
        model.put(name, java.util.Arrays.copyOf(all.array(), all.position()));
    }

    @Test
    void tenOverwritesAndDeletionOfHalfLeaveLittleUnneeded() throws IOException {
        try (StoreFixture fixture = fixture()) {
            for (int round = 0; round < 10; round++) {
                for (int id = 0; id < 4000; id++) {
                    // In another order each time.
                    int shuffled = (int) ((id * 2741L + round * 977L) % 4000);
                    put(fixture, "key-" + shuffled, id, 10_000);
                }
                volume(fixture).upkeep().round();
            }
            fixture.settle();
            assertThat(amplification(fixture)).isLessThanOrEqualTo(1.3);
            assertThat(fixture.metrics.text())
                    .containsPattern("forebay_storage_amplification\\{[^}]*} " + amplification(fixture));
            for (int id = 0; id < 4000; id += 2) {
                remove(fixture, "key-" + id);
            }
            fixture.settle();
            assertThat(amplification(fixture)).isLessThanOrEqualTo(1.3);
            assertModel(fixture);
            assertRebuilt();
        }
    }

    /// Each removal must outlive the segment of what it removed; the first segment never empties by itself.
    @Test
    void removalsDoNotPileUpBehindOldSegments() throws IOException {
        try (StoreFixture fixture = fixture()) {
            for (int id = 0; id < 300; id++) {
                put(fixture, "cold-" + id, id, 10_000);
            }
            for (int round = 0; round < 30; round++) {
                for (int id = 0; id < 1000; id++) {
                    put(fixture, "hot-" + id, id + round, 100);
                }
                for (int id = 0; id < 1000; id++) {
                    remove(fixture, "hot-" + id);
                }
                fixture.settle();
            }
            long removals = 0;
            for (Segment segment : volume(fixture).volume().segments().all()) {
                removals += segment.removalBytes();
            }
            assertThat(removals).isLessThan(1 << 20);
            assertThat(volume(fixture).volume().segments().count()).isLessThanOrEqualTo(5);
            assertModel(fixture);
            assertRebuilt();
        }
    }

    @Test
    void whatWasRemovedStaysSoInARebuiltIndex() throws IOException {
        try (StoreFixture fixture = fixture()) {
            for (int id = 0; id < 400; id++) {
                put(fixture, "key-" + id, id, 8_000);
                if (id % 2 == 0) {
                    put(fixture, "old-" + id, id, 100);
                }
            }
            for (int id = 0; id < 400; id += 2) {
                remove(fixture, "old-" + id);
            }
            put(fixture, "old-4", 77, 50);
            for (int id = 100; id < 400; id++) {
                put(fixture, "key-" + id, id + 1000, 8_000);
            }
            fixture.settle();
            assertRebuilt();
            remove(fixture, "old-4");
            for (int round = 0; round < 3; round++) {
                for (int id = 100; id < 400; id++) {
                    put(fixture, "key-" + id, id + 2000 + round, 8_000);
                }
                fixture.settle();
                assertRebuilt();
            }
        }
    }

    @Test
    void readersKeepTheirBytesWhileTheirSegmentGoes() {
        try (StoreFixture fixture = fixture()) {
            for (int id = 0; id < 300; id++) {
                put(fixture, "key-" + id, id, 10_000);
            }
            ReadOutcome outcome = fixture.store()
                    .read(BUCKET, new ObjectKey(BUCKET.name(), "key-7"), Waiting.ALLOWED, ReadOutcome.Choice.ALL);
            List<FileSlice> slices = ((ReadOutcome.Found) outcome).slices();
            for (int id = 0; id < 300; id += 2) {
                remove(fixture, "key-" + id);
            }
            fixture.settle();
            for (int id = 0; id < 600; id++) {
                put(fixture, "next-" + id, id + 5000, 10_000);
            }
            assertThat(StoreFixture.content(slices)).isEqualTo(bytes(7, 10_000));
            fixture.settle();
            assertModel(fixture);
        }
    }

    @Test
    void aSegmentWithADamagedRecordStaysAndWhatHasItsBytesIsRefused() throws IOException {
        try (StoreFixture fixture = fixture()) {
            for (int id = 0; id < 300; id++) {
                put(fixture, "key-" + id, id, 10_000);
            }
            for (int id = 0; id < 300; id += 2) {
                remove(fixture, "key-" + id);
            }
            ObjectRecord record = Objects.requireNonNull(fixture.record(BUCKET, "key-31"));
            Path segment = segmentFile(record.segment());
            flip(segment, record.inlineOffset() + 5000);
            fixture.settle();
            assertThat(segment).exists();
            assertThat(fixture.store().damaged())
                    .extracting(DamagedObject::name)
                    .containsExactly("key-31");
            refusesDamaged(fixture, "key-31");
            put(fixture, "key-31", 31, 10_000);
            fixture.settle();
            assertThat(fixture.store().damaged()).isEmpty();
            assertModel(fixture);
        }
    }

    private static void refusesDamaged(StoreFixture fixture, String name) {
        assertThatThrownBy(() -> fixture.get(BUCKET, name))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    /// A kill before or after any step of compaction or upkeep changes nothing, with the index or without.
    @Test
    void aKillAtAnyStepChangesNothing() throws IOException {
        try (StoreFixture fixture = fixture()) {
            for (int id = 0; id < 120; id++) {
                put(fixture, "key-" + id, id, 15_000);
            }
            complete(fixture, "many", 20, Upload.Kind.MULTIPART);
            for (int id = 0; id < 110; id++) {
                if (id % 10 < 8) {
                    remove(fixture, "key-" + id);
                }
            }
            VolumeStore store = volume(fixture);
            for (int round = 0; round < 3; round++) {
                int steps = 0;
                while (store.compaction().step() >= 0) {
                    if (steps++ % 37 == 0) {
                        assertReplayed();
                        assertRebuilt();
                    }
                }
                store.upkeep().requestFlush();
                for (int more = 0; more < 3; more++) {
                    store.upkeep().round();
                    assertReplayed();
                    assertRebuilt();
                }
            }
            assertModel(fixture);
        }
    }

    @Test
    void valuesOfADurableBucketMoveToo() throws IOException {
        try (StoreFixture fixture = fixture()) {
            for (int id = 0; id < 200; id++) {
                fixture.put(SAFE, "key-" + id, bytes(id, 10_000));
                model.put("key-" + id, bytes(id, 10_000));
            }
            for (int id = 0; id < 200; id += 2) {
                fixture.store().remove(SAFE, key(SAFE, "key-" + id), Conditions.NONE);
                model.remove("key-" + id);
            }
            fixture.settle();
            assertModel(fixture);
            assertRebuilt();
        }
    }

    /// Writers overwrite, remove, append and complete while steps are done beside.
    @Test
    void movesAndWritersDoNotHarmEachOther() throws Exception {
        List<Map<String, byte[]>> contents = new ArrayList<>();
        try (StoreFixture fixture = fixture();
                ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                Map<String, byte[]> mine = new TreeMap<>();
                contents.add(mine);
                Random random = new Random(writer);
                String prefix = "w" + writer + "-";
                writers.add(threads.submit(() -> {
                    for (int step = 0; step < 1500; step++) {
                        write(fixture, prefix + random.nextInt(40), random, mine);
                    }
                }));
            }
            VolumeStore store = volume(fixture);
            int idle = 0;
            while (writers.stream().anyMatch(writer -> !writer.isDone())) {
                if (store.compaction().step() < 0 && idle++ % 50 == 0) {
                    store.upkeep().requestFlush();
                    store.upkeep().round();
                }
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            contents.forEach(model::putAll);
            assertModel(fixture);
            assertRebuilt();
            fixture.settle();
            assertModel(fixture);
            assertReplayed();
            assertRebuilt();
        }
    }

    private static void write(StoreFixture fixture, String name, Random random, Map<String, byte[]> mine) {
        byte[] content = bytes(random.nextLong(), random.nextInt(12_000));
        int choice = random.nextInt(20);
        if (choice < 12) {
            fixture.put(BUCKET, name, content);
            mine.put(name, content);
        } else if (choice < 17) {
            fixture.store().remove(BUCKET, key(BUCKET, name), Conditions.NONE);
            mine.remove(name);
        } else if (choice < 18 && mine.containsKey(name)) {
            fixture.store().updateCustom(BUCKET, key(BUCKET, name), Map.of("k", "v" + choice), MapChange.REPLACE);
        } else {
            String upload = fixture.store()
                    .createUpload(
                            BUCKET,
                            key(BUCKET, name),
                            new Upload.Options(Upload.Kind.MULTIPART, "", Map.of(), Map.of()));
            fixture.putPart(BUCKET, name, upload, 1, content);
            fixture.putPart(BUCKET, name, upload, 2, content);
            fixture.store()
                    .completeUpload(
                            BUCKET,
                            key(BUCKET, name),
                            upload,
                            Conditions.NONE,
                            (found, list) -> new Completion(list, null, List.of(), null, null));
            mine.put(
                    name,
                    ByteBuffer.allocate(2 * content.length)
                            .put(content)
                            .put(content)
                            .array());
        }
    }

    private Path segmentFile(long id) {
        return folder.resolve("volume/segments/%016x.seg".formatted(id));
    }

    private static void flip(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 4)).rewind();
            channel.write(one, at);
        }
    }
}
