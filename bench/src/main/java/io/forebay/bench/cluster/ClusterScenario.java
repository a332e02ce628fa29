package io.forebay.bench.cluster;

import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.Peer;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import io.forebay.bench.scenario.RunConfig;
import io.forebay.bench.scenario.Sample;
import io.forebay.bench.scenario.Wrk;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A cluster against one process, and against itself, row by row. All servers run on one processor.
public final class ClusterScenario {
    private static final double SMALL_RELAY_BAR = 0.5;
    private static final double LARGE_RELAY_BAR = 0.7;
    private static final double NODES_BAR = 1.15;
    private static final double COPIES_BAR = 2.3;
    private static final double CONTROL_BAR = 2000;
    private static final int NODES = 4;
    private static final int HOLDERS = 3;
    /// More than any run writes.
    private static final long RUN_NAMES = 10_000_000;

    private final ClusterConfig config;
    private final Home home;
    private final Report report;

    public ClusterScenario(ClusterConfig config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
    }

    /// Runs the rows that were chosen.
    public void run() {
        Map<String, Runnable> rows = new LinkedHashMap<>();
        rows.put("relay", this::relay);
        rows.put("nodes", this::nodes);
        rows.put("copies", this::copies);
        rows.put("control", this::control);
        rows.put("join", () -> new JoinRow(config, part("join"), report, new Wrk(home)).run());
        for (String name : config.only().isEmpty() ? rows.keySet() : config.only()) {
            Runnable row = rows.get(name);
            if (row == null) {
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "there is no row " + name + ": there are " + rows.keySet());
            }
            report.progress("row " + name);
            row.run();
        }
    }

    private Home part(String name) {
        return new Home(home.root(), home.folder(name), home.user(), home.processors(), home.java());
    }

    private List<Dataset> datasets() {
        return List.of(
                new Dataset("hot", config.smallBytes(), config.hot()),
                new Dataset("large", config.largeBytes(), config.largeObjects()));
    }

    /// One kind of load on both sides of a comparison.
    @FunctionalInterface
    private interface Load {
        Sample on(Side side, int run);
    }

    private Side side(Peer peer) {
        return new Side(peer, new Wrk(home), config);
    }

    /// Pairs of runs, the first after a warm-up.
    private List<Sample[]> pairs(Side ours, Side floor, Load load) {
        report.progress("warming up");
        int run = 0;
        long end = System.nanoTime() + config.run().warmUp().toNanos();
        while (System.nanoTime() < end) {
            load.on(ours, run);
            load.on(floor, run++);
        }
        List<Sample[]> pairs = new ArrayList<>();
        for (int pair = 0; pair < config.run().pairs(); pair++) {
            report.progress("pair " + (pair + 1));
            Sample reference = load.on(floor, run);
            pairs.add(new Sample[] {load.on(ours, run++), reference});
        }
        return pairs;
    }

    /// GET by S3 through a gateway that has no objects, against the same of one process.
    private void relay() {
        try (Members members = Members.start(part("relay"), config.run(), 1);
                ForebayServer server = ForebayServer.start(part("relay-one"), config.run(), Map.of())) {
            members.calls().createBucket(Side.BUCKET, "null");
            server.calls().createBucket(Side.BUCKET, "null");
            Ratios ratios = new Ratios(
                    "GET by S3 of a storage node in another process, against one process that has the object, one processor",
                    "per second");
            for (Dataset dataset : datasets()) {
                Side ours = side(members);
                Side floor = side(server);
                ours.fill(dataset);
                floor.fill(dataset);
                boolean small = dataset.objectBytes() == config.smallBytes();
                String row = small ? config.small().toString() : config.large().toString();
                ratios.bar(row, Ratios.Side.AT_LEAST, small ? SMALL_RELAY_BAR : LARGE_RELAY_BAR);
                for (Sample[] pair : pairs(ours, floor, (side, run) -> side.gets(dataset))) {
                    ratios.add(row, pair[0].rate(), pair[1].rate());
                    ratios.add(row + ", us of processor time each", pair[0].cpuMicros(), pair[1].cpuMicros());
                }
            }
            report.result(ratios.text());
        }
    }

    /// One process with four storage nodes, against one with one.
    private void nodes() {
        try (ForebayServer four = ForebayServer.start(part("four"), withNodes(NODES), Map.of());
                ForebayServer one = ForebayServer.start(part("one"), withNodes(1), Map.of())) {
            four.calls().createBucket(Side.BUCKET, "null");
            one.calls().createBucket(Side.BUCKET, "null");
            Dataset dataset = datasets().getFirst();
            side(four).fill(dataset);
            side(one).fill(dataset);
            Ratios ratios = new Ratios(
                    "Four storage nodes in one process against one, " + config.small() + " by S3",
                    "us of processor time each");
            compare(ratios, "GET", NODES_BAR, pairs(side(four), side(one), (side, run) -> side.gets(dataset)));
            compare(
                    ratios,
                    "PUT",
                    NODES_BAR,
                    pairs(
                            side(four),
                            side(one),
                            (side, run) -> side.puts(Side.BUCKET, config.smallBytes(), run * RUN_NAMES)));
            report.result(ratios.text());
        }
    }

    private static void compare(Ratios ratios, String row, double bar, List<Sample[]> pairs) {
        ratios.bar(row, Ratios.Side.AT_MOST, bar);
        for (Sample[] pair : pairs) {
            ratios.add(row, pair[0].cpuMicros(), pair[1].cpuMicros());
        }
    }

    private RunConfig withNodes(int count) {
        RunConfig run = config.run();
        List<String> settings = new ArrayList<>(run.settings());
        settings.add("server.storage-nodes=" + count);
        return new RunConfig(run.pairs(), run.time(), run.warmUp(), run.javaOptions(), settings, run.record());
    }

    /// PUT into a bucket of two copies against one of one, in one cluster.
    private void copies() {
        try (Members members = Members.start(part("copies"), config.run(), HOLDERS)) {
            members.calls().createBucket("copies1", "null");
            members.calls().createBucket("copies2", "{\"forebay\":{\"copies\":\"2\"}}");
            Ratios ratios = new Ratios(
                    "PUT by S3 with two copies against one, a gateway and " + HOLDERS + " storage nodes",
                    "us of processor time each");
            Side side = side(members);
            for (int bytes : List.of(config.smallBytes(), config.largeBytes())) {
                boolean small = bytes == config.smallBytes();
                List<Sample[]> pairs = new ArrayList<>();
                report.progress("warming up");
                long end = System.nanoTime() + config.run().warmUp().toNanos();
                int run = 0;
                while (System.nanoTime() < end) {
                    side.puts("copies1", bytes, run * RUN_NAMES);
                    side.puts("copies2", bytes, run++ * RUN_NAMES);
                }
                for (int pair = 0; pair < config.run().pairs(); pair++) {
                    report.progress("pair " + (pair + 1));
                    Sample one = side.puts("copies1", bytes, run * RUN_NAMES);
                    pairs.add(new Sample[] {side.puts("copies2", bytes, run++ * RUN_NAMES), one});
                }
                compare(ratios, (small ? config.small() : config.large()).toString(), COPIES_BAR, pairs);
            }
            report.result(ratios.text());
        }
    }

    /// What a storage node sends and gets while no client does anything.
    private void control() {
        try (Members members = Members.start(part("control"), config.run(), HOLDERS)) {
            members.calls().createBucket(Side.BUCKET, "null");
            List<Long> processes = members.storageNodes().stream()
                    .map(member -> member.process().pid())
                    .toList();
            Ratios ratios = new Ratios("Bytes a storage node sends and gets without clients", "bytes a second");
            ratios.bar("a storage node of " + HOLDERS, Ratios.Side.AT_MOST, 1);
            SocketBytes.settle(Duration.ofSeconds(5));
            for (double rate : SocketBytes.perSecond(processes, config.idle())) {
                ratios.add("a storage node of " + HOLDERS, rate, CONTROL_BAR);
            }
            report.result(ratios.text());
        }
    }
}
