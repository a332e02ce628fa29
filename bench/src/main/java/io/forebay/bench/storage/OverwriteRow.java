package io.forebay.bench.storage;

import io.forebay.cluster.state.Bucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Overwrites of everything, again and again: does the space come back, and what do writers notice of that?
final class OverwriteRow {
    private static final int ROUNDS = 10;
    private static final double AMPLIFICATION_BAR = 1.3;
    private static final String AMPLIFICATION = "MiB on disk, spares and index too / MiB of objects";
    private static final String RATE = "PUT a second with compaction / without";
    private static final long PATIENCE_NANOS = Duration.ofMinutes(3).toNanos();
    private static final long SETTLED_NANOS = Duration.ofSeconds(8).toNanos();
    private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();
    private static final double MEBIBYTE = 1 << 20;
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
        Folders.requireFree(row.folder(), 2L * ROUNDS * objects * config.sizeBytes());
        Ratios ratios = new Ratios(
                        String.format(
                                Locale.ROOT,
                                "%,d objects of %s, %d writers, group, each overwritten %d times in shuffled order",
                                objects,
                                config.size(),
                                config.writers(),
                                ROUNDS),
                        "")
                .bar(AMPLIFICATION, Ratios.Side.AT_MOST, AMPLIFICATION_BAR);
        double still = config.stillStore().isEmpty() ? 0 : rate(config.stillStore(), "without compaction");
        Folders.remove(row.volume());
        try (MeasuredStore store = row.openStore()) {
            double busy = overwrite(store, "with compaction");
            if (still > 0) {
                ratios.add(RATE, busy, still);
            }
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

    private double rate(List<String> settings, String what) {
        List<String> all = new ArrayList<>(settings);
        try (MeasuredStore store = row.openStore(all.toArray(String[]::new))) {
            return overwrite(store, what);
        }
    }

    /// Writes everything, and then again and again; the rate of the second half of the overwrites.
    private double overwrite(MeasuredStore store, String what) {
        long start = 0;
        for (round = 0; round <= ROUNDS; round++) {
            if (round == ROUNDS / 2 + 1) {
                start = System.nanoTime();
            }
            Writers.Result result = writers.runUpTo(store, bucket, new AtomicLong(), objects);
            row.report()
                    .progress(String.format(
                            Locale.ROOT,
                            "%s, round %d: %,.0f a second, %.1f us each, %.2f x on disk",
                            what,
                            round,
                            result.perSecond(),
                            result.cpuMicros(),
                            Folders.bytes(row.volume()) / (double) objects / config.sizeBytes()));
        }
        return (ROUNDS - ROUNDS / 2) * objects / ((System.nanoTime() - start) / 1e9);
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
