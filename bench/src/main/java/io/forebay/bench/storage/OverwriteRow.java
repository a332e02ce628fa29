package io.forebay.bench.storage;

import io.forebay.bench.scenario.Ratios;
import io.forebay.cluster.state.Bucket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Overwrites of everything, again and again: does the space come back, and what do writers notice of that?
final class OverwriteRow {
    /// Overwrites of everything, behind those of the warm-up.
    private static final int ROUNDS = 10;
    /// Overwrites that are measured together, so that compaction falls behind by little of them.
    private static final int BLOCK = 2;
    private static final double AMPLIFICATION_BAR = 1.3;
    private static final String AMPLIFICATION = "MiB on disk, spares and index too / MiB of objects";
    private static final String RATE = "PUT a second with compaction / without";
    private static final long PATIENCE_NANOS = Duration.ofMinutes(3).toNanos();
    private static final long SETTLED_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();
    private static final double MEBIBYTE = 1 << 20;
    private static final String MOVED = "forebay_storage_compaction_moved_bytes_total";
    /// A prime that no likely count of objects is a multiple of.
    private static final long STRIDE = 7_368_787;
    private static final long SHIFT = 7919;

    private final Row row;
    private final StorageConfig config;
    private final Bucket bucket = MeasuredStore.bucket(1, "group");
    private final long objects;
    private final Writers writers;
    private long round;

    OverwriteRow(Row row) {
        this.row = row;
        this.config = row.config();
        this.objects = config.count(config.overwriteObjects());
        this.writers = new Writers(
                config.writers(), config.sizeBytes(), number -> "data/" + (number * STRIDE + round * SHIFT) % objects);
    }

    void run() {
        Folders.requireFree(row.folder(), 2L * (ROUNDS + BLOCK) * objects * config.sizeBytes());
        Ratios ratios = new Ratios(
                        String.format(
                                Locale.ROOT,
                                "%,d objects of %s, %d writers, group, each overwritten %d times in shuffled order",
                                objects,
                                config.size(),
                                config.writers(),
                                ROUNDS + BLOCK),
                        "per second; MiB")
                .bar(AMPLIFICATION, Ratios.Side.AT_MOST, AMPLIFICATION_BAR);
        try (MeasuredStore store = row.openStore()) {
            compare(store, ratios);
            double written = Folders.bytes(row.volume());
            long settled = settle();
            ratios.add(AMPLIFICATION, Folders.bytes(row.volume()) / MEBIBYTE, objects * config.sizeBytes() / MEBIBYTE);
            ratios.note(String.format(
                    Locale.ROOT,
                    "%.2f at the end of the last round, settled after %.1f s",
                    written / objects / config.sizeBytes(),
                    settled / 1e9));
        }
        row.report().result(ratios.text());
    }

    /// Overwrites in both stores by turns, after each has been filled and overwritten once: what compaction does
    /// meanwhile counts for the store that has it, and what it does behind the last write of a block is noted.
    private void compare(MeasuredStore store, Ratios ratios) {
        Path volume = row.folder().resolve("still");
        List<String> settings = new ArrayList<>(config.stillStore());
        settings.addAll(config.store());
        double during = 0;
        try (MeasuredStore still = MeasuredStore.open(volume, settings)) {
            warmUp(store, "with compaction");
            warmUp(still, "without compaction");
            double before = store.metric(MOVED);
            for (int pair = 0; pair < ROUNDS / BLOCK; pair++) {
                boolean first = pair % 2 == 0;
                double floor = first ? 0 : overwrite(still, "without compaction");
                double begin = store.metric(MOVED);
                double busy = overwrite(store, "with compaction");
                during += store.metric(MOVED) - begin;
                settle();
                ratios.add(RATE, busy, first ? overwrite(still, "without compaction") : floor);
            }
            double moved = store.metric(MOVED) - before;
            ratios.note(String.format(
                    Locale.ROOT,
                    "compaction moved %,.0f MiB, %.0f %% of them while the rate was measured",
                    moved / MEBIBYTE,
                    100 * during / Math.max(1, moved)));
        } finally {
            Folders.remove(volume);
        }
    }

    private void warmUp(MeasuredStore store, String what) {
        writers.runUpTo(store, bucket, new AtomicLong(), objects);
        overwrite(store, "warm-up " + what);
    }

    /// Overwrites everything a few times; objects a second.
    private double overwrite(MeasuredStore store, String what) {
        long start = System.nanoTime();
        for (int time = 0; time < BLOCK; time++) {
            round++;
            Writers.Result result = writers.runUpTo(store, bucket, new AtomicLong(), objects);
            row.report()
                    .progress(String.format(
                            Locale.ROOT,
                            "%s: %,.0f a second, %.1f us each, %.2f x on disk",
                            what,
                            result.perSecond(),
                            result.cpuMicros(),
                            Folders.bytes(row.volume()) / (double) objects / config.sizeBytes()));
        }
        return BLOCK * objects / ((System.nanoTime() - start) / 1e9);
    }

    /// Waits until the volume's size has not changed for a while; returns how long it did change.
    private long settle() {
        long begin = System.nanoTime();
        long changed = begin;
        long bytes = Folders.bytes(row.volume());
        while (System.nanoTime() - changed < SETTLED_NANOS && System.nanoTime() - begin < PATIENCE_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
            long now = Folders.bytes(row.volume());
            if (now != bytes) {
                bytes = now;
                changed = System.nanoTime();
            }
        }
        return changed - begin;
    }
}
