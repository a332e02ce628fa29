package io.forebay.bench.storage;

import io.forebay.bench.load.BodyBytes;
import io.forebay.bench.scenario.Ratios;
import io.forebay.cluster.state.Bucket;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.object.Completion;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.object.WriteOptions;
import io.forebay.storage.object.WriteSession;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Ranges of an object of very many parts against the same ranges of a plain object of that size.
final class PartsRow {
    private static final double BAR = 1.5;
    private static final int RANGE_BYTES = 10 << 10;
    /// Goes into segments.
    private static final int SMALL_PART_BYTES = 64 << 10;
    /// Has a file of its own.
    private static final int LARGE_PART_BYTES = 160 << 10;

    private final Row row;
    private final StorageConfig config;
    private final Bucket bucket = MeasuredStore.bucket(1, "none");
    private final ByteBuffer target = ByteBuffer.allocateDirect(RANGE_BYTES);
    private final Random random = new Random(4);
    private final int parts;

    PartsRow(Row row) {
        this.row = row;
        this.config = row.config();
        this.parts = config.count(config.parts());
    }

    void run() {
        Folders.requireFree(row.folder(), 2L * parts * (SMALL_PART_BYTES + LARGE_PART_BYTES));
        Ratios ratios = new Ratios(
                "Ranges of 10KiB of an object of " + parts + " parts, storage API, against a plain object of its size",
                "us of processor time");
        try (MeasuredStore store = row.openStore()) {
            measure(store, ratios, "parts of 64KiB, in segments", SMALL_PART_BYTES);
            measure(store, ratios, "parts of 160KiB, in files", LARGE_PART_BYTES);
        }
        row.report().result(ratios.text());
    }

    private void measure(MeasuredStore store, Ratios ratios, String name, int partBytes) {
        row.report().progress("storing " + name);
        storeParts(store, name, partBytes);
        storePlain(store, "plain " + name, partBytes);
        ratios.bar(name, Ratios.Side.AT_MOST, BAR);
        cost(store, name, partBytes, config.warmUp().dividedBy(3));
        cost(store, "plain " + name, partBytes, config.warmUp().dividedBy(3));
        for (int pair = 0; pair < config.pairs(); pair++) {
            row.report().progress("pair " + (pair + 1) + ": " + name);
            double ours = cost(store, name, partBytes, config.time());
            ratios.add(name, ours, cost(store, "plain " + name, partBytes, config.time()));
        }
    }

    private void storeParts(MeasuredStore store, String name, int partBytes) {
        ObjectKey key = new ObjectKey(bucket.name(), name);
        BodyBytes body = new BodyBytes(partBytes, 1);
        String id = store.objects()
                .createUpload(bucket, key, new Upload.Options(Upload.Kind.MULTIPART, "", Map.of(), Map.of()));
        for (int part = 0; part < parts; part++) {
            WriteOptions options = WriteOptions.ofLength(partBytes);
            try (WriteSession session = store.objects().beginPart(bucket, key, id, part + 1, options)) {
                session.write(body.numbered(part));
                session.commit(Conditions.NONE);
            }
        }
        store.objects()
                .completeUpload(
                        bucket,
                        key,
                        id,
                        Conditions.NONE,
                        (upload, all) -> new Completion(all, "0123456789abcdef-1", List.of(), null, null));
    }

    private void storePlain(MeasuredStore store, String name, int partBytes) {
        BodyBytes body = new BodyBytes(partBytes, 1);
        WriteOptions options = WriteOptions.ofLength((long) parts * partBytes);
        try (WriteSession session = store.objects().begin(bucket, new ObjectKey(bucket.name(), name), options)) {
            for (int part = 0; part < parts; part++) {
                session.write(body.numbered(part));
            }
            session.commit(Conditions.NONE);
        }
    }

    /// Microseconds of processor time of one range.
    private double cost(MeasuredStore store, String name, int partBytes, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long start = ProcessorClock.threadNanos();
        long count = 0;
        while (System.nanoTime() < end) {
            read(store, name, partBytes);
            count++;
        }
        return (ProcessorClock.threadNanos() - start) / 1e3 / count;
    }

    private void read(MeasuredStore store, String name, int partBytes) {
        int part = random.nextInt(parts);
        ReadOutcome.Choice choice = record -> new ByteRange((long) part * partBytes, RANGE_BYTES);
        ReadOutcome outcome =
                store.objects().read(bucket, new ObjectKey(bucket.name(), name), Waiting.FORBIDDEN, choice);
        if (outcome instanceof ReadOutcome.WouldWait) {
            outcome = store.objects().read(bucket, new ObjectKey(bucket.name(), name), Waiting.ALLOWED, choice);
        }
        if (!(outcome instanceof ReadOutcome.Found found)) {
            throw new IllegalStateException(name + " is not there");
        }
        target.clear();
        for (FileSlice slice : found.slices()) {
            try (slice) {
                target.limit(target.position() + (int) slice.length());
                if (!slice.readNow(0, target)) {
                    slice.read(0, target);
                }
            }
        }
        if (target.getLong(0) != part || target.hasRemaining() || target.position() != RANGE_BYTES) {
            throw new IllegalStateException(name + " came back with other bytes");
        }
    }
}
