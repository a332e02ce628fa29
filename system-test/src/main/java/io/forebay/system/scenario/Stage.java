package io.forebay.system.scenario;

import io.forebay.system.history.Doors;
import io.forebay.system.history.HistoryLoad;
import io.forebay.system.history.HistoryReport;
import io.forebay.system.process.ProcessCluster;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A run of a scenario on a cluster that serves: clients at work, and in each round faults that begin and end and
/// a cluster that has to serve again; then the check of what the clients saw in all of them.
final class Stage {
    /// Within which the cluster serves again when all faults have ended.
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    private static final int PROBES = 16;
    private static final int PROBE_PATIENCE_MILLIS = 5_000;
    private static final byte[] NOTHING = new byte[0];

    private final ProcessCluster cluster;
    private final Tempo tempo;
    private final @Nullable Path next;

    /// @param faults what happened, for people
    /// @param recovered how long the cluster took to serve again, at most
    record Outcome(String faults, Duration recovered, HistoryReport report) {}

    /// @param next the jars of the build that nodes are upgraded to; null when they are not
    Stage(ProcessCluster cluster, Tempo tempo, @Nullable Path next) {
        this.cluster = cluster;
        this.tempo = tempo;
        this.next = next;
    }

    /// Throws IllegalStateException when the cluster does not serve within the bound.
    Outcome run(String bucket, HistoryRuns.Run run) {
        createBucket(bucket, run.copies());
        List<String> faults = new ArrayList<>();
        Duration recovered = Duration.ZERO;
        HistoryLoad.Plan plan = HistoryLoad.Plan.of(bucket, run.seed(), tempo.clientPatience());
        try (HistoryLoad load = new HistoryLoad(plan, doors())) {
            load.start();
            for (int round = 0; round < run.rounds(); round++) {
                awaitAnswers(load);
                faults.add(inflict(run.scenario(), new SplittableRandom(run.seed() + round)));
                long healed = System.nanoTime();
                awaitService(bucket);
                Duration taken = Duration.ofNanos(System.nanoTime() - healed);
                recovered = taken.compareTo(recovered) > 0 ? taken : recovered;
            }
            awaitAnswers(load);
            load.stop();
            load.readAll(RECOVERY);
            HistoryReport report = load.check();
            if (report.isRight()) {
                // What is kept of earlier runs would be moved in later ones.
                destroyBucket(bucket);
            }
            return new Outcome(String.join("; ", faults), recovered, report);
        }
    }

    private String inflict(Scenario scenario, SplittableRandom random) {
        List<Fault> begun = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        try {
            for (Fault fault : scenario.faults(new Faults(cluster, random), new MemberFaults(cluster, random, next))) {
                fault.begin();
                begun.add(fault);
                long millis = tempo.hold(fault.kind() == Fault.Kind.NETWORK, random);
                text.append(text.isEmpty() ? "" : ", ").append(fault.text() + " for " + millis + " ms");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
            }
        } finally {
            begun.sort(Comparator.comparing(Fault::kind));
            begun.forEach(Fault::end);
        }
        return text.toString();
    }

    private void awaitAnswers(HistoryLoad load) {
        long wanted = load.answered() + tempo.warmUp();
        await("the clients are not answered", () -> load.answered() >= wanted);
    }

    /// Until every gateway has written and read objects on, with all likelihood, every storage node.
    private void awaitService(String bucket) {
        for (String gateway : cluster.names(ProcessCluster.GATEWAY)) {
            for (int index = 0; index < PROBES; index++) {
                String target = "/" + bucket + "/probe/" + gateway + "/" + index;
                byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
                await(gateway + " does not write " + target, () -> status(gateway, "PUT", target, bytes) == 200);
                await(gateway + " does not read " + target, () -> status(gateway, "GET", target, NOTHING) == 200);
            }
        }
    }

    private void createBucket(String bucket, int copies) {
        String mirror = copies == 1 ? "" : "\"mirror\":{\"enabled\":true,\"copies\":" + copies + "}";
        String message = "{\"action\":\"create-bck\",\"value\":{" + mirror + "}}";
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        String gateway = cluster.names(ProcessCluster.GATEWAY).getFirst();
        await("bucket " + bucket + " cannot be made", () -> {
            int status = status(gateway, "POST", "/v1/buckets/" + bucket, bytes);
            return status == 200 || status == 409;
        });
        // Whoever has not heard of it yet would call it absent, and rightly so.
        for (String other : cluster.names(ProcessCluster.GATEWAY)) {
            await(other + " does not know " + bucket, () -> status(other, "HEAD", "/" + bucket, NOTHING) == 200);
        }
    }

    private void destroyBucket(String bucket) {
        byte[] message = "{\"action\":\"destroy-bck\"}".getBytes(StandardCharsets.UTF_8);
        String gateway = cluster.names(ProcessCluster.GATEWAY).getFirst();
        await("bucket " + bucket + " cannot be destroyed", () -> {
            int status = status(gateway, "DELETE", "/v1/buckets/" + bucket, message);
            return status == 200 || status == 404;
        });
    }

    /// Of the answer, or -1 when there is none.
    private int status(String gateway, String method, String target, byte[] body) {
        String headers = target.startsWith("/v1/") ? "Content-Type: application/json\r\n" : "";
        URI url = cluster.network().reach(cluster.dataUrl(gateway));
        try (RawHttp http = new RawHttp(url, PROBE_PATIENCE_MILLIS)) {
            Answer answer = http.send(method, target, headers, body);
            return answer.status();
        } catch (UncheckedIOException e) {
            return -1;
        }
    }

    private void await(String otherwise, BooleanSupplier condition) {
        Await.until(otherwise, RECOVERY, condition);
    }

    private Doors doors() {
        List<URI> gateways = cluster.names(ProcessCluster.GATEWAY).stream()
                .map(name -> cluster.network().reach(cluster.dataUrl(name)))
                .toList();
        return new Doors() {
            @Override
            public List<URI> gateways() {
                return gateways;
            }

            @Override
            public URI reach(URI advertised) {
                return cluster.network().reach(advertised);
            }
        };
    }
}
