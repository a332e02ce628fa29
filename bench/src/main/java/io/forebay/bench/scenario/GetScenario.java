package io.forebay.bench.scenario;

import io.forebay.common.config.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// GET of small and large objects through both faces, against nginx on the same files.
public final class GetScenario {
    private static final double SMALL_BAR = 0.75;
    private static final double LARGE_BAR = 1.0;
    private static final String BUCKET = "bench";
    private static final String AISTORE = "AIStore path";
    private static final String S3 = "S3 path";

    private final GetConfig config;
    private final Home home;
    private final Report report;

    /// One set of objects and what is asked of it.
    private record Case(String title, Dataset dataset, double bar) {
        String path() {
            return "/" + dataset.name() + "/";
        }
    }

    public GetScenario(GetConfig config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
    }

    public void run() {
        Path files = home.folder("files");
        List<Case> cases = cases();
        report.progress("writing files");
        cases.forEach(each -> each.dataset().writeFiles(files));
        Wrk wrk = new Wrk(home);
        try (LaunchedPeer nginx = NginxServer.start(home, files);
                ForebayServer forebay = ForebayServer.start(home, config.run(), Map.of())) {
            forebay.calls().createBucket(BUCKET, "null");
            for (Case each : cases) {
                report.progress("storing " + each.title());
                fill(forebay, each.dataset());
            }
            for (Case each : cases) {
                report.result(compare(each, wrk, nginx, forebay));
            }
        }
    }

    private List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case(
                "hot set of " + config.hot() + " objects of " + config.small(),
                new Dataset("hot", bytes(config.small()), config.hot()),
                SMALL_BAR));
        if (config.random() > 0) {
            cases.add(new Case(
                    "random of " + config.random() + " objects of " + config.small(),
                    new Dataset("random", bytes(config.small()), config.random()),
                    SMALL_BAR));
        }
        if (config.largeObjects() > 0) {
            cases.add(new Case(
                    config.largeObjects() + " objects of " + config.large(),
                    new Dataset("large", bytes(config.large()), config.largeObjects()),
                    LARGE_BAR));
        }
        return cases;
    }

    private static int bytes(DataSize size) {
        return Math.toIntExact(size.bytes());
    }

    private static void fill(ForebayServer forebay, Dataset dataset) {
        dataset.put(forebay.address(), BUCKET);
        String name = dataset.name() + "/o00000001";
        dataset.require(1, forebay.calls().read("/v1/objects/" + BUCKET + "/" + name));
        dataset.require(1, forebay.calls().read("/" + BUCKET + "/" + name));
    }

    private String compare(Case each, Wrk wrk, LaunchedPeer nginx, ForebayServer forebay) {
        String aistore = "/v1/objects/" + BUCKET + each.path();
        String s3 = "/" + BUCKET + each.path();
        report.progress("warming up: " + each.title());
        load(wrk, forebay, aistore, each, config.run().warmUp());
        load(wrk, forebay, s3, each, config.run().warmUp());
        load(wrk, nginx, each.path(), each, Duration.ofSeconds(1));
        Comparison comparison = new Comparison(
                "GET, " + each.title() + ", " + config.connections() + " connections, against nginx", "nginx");
        comparison.bar(AISTORE, each.bar());
        comparison.bar(S3, each.bar());
        for (int pair = 0; pair < config.run().pairs(); pair++) {
            report.progress("pair " + (pair + 1) + ": " + each.title());
            Sample peer = load(wrk, nginx, each.path(), each, config.run().time());
            comparison.add(
                    AISTORE,
                    peer,
                    load(wrk, forebay, aistore, each, config.run().time()));
            peer = load(wrk, nginx, each.path(), each, config.run().time());
            comparison.add(S3, peer, load(wrk, forebay, s3, each, config.run().time()));
        }
        return comparison.text();
    }

    private Sample load(Wrk wrk, Peer peer, String prefix, Case each, Duration time) {
        return wrk.run(peer, prefix, each.dataset().objects(), config.connections(), time);
    }
}
