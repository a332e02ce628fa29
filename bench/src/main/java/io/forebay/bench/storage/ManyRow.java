package io.forebay.bench.storage;

import io.forebay.bench.load.ObjectNames;
import io.forebay.bench.scenario.ProcessTime;
import io.forebay.bench.scenario.Ratios;
import io.forebay.cluster.state.Bucket;
import io.forebay.storage.metadata.IndexConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// Very many small objects on one volume: does the rate stay, does memory, and what does an object cost on disk?
final class ManyRow {
    private static final int STEPS = 10;
    private static final int OBJECT_BYTES = 1024;
    private static final int SPARE_BYTES = 500;
    private static final double RATE_BAR = 0.8;
    private static final double OVERHEAD_BAR = 200;
    private static final double MEBIBYTE = 1 << 20;
    /// Odd, so that numbers below a power of two are visited in an order that keeps no neighbours together.
    private static final long STRIDE = 7_368_787;

    private final Row row;
    private final StorageConfig config;
    private final long step;
    private final long modulus;

    ManyRow(Row row) {
        this.row = row;
        this.config = row.config();
        this.step = config.count(config.manyObjects()) / STEPS;
        this.modulus = STEPS * step;
    }

    void run() {
        Folders.requireFree(row.folder(), modulus * (OBJECT_BYTES + SPARE_BYTES));
        Bucket bucket = MeasuredStore.bucket(1, "group");
        Writers writers = new Writers(config.writers(), OBJECT_BYTES, this::name);
        AtomicLong next = new AtomicLong();
        List<Double> rates = new ArrayList<>();
        double indexBytes = 0;
        try (MeasuredStore store = row.openStore()) {
            for (int index = 0; index < STEPS; index++) {
                Writers.Result result = writers.runUpTo(store, bucket, next, (index + 1) * step);
                rates.add(result.perSecond());
                indexBytes = Math.max(indexBytes, indexBytes(store));
                row.report()
                        .progress(String.format(
                                Locale.ROOT,
                                "%,d objects: %,.0f a second, %.1f us each, %.1f a batch, index %.0f MiB, heap %d MiB,"
                                        + " resident %.0f MiB",
                                next.get(),
                                result.perSecond(),
                                result.cpuMicros(),
                                result.batch(),
                                indexBytes(store) / MEBIBYTE,
                                Row.liveHeapMebibytes(),
                                ProcessTime.residentBytes(
                                                ProcessHandle.current().pid())
                                        / MEBIBYTE));
            }
            report(store, rates, indexBytes);
        }
    }

    private void report(MeasuredStore store, List<Double> rates, double indexBytes) {
        long heap = Row.liveHeapMebibytes();
        long resident = ProcessTime.residentBytes(ProcessHandle.current().pid());
        if (store.objects().space().objectCount() != modulus) {
            throw new IllegalStateException(
                    "there are " + store.objects().space().objectCount() + " objects");
        }
        double overhead = Folders.bytes(row.volume()) / (double) modulus - OBJECT_BYTES;
        String title = String.format(
                Locale.ROOT,
                "%,d objects of 1KiB on one volume, %d writers, group, names like %s in shuffled order, -Xmx%dm",
                modulus,
                config.writers(),
                name(1),
                Runtime.getRuntime().maxMemory() / (1 << 20));
        Ratios ratios = new Ratios(title, "")
                .add("last tenth / second tenth, PUT a second", rates.getLast(), rates.get(1))
                .bar("last tenth / second tenth, PUT a second", Ratios.Side.AT_LEAST, RATE_BAR)
                .add("bytes on disk beyond the payload / allowed", overhead, OVERHEAD_BAR)
                .bar("bytes on disk beyond the payload / allowed", Ratios.Side.AT_MOST, 1)
                .add("index memory / its settings, MiB", indexBytes / MEBIBYTE, settings() / MEBIBYTE)
                .bar("index memory / its settings, MiB", Ratios.Side.AT_MOST, 1);
        ratios.note("heap after a collection " + heap + " MiB, resident " + (resident >> 20) + " MiB");
        ratios.note("PUT a second by tenths: "
                + String.join(", ", rates.stream().map(Ratios::number).toList()));
        row.report().result(ratios.text());
    }

    /// What the index has in memory now: blocks, entries not flushed, and tables of entries.
    private double indexBytes(MeasuredStore store) {
        return store.metric("forebay_storage_index_memory_bytes");
    }

    private double settings() {
        return index().memory().bytes();
    }

    private IndexConfig index() {
        return MeasuredStore.config(config.store()).index();
    }

    private String name(long number) {
        return "train/" + ObjectNames.of(number * STRIDE % modulus) + ".jpeg";
    }
}
