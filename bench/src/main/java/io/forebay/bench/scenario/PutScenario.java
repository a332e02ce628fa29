package io.forebay.bench.scenario;

import io.forebay.bench.load.BodyBytes;
import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.PutSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// PUT of small objects with each durability, against one sync for every object on the same disk.
public final class PutScenario {
    private static final double GROUP_BAR = 6.0;
    private static final int HEAD_BYTES = 1024;

    private final PutConfig config;
    private final Home home;
    private final Report report;

    /// One bucket through one face.
    private record Variant(String name, String prefix, PutSource source) {}

    public PutScenario(PutConfig config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
    }

    public void run() {
        int bytes = Math.toIntExact(config.size().bytes());
        try (ForebayServer forebay = ForebayServer.start(home, config.run(), Map.of())) {
            List<Variant> variants = variants(forebay, bytes);
            report.progress("warming up");
            variants.forEach(
                    variant -> load(forebay, variant, bytes, config.run().warmUp()));
            String title = "PUT, distinct objects of " + config.size() + ", " + config.connections() + " connections";
            Comparison append = new Comparison(title + ", against append and fdatasync for each", "append + fdatasync");
            Comparison file = new Comparison(title + ", against a synced file for each", "file + fdatasync + rename");
            append.bar(variants.getFirst().name(), GROUP_BAR);
            for (int pair = 0; pair < config.run().pairs(); pair++) {
                report.progress("pair " + (pair + 1));
                Sample fileFloor = SyncFloor.FILE.run(
                        home.folder("floor"), bytes, config.run().time());
                for (Variant variant : variants) {
                    Sample floor = SyncFloor.APPEND.run(
                            home.folder("floor"), bytes, config.run().time());
                    Sample sample = load(forebay, variant, bytes, config.run().time());
                    append.add(variant.name(), floor, sample);
                    file.add(variant.name(), fileFloor, sample);
                }
            }
            report.result(append.text());
            report.result(file.text());
        }
    }

    private static List<Variant> variants(ForebayServer forebay, int bytes) {
        List<Variant> variants = new ArrayList<>();
        for (String durability : List.of("group", "none", "strict")) {
            forebay.calls().createBucket(durability, "{\"forebay\":{\"durability\":\"" + durability + "\"}}");
            variants.add(variant("AIStore path, " + durability, "/v1/objects/" + durability + "/", bytes));
            if (durability.equals("group")) {
                variants.add(variant("S3 path, group, MD5", "/group/s3-", bytes));
            }
        }
        return variants;
    }

    private static Variant variant(String name, String prefix, int bytes) {
        return new Variant(name, prefix, new PutSource(prefix, "", new BodyBytes(bytes, name.hashCode()), 0));
    }

    private Sample load(ForebayServer forebay, Variant variant, int bytes, Duration time) {
        long before = forebay.cpuNanos();
        var plan = LoadPlan.closed(forebay.address(), config.connections(), time, bytes + HEAD_BYTES);
        var result = LoadLoop.run(plan, variant.source());
        return Sample.of(result, forebay.cpuNanos() - before);
    }
}
