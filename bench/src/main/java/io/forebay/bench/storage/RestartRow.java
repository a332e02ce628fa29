package io.forebay.bench.storage;

import io.forebay.bench.load.BodyBytes;
import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.PutSource;
import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How long a server takes to serve again after it was killed in the middle of writes, by how many objects it has.
final class RestartRow {
    private static final double BAR_SECONDS = 3.0;
    private static final String BUCKET = "bench";
    private static final int OBJECT_BYTES = 1024;
    private static final int HEAD_BYTES = 1024;
    private static final int CONNECTIONS = 64;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final StorageConfig config;
    private final Home home;
    private final Report report;

    RestartRow(StorageConfig config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
    }

    void run() {
        Ratios ratios = new Ratios(
                "Restart after a kill under " + CONNECTIONS
                        + " writers: from the start of the process until it serves, every processor",
                "s, and the bar");
        for (String count : config.restartObjects()) {
            measure(ratios, config.count(Integer.parseInt(count)));
            Folders.remove(home.folder("data"));
        }
        report.result(ratios.text());
    }

    private void measure(Ratios ratios, int objects) {
        String name = String.format("%,d objects of 1KiB", objects);
        ratios.bar(name, Ratios.Side.AT_MOST, 1);
        List<Double> empty = new ArrayList<>();
        ForebayServer forebay = ForebayServer.startOnAll(home, config.run());
        try {
            for (int round = 0; round < config.pairs(); round++) {
                forebay.kill();
                long start = System.nanoTime();
                forebay = ForebayServer.startOnAll(home, config.run());
                empty.add((System.nanoTime() - start) / 1e9);
            }
            report.progress("storing " + objects + " objects");
            forebay.calls().createBucket(BUCKET, "null");
            new Dataset("set", OBJECT_BYTES, objects).put(forebay.address(), BUCKET);
            for (double emptySeconds : empty) {
                killUnderLoad(forebay);
                long start = System.nanoTime();
                forebay = ForebayServer.startOnAll(home, config.run());
                double seconds = (System.nanoTime() - start) / 1e9;
                report.progress("%s: %.2f s".formatted(name, seconds));
                ratios.add(name, seconds, BAR_SECONDS);
                ratios.add("the same, and without an object", seconds, emptySeconds);
            }
        } finally {
            forebay.close();
        }
    }

    private void killUnderLoad(ForebayServer forebay) {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        PutSource puts = new PutSource("/v1/objects/" + BUCKET + "/late/", "", new BodyBytes(OBJECT_BYTES, 1), 0);
        int enough = config.count(40_000);
        Thread.ofPlatform().start(() -> {
            try {
                LoadPlan plan = LoadPlan.closed(forebay.address(), CONNECTIONS, PATIENCE, OBJECT_BYTES + HEAD_BYTES);
                LoadLoop.run(plan, target -> {
                    if (puts.next() == enough) {
                        begun.countDown();
                    }
                    return puts.next(target);
                });
            } catch (UncheckedIOException e) {
                report.progress("killed: " + e.getMessage());
            } finally {
                ended.countDown();
            }
        });
        await(begun);
        forebay.kill();
        await(ended);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the writers do not come on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
