package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.key;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.config.Settings;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Measures the store by itself: durable PUTs against one fsync per object on the same disk, and what a small GET
/// costs. Not part of any build; arguments: folder, seconds for each measurement, `key=value` settings.
///
/// With `fill` or `open` in place of the seconds: puts a million objects of 1 KiB and dies while it goes on writing;
/// opens what that left, and says how long it took. With `parts`: reads of a range of an object of 10,000 parts.
final class StoreSpeedMain {
    private static final int OBJECT_BYTES = 10 << 10;
    private static final int WRITERS = 64;

    private StoreSpeedMain() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        String what = arguments[1];
        double seconds = what.matches("[0-9.]+") ? Double.parseDouble(what) : 3;
        Map<String, String> settings = new HashMap<>();
        for (int index = 2; index < arguments.length; index++) {
            String[] pair = arguments[index].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        Files.createDirectories(folder);
        StoreConfig config = Settings.of(StoreConfig.class).bind(settings);
        if (what.equals("open")) {
            open(config, folder.resolve("volume"));
            return;
        }
        try (StoreFixture fixture =
                new StoreFixture(config, List.of(folder.resolve("volume")), InstantSource.system())) {
            if (what.equals("fill")) {
                fill(fixture);
            }
            if (what.equals("parts")) {
                parts(fixture, seconds);
                return;
            }
            puts(fixture, Durability.GROUP, seconds);
            for (int round = 0; round < 3; round++) {
                double each = fsyncEach(folder.resolve("each"), seconds);
                double group = puts(fixture, Durability.GROUP, seconds);
                double none = puts(fixture, Durability.NONE, seconds);
                double batches = bareBatches(folder.resolve("batches"), seconds, 32);
                print(
                        "fsync each %.0f/s, group %.0f/s (%.1fx), none %.0f/s, bare batches of 32 %.0f/s",
                        each, group, group / each, none, batches);
            }
            reads(fixture, seconds);
        }
    }

    private static void open(StoreConfig config, Path folder) {
        long start = System.nanoTime();
        try (StoreFixture fixture = new StoreFixture(config, List.of(folder), InstantSource.system())) {
            double elapsed = (System.nanoTime() - start) / 1e9;
            print("%d objects, open after %.2f s", fixture.store().space().objectCount(), elapsed);
            print(
                    "%s",
                    fixture.metrics
                            .text()
                            .lines()
                            .filter(l -> l.contains("replayed"))
                            .toList());
            // As a kill would: the next start has the same to do.
            Runtime.getRuntime().halt(0);
        }
    }

