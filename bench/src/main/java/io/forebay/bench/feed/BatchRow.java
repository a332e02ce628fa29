package io.forebay.bench.feed;

import io.forebay.bench.load.PreparedSource;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.LaunchedPeer;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import io.forebay.bench.scenario.Sample;
import java.time.Duration;

/// Batches of objects against the same reads one after the other on one connection, and against a bare loop
/// that frames as many bytes.
final class BatchRow {
    private static final double RATE_BAR = 8;
    private static final double COST_BAR = 1.6;
    private static final String RATE = "objects a second of one connection";
    private static final String COST = "us of processor time an object";

    private final FeedLoads loads;
    private final Report report;

    BatchRow(FeedLoads loads, Report report) {
        this.loads = loads;
        this.report = report;
    }

    void run(ForebayServer forebay, LaunchedPeer bare) {
        int entries = loads.config().entries();
        String what = "Batches of %,d objects of %s, "
                .formatted(entries, loads.config().size());
        Ratios rates =
                new Ratios(what + "against GETs one after the other", RATE).bar(RATE, Ratios.Side.AT_LEAST, RATE_BAR);
        Ratios costs =
                new Ratios(what + "against reading and framing alone", COST).bar(COST, Ratios.Side.AT_MOST, COST_BAR);
        BatchSource batches = loads.objectBatches();
        PreparedSource reads = loads.objectReads(forebay.address());
        PreparedSource framed = loads.objectReads(bare.address());
        report.progress("warming up: batches");
        Duration warmUp = loads.config().run().warmUp();
        FeedLoads.load(forebay, reads, 1, warmUp);
        FeedLoads.load(forebay, batches, warmUp);
        FeedLoads.load(bare, framed, 1, warmUp.dividedBy(4));
        for (int pair = 0; pair < loads.config().run().pairs(); pair++) {
            report.progress("pair " + (pair + 1) + ": batches");
            Duration time = loads.config().run().time();
            Sample single = FeedLoads.load(forebay, reads, 1, time);
            Sample batch = FeedLoads.load(forebay, batches, time);
            Sample floor = FeedLoads.load(bare, framed, 1, time);
            rates.add(RATE, batch.rate() * entries, single.rate());
            rates.add("against the bare loop", batch.rate() * entries, floor.rate() * entries);
            costs.add(COST, batch.cpuMicros() / entries, floor.cpuMicros() / entries);
            costs.add("against a GET", batch.cpuMicros() / entries, single.cpuMicros());
        }
        report.result(rates.text());
        report.result(costs.text());
    }
}
