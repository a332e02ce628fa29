package io.forebay.bench.feed;

import io.forebay.bench.load.PreparedSource;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import io.forebay.bench.scenario.Sample;
import java.time.Duration;

/// Members of a tar in random order against objects of the same size, one by one and in batches.
final class MembersRow {
    private static final double BAR = 1.3;
    private static final double MICROS = 1e6;
    private static final String ONE = "one client";
    private static final String MANY = "many clients, processor time";
    private static final String BATCHES = "in batches";

    private final FeedLoads loads;
    private final Report report;

    MembersRow(FeedLoads loads, Report report) {
        this.loads = loads;
        this.report = report;
    }

    void run(ForebayServer forebay) {
        Ratios ratios = new Ratios(
                        "Random members of a tar of %s, %s each, against objects"
                                .formatted(
                                        loads.config().shard(), loads.config().size()),
                        "us each")
                .bar(ONE, Ratios.Side.AT_MOST, BAR)
                .bar(MANY, Ratios.Side.AT_MOST, BAR)
                .bar(BATCHES, Ratios.Side.AT_MOST, BAR);
        PreparedSource members = loads.memberReads(forebay.address());
        PreparedSource objects = loads.objectReads(forebay.address());
        BatchSource memberBatches = loads.memberBatches();
        BatchSource objectBatches = loads.objectBatches();
        report.progress("warming up: members");
        Duration warmUp = loads.config().run().warmUp();
        FeedLoads.load(forebay, members, loads.config().connections(), warmUp);
        FeedLoads.load(forebay, objects, loads.config().connections(), warmUp.dividedBy(2));
        FeedLoads.load(forebay, memberBatches, warmUp);
        FeedLoads.load(forebay, objectBatches, warmUp.dividedBy(2));
        for (int pair = 0; pair < loads.config().run().pairs(); pair++) {
            report.progress("pair " + (pair + 1) + ": members");
            ratios.add(ONE, micros(read(forebay, members, 1)), micros(read(forebay, objects, 1)));
            int connections = loads.config().connections();
            ratios.add(
                    MANY,
                    read(forebay, members, connections).cpuMicros(),
                    read(forebay, objects, connections).cpuMicros());
            ratios.add(BATCHES, batch(forebay, memberBatches), batch(forebay, objectBatches));
        }
        report.result(ratios.text());
    }

    private Sample read(ForebayServer forebay, PreparedSource source, int connections) {
        return FeedLoads.load(forebay, source, connections, loads.config().run().time());
    }

    private double batch(ForebayServer forebay, BatchSource source) {
        return micros(FeedLoads.load(forebay, source, loads.config().run().time()))
                / loads.config().entries();
    }

    private static double micros(Sample sample) {
        return MICROS / sample.rate();
    }
}