    private static void fill(StoreFixture fixture) throws Exception {
        Bucket bucket = StoreFixture.bucket(1, Durability.NONE);
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < WRITERS; writer++) {
                threads.execute(() -> {
                    ByteBuffer content = ByteBuffer.allocateDirect(1024);
                    while (true) {
                        int id = next.getAndIncrement();
                        if (id == 1_100_000) {
                            Runtime.getRuntime().halt(0);
                        }
                        try (WriteSession session = fixture.store()
                                .begin(bucket, key(bucket, "object-" + id % 1_000_000), WriteOptions.ofLength(1024))) {
                            session.write(content.clear());
                            session.commit(Conditions.NONE);
                        }
                    }
                });
            }
        }
    }

    /// Ranges of 10 KiB out of an object of 10,000 parts, and out of a plain one of the same size.
    private static void parts(StoreFixture fixture, double seconds) {
        Bucket bucket = StoreFixture.bucket(1, Durability.NONE);
        int size = 10_000 * OBJECT_BYTES;
        byte[] part = new byte[OBJECT_BYTES];
        String upload = fixture.store()
                .createUpload(
                        bucket, key(bucket, "many"), new Upload.Options(Upload.Kind.MULTIPART, "", Map.of(), Map.of()));
        for (int number = 1; number <= 10_000; number++) {
            fixture.putPart(bucket, "many", upload, number, part);
        }
        fixture.store()
                .completeUpload(
                        bucket,
                        key(bucket, "many"),
                        upload,
                        Conditions.NONE,
                        (found, list) -> new Completion(list, null, List.of(), null, ChecksumType.XXHASH64));
        try (WriteSession session = fixture.store().begin(bucket, key(bucket, "one"), WriteOptions.ofLength(size))) {
            for (int number = 1; number <= 10_000; number++) {
                StoreFixture.writeInPieces(session, part);
            }
            session.commit(Conditions.NONE);
        }
        ByteBuffer target = ByteBuffer.allocateDirect(OBJECT_BYTES);
        Random random = new Random(1);
        ReadOutcome.Choice choice = record -> new ByteRange(random.nextInt(9_999) * (long) OBJECT_BYTES, OBJECT_BYTES);
        for (int round = 0; round < 3; round++) {
            for (String name : List.of("many", "one")) {
                double cost =
                        cost(new String[] {name}, 1, seconds, read -> readNow(fixture, bucket, read, choice, target));
                print("range of %s: %.2f us CPU", name, cost);
            }
        }
    }

    private static double puts(StoreFixture fixture, Durability durability, double seconds) throws Exception {
        Bucket bucket = StoreFixture.bucket(1, durability);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        AtomicInteger count = new AtomicInteger();
        long cpu = cpuNanos();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int id = writer;
                writers.add(threads.submit(() -> {
                    ByteBuffer content = ByteBuffer.allocateDirect(OBJECT_BYTES);
                    WriteOptions options = WriteOptions.ofLength(OBJECT_BYTES);
                    for (int round = 0; System.nanoTime() < end; round++) {
                        String name = "object-" + id + "-" + round % 2000;
                        try (WriteSession session = fixture.store().begin(bucket, key(bucket, name), options)) {
                            content.clear().putInt(0, round);
                            session.write(content);
                            session.commit(Conditions.NONE);
                        }
                        count.incrementAndGet();
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        print(
                "  %s: %.0f PUT/s, %.1f us CPU each",
                durability, count.get() / elapsed, (cpuNanos() - cpu) / 1e3 / count.get());
        return count.get() / elapsed;
    }

    private static double fsyncEach(Path file, double seconds) throws IOException {
        return appends(file, seconds, 1);
    }

    private static double bareBatches(Path file, double seconds, int batch) throws IOException {
        return appends(file, seconds, batch);
    }

    private static double appends(Path file, double seconds, int batch) throws IOException {
        Files.deleteIfExists(file);
        ByteBuffer[] content = new ByteBuffer[batch];
        for (int index = 0; index < batch; index++) {
            content[index] = ByteBuffer.allocateDirect(OBJECT_BYTES);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long start = System.nanoTime();
            long end = start + (long) (seconds * 1e9);
            int count = 0;
            while (System.nanoTime() < end) {
                for (ByteBuffer buffer : content) {
                    buffer.clear();
                }
                while (content[batch - 1].hasRemaining()) {
                    channel.write(content);
                }
                channel.force(false);
                count += batch;
            }
            return count / ((System.nanoTime() - start) / 1e9);
        } finally {
            Files.delete(file);
        }
    }

    /// CPU time, since the wall's says more about the machine's other work than about this.
    private static void reads(StoreFixture fixture, double seconds) {
        Bucket bucket = StoreFixture.bucket(1, Durability.GROUP);
        String[] names = fixture.names(bucket).toArray(String[]::new);
        ByteBuffer target = ByteBuffer.allocateDirect(OBJECT_BYTES);
        ReadOutcome.Choice choice = record -> new ByteRange(0, record.size());
        for (int round = 0; round < 3; round++) {
            for (int distinct : new int[] {200, names.length}) {
                double ours = cost(names, distinct, seconds, name -> readNow(fixture, bucket, name, choice, target));
                double floor = cost(names, distinct, seconds, name -> readBare(fixture, bucket, name, target));
                print("read %d distinct: %.2f us, RocksDB get and pread %.2f us, CPU", distinct, ours, floor);
            }
        }
    }

    private static double cost(String[] names, int distinct, double seconds, Consumer<String> read) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Random random = new Random(1);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long start = threads.getCurrentThreadCpuTime();
        long count = 0;
        while (System.nanoTime() < end) {
            for (int index = 0; index < 100; index++) {
                read.accept(names[random.nextInt(distinct)]);
            }
            count += 100;
        }
        return (threads.getCurrentThreadCpuTime() - start) / 1e3 / count;
    }

    private static void readNow(
            StoreFixture fixture, Bucket bucket, String name, ReadOutcome.Choice choice, ByteBuffer target) {
        ReadOutcome outcome =
                fixture.store().read(bucket, new ObjectKey(bucket.name(), name), Waiting.FORBIDDEN, choice);
        if (!(outcome instanceof ReadOutcome.Found)) {
            outcome = fixture.store().read(bucket, new ObjectKey(bucket.name(), name), Waiting.ALLOWED, choice);
        }
        try (FileSlice slice = ((ReadOutcome.Found) outcome).slices().getFirst()) {
            if (!slice.readNow(0, target.clear())) {
                slice.read(0, target.clear());
            }
        }
    }

    private static void readBare(StoreFixture fixture, Bucket bucket, String name, ByteBuffer target) {
        VolumeStore store = fixture.store().volumes().all().getFirst();
        byte[] value = Objects.requireNonNull(store.index().find(Family.CURRENT, IndexKeys.object(bucket.id(), name)));
        ObjectRecord record = ObjectRecord.of(value);
        try (FileSlice slice = Objects.requireNonNull(
                store.volume().sliceNow(record.segment(), record.inlineOffset(), record.size()))) {
            slice.read(0, target.clear());
        }
    }

    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(d -> d.toNanos())
                .orElse(0L);
    }

    @SuppressWarnings("AnnotateFormatMethod") // For this class alone.
    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
