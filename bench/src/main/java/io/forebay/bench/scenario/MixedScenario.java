package io.forebay.bench.scenario;

import io.forebay.bench.load.BodyBytes;
import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.LoadResult;
import io.forebay.bench.load.MixedSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// A long run of everything at once, in a small heap: does memory stay flat?
public final class MixedScenario {
    private static final String BUCKET = "bench";
    private static final int HEAD_BYTES = 2048;
    private static final double MEBIBYTE = 1 << 20;
    private static final double FLAT_SHARE = 1.10;
    private static final double FLAT_MEBIBYTES = 16;

    private final MixedConfig config;
    private final Home home;
    private final Report report;

    /// One look at the server's memory, in MiB.
    private record Look(long seconds, double heap, double resident) {}

    public MixedScenario(MixedConfig config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
    }

    public void run() {
        try (ForebayServer forebay = ForebayServer.start(home, config.run(), Map.of());
                JvmProbe probe = new JvmProbe(forebay.pid())) {
            forebay.calls().createBucket(BUCKET, "null");
            BodyBytes small = new BodyBytes(Math.toIntExact(config.small().bytes()), 1);
            BodyBytes large = new BodyBytes(Math.toIntExact(config.large().bytes()), 2);
            MixedSource source = new MixedSource(BUCKET, config.objects(), small, large, 3);
            report.progress("warming up");
            load(forebay, source, config.run().warmUp());
            List<Look> looks = new ArrayList<>();
            Map<String, Histogram> latencies = new TreeMap<>();
            long start = System.nanoTime();
            long cpuBefore = forebay.cpuNanos();
            long requests = 0;
            while (System.nanoTime() - start < config.duration().toNanos()) {
                LoadResult result = load(forebay, source, config.look());
                requests += result.requests();
                merge(result, latencies);
                looks.add(look(probe, start));
            }
            double cpuMicros = (forebay.cpuNanos() - cpuBefore) / 1e3 / Math.max(1, requests);
            report.result(text(looks, latencies, requests, cpuMicros));
        }
    }

    private LoadResult load(ForebayServer forebay, MixedSource source, Duration time) {
        LoadPlan plan = new LoadPlan(
                forebay.address(),
                config.connections(),
                time,
                0,
                config.rate(),
                Math.toIntExact(config.large().bytes()) + HEAD_BYTES);
        return LoadLoop.run(plan, source).requireClean();
    }

    private static void merge(LoadResult result, Map<String, Histogram> latencies) {
        result.latencies()
                .forEach((name, histogram) -> latencies.merge(name, histogram, (all, next) -> {
                    all.add(next);
                    return all;
                }));
    }

    private Look look(JvmProbe probe, long start) {
        Look look = new Look(
                (System.nanoTime() - start) / 1_000_000_000,
                probe.liveHeapBytes() / MEBIBYTE,
                probe.residentBytes() / MEBIBYTE);
        report.progress("%4d s: %.1f MiB of heap after a collection, %.0f MiB resident"
                .formatted(look.seconds(), look.heap(), look.resident()));
        return look;
    }

    private String text(List<Look> looks, Map<String, Histogram> latencies, long requests, double cpuMicros) {
        StringBuilder out = new StringBuilder("Mixed run of %s with %s: %,d requests, %.1f CPU us each%n"
                .formatted(config.duration(), config.run().javaOptions(), requests, cpuMicros));
        out.append("  %8s %24s %14s%n".formatted("second", "heap after GC, MiB", "resident, MiB"));
        int every = Math.max(1, looks.size() / 10);
        for (int index = 0; index < looks.size(); index++) {
            if (index % every == 0 || index == looks.size() - 1) {
                Look look = looks.get(index);
                out.append("  %8d %24.1f %14.0f%n".formatted(look.seconds(), look.heap(), look.resident()));
            }
        }
        out.append("  heap: ").append(verdict(looks)).append('\n');
        latencies.forEach((name, histogram) -> out.append("  %-10s %,10d   p50 %.2f ms, p99 %.2f ms%n"
                .formatted(
                        name,
                        histogram.getTotalCount(),
                        histogram.getValueAtPercentile(50) / 1e6,
                        histogram.getValueAtPercentile(99) / 1e6)));
        return out.toString();
    }

    /// Compares the second quarter of the run with the last one.
    private static String verdict(List<Look> looks) {
        double early = median(looks.subList(looks.size() / 4, Math.max(looks.size() / 4 + 1, looks.size() / 2)));
        double late = median(looks.subList(looks.size() * 3 / 4, looks.size()));
        boolean flat = late <= Math.max(early * FLAT_SHARE, early + FLAT_MEBIBYTES);
        return "%.1f MiB in the second quarter, %.1f MiB in the last: %s"
                .formatted(early, late, flat ? "flat" : "GROWS");
    }

    private static double median(List<Look> looks) {
        double[] sorted = looks.stream().mapToDouble(Look::heap).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
