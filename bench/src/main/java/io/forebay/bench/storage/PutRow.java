package io.forebay.bench.storage;

import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.SyncFloor;
import io.forebay.cluster.state.Bucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// PUT of distinct small objects by many writers: against one sync for every object, and against loops that append
/// the same batches and do nothing else. Every measurement begins with a new volume.
final class PutRow {
    private static final double SYNC_BAR = 10.0;
    private static final double LOOP_BAR = 0.6;
    private static final double NONE_BAR = 0.5;
    private static final Duration RUN_IN = Duration.ofMillis(500);
    private static final String FSYNC_FILE = "group / a synced file for each";
    private static final String FSYNC_APPEND = "group / append and fdatasync for each";
    private static final String LOOP = "group / producers, append and sync batches";
    private static final String READY = "group / ready batches, append and sync";
    private static final String NONE = "none / producers, append batches";
    private static final String NONE_READY = "none / ready batches, append";

    private final Row row;
    private final StorageConfig config;
    private final Writers writers;

    PutRow(Row row) {
        this.row = row;
        this.config = row.config();
        this.writers = new Writers(config.writers(), config.sizeBytes(), number -> "put/" + number);
    }

    void run() {
        Ratios ratios = new Ratios(
                        "PUT, distinct objects of " + config.size() + ", " + config.writers() + " writers, storage API",
                        "per second")
                .bar(FSYNC_FILE, Ratios.Side.AT_LEAST, SYNC_BAR)
                .bar(LOOP, Ratios.Side.AT_LEAST, LOOP_BAR)
                .bar(NONE, Ratios.Side.AT_LEAST, NONE_BAR);
        row.report().progress("warming up");
        puts("group", config.warmUp());
        puts("none", config.warmUp());
        loop(BatchLoop.Sync.EACH_BATCH, config.warmUp().dividedBy(3));
        Writers.Result group = null;
        Writers.Result none = null;
        for (int pair = 0; pair < config.pairs(); pair++) {
            row.report().progress("pair " + (pair + 1));
            double file = floor(SyncFloor.FILE);
            group = puts("group", config.time());
            double append = floor(SyncFloor.APPEND);
            double produced = loop(BatchLoop.Sync.EACH_BATCH, config.time());
            double ready = ready(group, BatchLoop.Sync.EACH_BATCH);
            ratios.add(FSYNC_FILE, group.perSecond(), file)
                    .add(FSYNC_APPEND, group.perSecond(), append)
                    .add(LOOP, group.perSecond(), produced)
                    .add(READY, group.perSecond(), ready);
            none = puts("none", config.time());
            ratios.add(NONE, none.perSecond(), loop(BatchLoop.Sync.NEVER, config.time()))
                    .add(NONE_READY, none.perSecond(), ready(none, BatchLoop.Sync.NEVER));
        }
        note(ratios, "group", group);
        note(ratios, "none", none);
        row.report().result(ratios.text());
    }

    private static void note(Ratios ratios, String durability, Writers.@Nullable Result last) {
        if (last != null) {
            ratios.note("%s, last run: %.1f us of processor time each, %.1f objects in a batch"
                    .formatted(durability, last.cpuMicros(), last.batch()));
        }
    }

    private Writers.Result puts(String durability, Duration time) {
        Bucket bucket = MeasuredStore.bucket(1, durability);
        AtomicLong next = new AtomicLong();
        try (MeasuredStore store = row.openStore()) {
            writers.run(store, bucket, next, RUN_IN);
            return writers.run(store, bucket, next, time);
        } finally {
            Folders.remove(row.volume());
        }
    }

    private double floor(SyncFloor floor) {
        Path folder = row.folder().resolve("floor");
        try {
            Files.createDirectories(folder);
            return floor.run(folder, config.sizeBytes(), config.time()).rate();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Folders.remove(folder);
        }
    }

    private double loop(BatchLoop.Sync sync, Duration time) {
        Path file = row.folder().resolve("loop");
        try {
            return BatchLoop.produced(file, config.writers(), config.sizeBytes(), sync, time);
        } finally {
            Folders.remove(file);
        }
    }

    private double ready(Writers.Result ours, BatchLoop.Sync sync) {
        Path file = row.folder().resolve("loop");
        int batch = (int) Math.max(1, Math.round(ours.batch()));
        try {
            return BatchLoop.ready(file, batch, config.sizeBytes(), sync, config.time());
        } finally {
            Folders.remove(file);
        }
    }
}
