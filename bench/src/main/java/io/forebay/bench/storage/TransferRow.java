package io.forebay.bench.storage;

import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.LaunchedPeer;
import io.forebay.bench.scenario.Peer;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import io.forebay.bench.scenario.Sample;
import io.forebay.bench.scenario.Wrk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// GET of 1 MiB over HTTP: processor time of the server against that of a server which does nothing but
/// sendfile.
final class TransferRow {
    private static final double BAR = 1.1;
    private static final String BUCKET = "bench";
    private static final int CONNECTIONS = 32;
    private static final Dataset OBJECTS = new Dataset("large", 1 << 20, 64);

    /// Takes the way of the large ones, by region (`http.buffers.gather`), but more often: what is warmed up
    /// is code, and at a thousand requests a second
    /// the compiler would still be at work when the measurement begins, on the processor that is measured.
    private static final Dataset WARM = new Dataset("warm", 264 << 10, 64);

    private final StorageConfig config;
    private final Home home;
    private final Report report;

    TransferRow(StorageConfig config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
    }

    void run() {
        Path files = home.folder("files");
        OBJECTS.writeFiles(files);
        Wrk wrk = new Wrk(home);
        try (LaunchedPeer bare = LaunchedPeer.ofJava(home, "sendfile", List.of(), SendfileMain.class.getName(), files);
                ForebayServer forebay = ForebayServer.start(home, config.run(), Map.of())) {
            forebay.calls().createBucket(BUCKET, "null");
            OBJECTS.put(forebay.address(), BUCKET);
            WARM.put(forebay.address(), BUCKET);
            report.result(compare(wrk, bare, forebay));
        } finally {
            Folders.remove(home.folder("data"));
            Folders.remove(files);
        }
    }

    private String compare(Wrk wrk, Peer bare, Peer forebay) {
        Ratios ratios = new Ratios(
                "GET of 1MiB over HTTP, " + OBJECTS.objects() + " objects, " + CONNECTIONS
                        + " connections, against a bare sendfile server",
                "us of processor time");
        Map<String, String> faces =
                Map.of("AIStore path", "/v1/objects/" + BUCKET + "/large/", "S3 path", "/" + BUCKET + "/large/");
        report.progress("warming up");
        faces.forEach((face, prefix) -> {
            ratios.bar(face, Ratios.Side.AT_MOST, BAR);
            load(wrk, forebay, prefix.replace("/large/", "/warm/"), config.warmUp());
            load(wrk, forebay, prefix, config.warmUp());
        });
        load(wrk, bare, "/large/", config.warmUp());
        for (int pair = 0; pair < config.pairs(); pair++) {
            report.progress("pair " + (pair + 1));
            faces.forEach((face, prefix) -> {
                Sample floor = load(wrk, bare, "/large/", config.time());
                Sample sample = load(wrk, forebay, prefix, config.time());
                ratios.add(face, sample.cpuMicros(), floor.cpuMicros());
                ratios.add(face + ", GET a second", sample.rate(), floor.rate());
            });
        }
        return ratios.text();
    }

    private static Sample load(Wrk wrk, Peer peer, String prefix, Duration time) {
        return wrk.run(peer, prefix, OBJECTS.objects(), CONNECTIONS, time);
    }
}
