package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Scan;
import io.forebay.storage.volume.Segment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Random operations against a map. `-Dseed=` repeats a run, `-Diterations=` makes it longer; `-Drows=` and
/// `-Dseconds=`
/// say how many more runs, with the seeds that follow, and for how long new ones begin (`scripts/fuzz`).
final class StoreFuzzTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int ITERATIONS = Integer.getInteger("iterations", 400);
    private static final List<Bucket> BUCKETS = List.of(
            StoreFixture.bucket(1, Durability.GROUP),
            StoreFixture.bucket(2, Durability.NONE),
            StoreFixture.bucket(3, Durability.STRICT));

    private static final int ROWS = Integer.getInteger("rows", 1);
    private static final long SECONDS = Long.getLong("seconds", 15);

    @TempDir
    private Path root;

    private Path folder = Path.of("");
    private final Random random = new Random(SEED);
    private final Map<Bucket, Map<String, Content>> model = new HashMap<>();
    private final Map<String, Pending> uploads = new HashMap<>();

    /// What the model knows of an object.
    @SuppressWarnings("ArrayRecordComponent") // Compared by hand.
    private record Content(byte[] bytes, Map<String, String> custom, long version) {}

    private record Pending(Bucket bucket, String name, Map<Integer, byte[]> parts) {}

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void storeAndMapAgree() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int rows = 0;
        while (rows < ROWS && (rows == 0 || System.nanoTime() < deadline)) {
            folder = Files.createDirectory(root.resolve("row" + rows));
            model.clear();
            uploads.clear();
            row(SEED + rows);
            LiveTree.delete(folder);
            rows++;
        }
        System.out.printf("store fuzz: %,d rows of %,d operations from seed %d%n", rows, ITERATIONS, SEED);
    }

    private void row(long seed) throws IOException {
        random.setSeed(seed);
        List<Path> folders = List.of(folder.resolve("one"), folder.resolve("two"));
        try (StoreFixture fixture =
                new StoreFixture(StoreFixture.smallConfig(Map.of()), folders, InstantSource.system())) {
            BUCKETS.forEach(bucket -> model.put(bucket, new TreeMap<>()));
            for (int step = 0; step < ITERATIONS; step++) {
                step(fixture);
            }
            check(fixture);
            fixture.restart();
            check(fixture);
            removeEverything(fixture);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("scripts/fuzz 1 " + seed + " repeats this: " + e.getMessage(), e);
        }
    }

    private void step(StoreFixture fixture) throws IOException {
        Bucket bucket = BUCKETS.get(random.nextInt(BUCKETS.size()));
        String name = "n" + random.nextInt(30);
        switch (random.nextInt(40)) {
            case 0 -> fixture.restart();
            case 1 -> check(fixture);
            case 2 -> crash(fixture);
            case 3, 4, 5, 6 -> remove(fixture, bucket, name);
            case 7, 8, 9 -> changeCustom(fixture, bucket, name);
            case 10, 11 -> createUpload(fixture, bucket, name);
            case 12, 13, 14, 15, 16 -> putPart(fixture);
            case 17 -> endUpload(fixture);
            case 24 ->
                fixture.store().volumes().all().forEach(store -> store.upkeep().requestFlush());
            case 18, 19, 20, 21, 22, 23 -> read(fixture, bucket, name);
            default -> put(fixture, bucket, name);
        }
    }

    private byte[] content() {
        return bytes(random.nextLong(), random.nextInt(random.nextInt(4) == 0 ? 60_000 : 3_000));
    }

    private Map<String, Content> objects(Bucket bucket) {
        return Objects.requireNonNull(model.get(bucket));
    }

    private void put(StoreFixture fixture, Bucket bucket, String name) {
        byte[] content = content();
        long length = random.nextInt(5) == 0 ? -1 : content.length;
        ObjectRecord record = fixture.put(bucket, name, content, WriteOptions.ofLength(length), Conditions.NONE);
        expect(bucket, name, content, Map.of(), record);
    }

    private void expect(Bucket bucket, String name, byte[] content, Map<String, String> custom, ObjectRecord record) {
        Content before = objects(bucket).get(name);
        long version = before == null ? 1 : before.version + 1;
        assertThat(record.version()).as(bucket + "/" + name).isEqualTo(version);
        objects(bucket).put(name, new Content(content, custom, version));
    }

    private void remove(StoreFixture fixture, Bucket bucket, String name) {
        boolean removed = fixture.store().remove(bucket, key(bucket, name), Conditions.NONE);
        assertThat(removed).as(name).isEqualTo(objects(bucket).remove(name) != null);
    }

    private void changeCustom(StoreFixture fixture, Bucket bucket, String name) {
        Content before = objects(bucket).get(name);
        if (before != null) {
            Map<String, String> custom = Map.of("k" + random.nextInt(3), "v" + random.nextInt(1000));
            fixture.store().updateCustom(bucket, key(bucket, name), custom, MapChange.REPLACE);
            objects(bucket).put(name, new Content(before.bytes, custom, before.version));
        }
    }

    private void createUpload(StoreFixture fixture, Bucket bucket, String name) {
        Upload.Options options = new Upload.Options(Upload.Kind.MULTIPART, "", Map.of(), Map.of("up", "load"));
        String id = fixture.store().createUpload(bucket, key(bucket, name), options);
        uploads.put(id, new Pending(bucket, name, new TreeMap<>()));
    }

    private @Nullable String anyUpload() {
        List<String> ids = uploads.keySet().stream().sorted().toList();
        return ids.isEmpty() ? null : ids.get(random.nextInt(ids.size()));
    }

    private void putPart(StoreFixture fixture) {
        String id = anyUpload();
        if (id != null) {
            Pending pending = Objects.requireNonNull(uploads.get(id));
            int number = 1 + random.nextInt(4);
            byte[] content = content();
            fixture.putPart(pending.bucket, pending.name, id, number, content);
            pending.parts.put(number, content);
        }
    }

    private void endUpload(StoreFixture fixture) {
        String id = anyUpload();
        if (id == null) {
            return;
        }
        Pending pending = Objects.requireNonNull(uploads.remove(id));
        if (random.nextBoolean()) {
            fixture.store().abortUpload(pending.bucket, key(pending.bucket, pending.name), id);
            return;
        }
        ObjectRecord record = fixture.store()
                .completeUpload(
                        pending.bucket,
                        key(pending.bucket, pending.name),
                        id,
                        Conditions.NONE,
                        (upload, parts) -> new Completion(parts, null, List.of(), null, null));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pending.parts.values().forEach(all::writeBytes);
        expect(pending.bucket, pending.name, all.toByteArray(), Map.of("up", "load"), record);
    }

    private void read(StoreFixture fixture, Bucket bucket, String name) {
        Content expected = objects(bucket).get(name);
        byte[] found = fixture.get(bucket, name);
        assertThat(found).as(bucket + "/" + name).isEqualTo(expected == null ? null : expected.bytes);
    }

    /// What a kill would leave: a copy of the folders while the store is open, which is then opened in their place.
    private void crash(StoreFixture fixture) throws IOException {
        // Nothing may move in the background while the copy is made.
        fixture.store().volumes().all().forEach(store -> {
            store.compaction().close();
            store.upkeep().close();
        });
        Path copy = Files.createTempDirectory(folder, "crash");
        List<Path> before;
        do {
            before = tree();
            LiveTree.delete(copy);
            LiveTree.copy(folder.resolve("one"), copy.resolve("one"), file -> true);
            LiveTree.copy(folder.resolve("two"), copy.resolve("two"), file -> true);
        } while (!before.equals(tree()));
        List<Path> folders = List.of(copy.resolve("one"), copy.resolve("two"));
        try (StoreFixture crashed =
                new StoreFixture(StoreFixture.smallConfig(Map.of()), folders, InstantSource.system())) {
            check(crashed);
            assertSameBooks(fixture, crashed);
        }
        fixture.restart();
    }

    private List<Path> tree() throws IOException {
        List<Path> files = LiveTree.walk(folder.resolve("one"), file -> true);
        files.addAll(LiveTree.walk(folder.resolve("two"), file -> true));
        return files;
    }

    /// The replayed space books say what those of the running store say.
    private static void assertSameBooks(StoreFixture running, StoreFixture replayed) {
        for (int index = 0; index < 2; index++) {
            VolumeStore left = running.store().volumes().all().get(index);
            VolumeStore right = replayed.store().volumes().all().get(index);
            assertThat(live(right)).isEqualTo(live(left));
            assertThat(right.usedBytes() - right.volume().segments().count() * (1L << 20))
                    .isEqualTo(left.usedBytes() - left.volume().segments().count() * (1L << 20));
        }
    }

    private static Map<Long, Long> live(VolumeStore store) {
        Map<Long, Long> live = new TreeMap<>();
        for (Segment segment : store.volume().segments().all()) {
            if (segment.liveBytes() > 0) {
                live.put(segment.id(), segment.liveBytes());
            }
        }
        return live;
    }

    private void check(StoreFixture fixture) {
        assertThat(fixture.store().space().objectCount())
                .isEqualTo(model.values().stream().mapToLong(Map::size).sum());
        for (Bucket bucket : BUCKETS) {
            List<String> names = new ArrayList<>();
            try (Scan scan = fixture.store().scan(bucket.id())) {
                while (scan.next()) {
                    names.add(scan.name());
                    Content expected = Objects.requireNonNull(objects(bucket).get(scan.name()), scan.name());
                    assertThat(scan.record().custom()).isEqualTo(expected.custom);
                    assertThat(scan.record().version()).isEqualTo(expected.version);
                }
            }
            assertThat(names).containsExactlyElementsOf(objects(bucket).keySet());
            names.forEach(name -> read(fixture, bucket, name));
        }
        uploads.forEach((id, pending) -> {
            List<Part> parts = fixture.store().listParts(pending.bucket, key(pending.bucket, pending.name), id);
            assertThat(parts).hasSize(pending.parts.size());
            for (Part part : parts) {
                assertThat(StoreFixture.content(
                                fixture.store().openPart(pending.bucket, key(pending.bucket, pending.name), part)))
                        .isEqualTo(pending.parts.get(part.number()));
            }
        });
    }

    /// When nothing is left, the books show nothing: every byte that was counted was counted back.
    private void removeEverything(StoreFixture fixture) {
        uploads.forEach(
                (id, pending) -> fixture.store().abortUpload(pending.bucket, key(pending.bucket, pending.name), id));
        for (Bucket bucket : BUCKETS) {
            for (String name : List.copyOf(objects(bucket).keySet())) {
                remove(fixture, bucket, name);
            }
        }
        for (VolumeStore store : fixture.store().volumes().all()) {
            assertThat(live(store)).isEmpty();
            assertThat(store.usedBytes()).isEqualTo(store.volume().segments().count() * (1L << 20));
        }
    }
}
