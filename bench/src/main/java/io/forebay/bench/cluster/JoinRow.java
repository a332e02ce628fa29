package io.forebay.bench.cluster;

import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import io.forebay.bench.scenario.Sample;
import io.forebay.bench.scenario.Wrk;
import java.time.Duration;
import java.util.List;

/// A storage node joins three others under GETs: how much moves to it, and what clients notice.
final class JoinRow {
    private static final int BEFORE = 3;
    private static final double SHARE_BAR = 1.1;
    private static final String OBJECTS = "forebay_storage_objects";
    private static final String DONE = "forebay_rebalance_done";
    private static final String EPOCH = "forebay_rebalance_epoch";
    private static final String MOVED = "forebay_rebalance_objects_total";

    private final ClusterConfig config;
    private final Home home;
    private final Report report;
    private final Wrk wrk;

    JoinRow(ClusterConfig config, Home home, Report report, Wrk wrk) {
        this.config = config;
        this.home = home;
        this.report = report;
        this.wrk = wrk;
    }

    void run() {
        try (Members members = Members.start(home, config.run(), BEFORE)) {
            members.calls().createBucket(Side.BUCKET, "null");
            Dataset dataset = new Dataset("moving", config.smallBytes(), config.moving());
            Side side = new Side(members, wrk, config);
            report.progress("storing " + config.moving() + " objects");
            side.fill(dataset);
            report.progress("warming up");
            long end = System.nanoTime() + config.run().warmUp().toNanos();
            while (System.nanoTime() < end) {
                side.gets(dataset);
            }
            Sample still = side.gets(dataset);
            Members.Member joined = members.join();
            Ratios ratios = new Ratios(
                    "A fourth storage node joins three, with " + config.moving() + " objects of " + config.small()
                            + ", under GETs by S3",
                    "");
            int runs = 0;
            while (joined.metric(DONE) < 1 || joined.metric(EPOCH) < 1) {
                Sample moving = side.gets(dataset);
                if (joined.metric(MOVED) > 0) {
                    runs++;
                    ratios.add("p99 of GET while objects move / before, ms", moving.p99Millis(), still.p99Millis());
                    ratios.add("GET a second while objects move / before", moving.rate(), still.rate());
                }
            }
            report.progress(runs + " runs while objects moved");
            Ratios shares = ratios.bar("objects that moved / a quarter of all", Ratios.Side.AT_MOST, SHARE_BAR);
            double moved = 0;
            for (Members.Member member : members.storageNodes()) {
                moved += member.metric(MOVED);
            }
            shares.add("objects that moved / a quarter of all", moved, config.moving() / (BEFORE + 1.0));
            SocketBytes.settle(Duration.ofSeconds(1));
            shares.note("objects by node afterwards: "
                    + List.copyOf(members.storageNodes().stream()
                            .map(member -> "%.0f".formatted(member.metric(OBJECTS)))
                            .toList()));
            report.result(shares.text());
        }
    }
}
