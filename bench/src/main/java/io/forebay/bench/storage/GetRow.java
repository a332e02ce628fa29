package io.forebay.bench.storage;

import io.forebay.bench.scenario.Ratios;
import io.forebay.cluster.state.Bucket;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/// GET of small objects by the store's API against a RocksDB look-up and a pread on the same data, everything in
/// memory: what the store adds to what it must do.
final class GetRow {
    private static final double BAR = 2.0;
    private static final int HOT = 200;
    /// Holds about 8,000 entries.
    private static final String SMALL_TABLE = "index.hot-share=0.84%";
    private static final int ROUND = 100;

    private final Row row;
    private final StorageConfig config;
    private final Bucket bucket = MeasuredStore.bucket(1, "none");
    private final int objects;
    private final ByteBuffer target;
    private final Random random = new Random(3);

    GetRow(Row row) {
        this.row = row;
        this.config = row.config();
        this.objects = Math.max(HOT, config.count(config.getObjects()));
        this.target = ByteBuffer.allocateDirect(config.sizeBytes());
    }

    void run() {
        row.report().progress("storing " + objects + " objects");
        try (MeasuredStore store = row.openStore(SMALL_TABLE)) {
            new Writers(config.writers(), config.sizeBytes(), GetRow::name)
                    .runUpTo(store, bucket, new AtomicLong(), objects);
        }
        // Closing has flushed the index, so that RocksDB alone sees all of it.
        Map<Long, FileChannel> segments = new HashMap<>();
        try (MeasuredStore store = row.openStore(SMALL_TABLE);
                BareIndex index = BareIndex.open(row.volume(), 128 << 20)) {
            measure(number -> read(store, number), number -> readBare(index, segments, number));
        } finally {
            segments.values().forEach(GetRow::close);
        }
    }

    private void measure(IntConsumer ours, IntConsumer bare) {
        String hot = "hot set of " + HOT;
        String any = "random of " + objects;
        Ratios ratios = new Ratios(
                        "GET of " + config.size() + " by the storage API, hot table of 2MiB, against RocksDB get and"
                                + " pread",
                        "us of processor time")
                .bar(hot, Ratios.Side.AT_MOST, BAR)
                .bar(any, Ratios.Side.AT_MOST, BAR);
        row.report().progress("warming up");
        cost(ours, objects, config.warmUp().dividedBy(2));
        cost(bare, objects, config.warmUp().dividedBy(2));
        for (int pair = 0; pair < config.pairs(); pair++) {
            row.report().progress("pair " + (pair + 1));
            ratios.add(hot, cost(ours, HOT, config.time()), cost(bare, HOT, config.time()));
            ratios.add(any, cost(ours, objects, config.time()), cost(bare, objects, config.time()));
        }
        row.report().result(ratios.text());
    }

    /// Microseconds of processor time of one read among the first so many objects.
    private double cost(IntConsumer read, int distinct, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long start = ProcessorClock.threadNanos();
        long count = 0;
        while (System.nanoTime() < end) {
            for (int index = 0; index < ROUND; index++) {
                read.accept(random.nextInt(distinct));
            }
            count += ROUND;
        }
        return (ProcessorClock.threadNanos() - start) / 1e3 / count;
    }

    /// As a server reads: without waiting where memory has everything.
    private void read(MeasuredStore store, int number) {
        String name = name(number);
        ReadOutcome outcome = store.objects()
                .read(bucket, new ObjectKey(bucket.name(), name), Waiting.FORBIDDEN, ReadOutcome.Choice.ALL);
        if (outcome instanceof ReadOutcome.WouldWait) {
            outcome = store.objects()
                    .read(bucket, new ObjectKey(bucket.name(), name), Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        }
        if (!(outcome instanceof ReadOutcome.Found found)) {
            throw new IllegalStateException(name + " is not there");
        }
        try (FileSlice slice = found.slices().getFirst()) {
            target.clear();
            if (!slice.readNow(0, target)) {
                slice.read(0, target);
            }
        }
        check(number);
    }

    private void readBare(BareIndex index, Map<Long, FileChannel> segments, int number) {
        byte[] value = index.find(IndexKeys.object(bucket.id(), name(number)));
        if (value == null) {
            throw new IllegalStateException(name(number) + " is not in the index");
        }
        ObjectRecord record = ObjectRecord.of(value);
        FileChannel segment = segments.computeIfAbsent(record.segment(), this::segment);
        try {
            target.clear();
            while (target.hasRemaining()) {
                segment.read(target, record.inlineOffset() + target.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        check(number);
    }

    private void check(int number) {
        if (target.getLong(0) != number) {
            throw new IllegalStateException(name(number) + " came back with other bytes");
        }
    }

    private FileChannel segment(long id) {
        try {
            return FileChannel.open(
                    row.volume().resolve("segments").resolve("%016x.seg".formatted(id)), StandardOpenOption.READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(long number) {
        return "train/n" + number % 1000 + "/image_" + number + ".jpeg";
    }
}
