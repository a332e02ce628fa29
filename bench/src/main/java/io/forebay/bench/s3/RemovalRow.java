package io.forebay.bench.s3;

import io.forebay.bench.load.BodyBytes;
import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.ObjectNames;
import io.forebay.bench.load.SignedPutSource;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import io.forebay.common.error.Check;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// DeleteObjects of a thousand objects: how long it takes without durability, and how many syncs it needs with group
/// commit.
final class RemovalRow {
    private static final int OBJECTS = 1000;
    private static final int OBJECT_BYTES = 100;
    private static final int HEAD_BYTES = 4096;
    private static final int CONNECTIONS = 16;
    private static final int WARM_UP = 20;
    private static final double MILLIS_BAR = 30;
    private static final String SYNCS = "forebay_storage_log_sync_seconds_count";
    private static final String TIME = "at none, ms";
    private static final String COUNT = "at group, syncs of the log";

    private final S3Config config;
    private final Report report;
    private final SigV4Signer signer;

    RemovalRow(S3Config config, Report report, SigV4Signer signer) {
        this.config = config;
        this.report = report;
        this.signer = signer;
    }

    void run(ForebayServer forebay) {
        Ratios ratios = new Ratios("DeleteObjects of %,d objects, against its bars".formatted(OBJECTS), "")
                .bar(TIME, Ratios.Side.AT_MOST, 1)
                .bar(COUNT, Ratios.Side.AT_MOST, 1);
        report.progress("warming up: DeleteObjects");
        for (int round = 0; round < WARM_UP; round++) {
            millis(forebay, S3Scenario.NONE);
        }
        for (int pair = 0; pair < config.run().pairs(); pair++) {
            report.progress("pair " + (pair + 1) + ": DeleteObjects");
            ratios.add(TIME, millis(forebay, S3Scenario.NONE), MILLIS_BAR);
            ratios.add(COUNT, syncs(forebay), 1);
            ratios.add("at group, ms", millis(forebay, S3Scenario.GROUP), MILLIS_BAR);
        }
        report.result(ratios.text());
    }

    private double syncs(ForebayServer forebay) {
        store(forebay, S3Scenario.GROUP);
        double before = forebay.metric(SYNCS);
        remove(forebay, S3Scenario.GROUP);
        return forebay.metric(SYNCS) - before;
    }

    private double millis(ForebayServer forebay, String bucket) {
        store(forebay, bucket);
        long start = System.nanoTime();
        remove(forebay, bucket);
        return (System.nanoTime() - start) / 1e6;
    }

    private void store(ForebayServer forebay, String bucket) {
        SignedPutSource source = new SignedPutSource(
                signer, forebay.address(), "/" + bucket + "/removed/", OBJECTS, new BodyBytes(OBJECT_BYTES, 9));
        LoadPlan plan = LoadPlan.counted(forebay.address(), CONNECTIONS, OBJECTS, OBJECT_BYTES + HEAD_BYTES);
        LoadLoop.run(plan, source).requireClean();
    }

    private void remove(ForebayServer forebay, String bucket) {
        String document = IntStream.range(0, OBJECTS)
                .mapToObj(index -> "<Object><Key>removed/" + ObjectNames.of(index) + "</Key></Object>")
                .collect(Collectors.joining("", "<Delete><Quiet>true</Quiet>", "</Delete>"));
        String answer =
                new SignedCalls(signer, forebay.address()).send(Method.POST, "/" + bucket + "?delete", document);
        Check.that(!answer.contains("<Error>"), "not removed: %s", answer);
    }
}
