package io.forebay.bench.scenario;

import io.forebay.bench.load.BulkTransfer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/// One very large object, in and out through both faces: does it cost heap?
public final class LargeScenario {
    private static final String BUCKET = "bench";
    private static final long WARM_UP_BYTES = 256 << 20;
    private static final double MEBIBYTE = 1 << 20;
    /// Heap bytes allocated for each byte of payload: what one small object for each full receive buffer comes to.
    private static final double ALLOCATION_BAR = 0.01;

    private final LargeConfig config;
    private final Home home;
    private final Report report;

    public LargeScenario(LargeConfig config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
    }

    public void run() {
        try (ForebayServer forebay = ForebayServer.start(home, config.run(), Map.of());
                JvmProbe probe = new JvmProbe(forebay.pid())) {
            forebay.calls().createBucket(BUCKET, "null");
            List<String> lines = new ArrayList<>();
            lines.add("One object of " + config.size() + ", " + config.run().javaOptions());
            lines.add("  %-18s %10s %12s %22s %26s"
                    .formatted("", "MiB/s", "CPU-s/GiB", "heap allocated, MiB", "heap after GC, MiB"));
            for (String prefix : List.of("/v1/objects/" + BUCKET + "/ais", "/" + BUCKET + "/s3")) {
                String face = prefix.startsWith("/v1") ? "AIStore" : "S3";
                put(forebay, prefix + "-warm", WARM_UP_BYTES);
                get(forebay, prefix + "-warm");
                lines.add(measure(face + " PUT", forebay, probe, size -> put(forebay, prefix, size)));
                lines.add(measure(face + " GET", forebay, probe, size -> get(forebay, prefix)));
            }
            report.result(String.join("\n", lines) + "\n");
        }
    }

    private String measure(String name, ForebayServer forebay, JvmProbe probe, LongUnaryOperator transfer) {
        report.progress(name);
        long size = config.size().bytes();
        double liveBefore = probe.liveHeapBytes() / MEBIBYTE;
        long allocatedBefore = probe.allocatedBytes();
        long cpuBefore = forebay.cpuNanos();
        long start = System.nanoTime();
        long moved = transfer.applyAsLong(size);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = (forebay.cpuNanos() - cpuBefore) / 1e9;
        long allocated = probe.allocatedBytes() - allocatedBefore;
        double liveAfter = probe.liveHeapBytes() / MEBIBYTE;
        if (moved < size) {
            throw new IllegalStateException(name + " moved " + moved + " bytes of " + size);
        }
        return "  %-18s %10.0f %12.2f %22.1f %15.1f -> %.1f  bar %.2f heap bytes a byte %s"
                .formatted(
                        name,
                        size / MEBIBYTE / seconds,
                        cpuSeconds / size * (1 << 30),
                        allocated / MEBIBYTE,
                        liveBefore,
                        liveAfter,
                        ALLOCATION_BAR,
                        allocated <= size * ALLOCATION_BAR ? "met" : "MISSED");
    }

    private static long put(ForebayServer forebay, String target, long size) {
        try (BulkTransfer transfer = new BulkTransfer(forebay.address())) {
            int status = transfer.put(target, size);
            if (status != 200) {
                throw new IllegalStateException("PUT " + target + ": status " + status);
            }
            return size;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long get(ForebayServer forebay, String target) {
        try (BulkTransfer transfer = new BulkTransfer(forebay.address())) {
            return transfer.get(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
