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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// One run of a scenario on a cluster that serves: clients at work, faults that begin and end, the cluster
/// that has to serve again, and the check of what the clients saw.
final class Stage {
    private static final int PROBES = 16;
    private static final int PROBE_PATIENCE_MILLIS = 5_000;
    private static final byte[] NOTHING = new byte[0];

    private final ProcessCluster cluster;
    private final Limits limits;
    private final int copies;

    /// How long a run takes, and may take.
    ///
    /// @param warmUp answered operations before the first fault, and again when the cluster serves after the
    ///     last
    /// @param minHold how long faults last, by chance between this and `maxHold`
    /// @param recovery within which the cluster serves again when all faults have ended
    record Limits(int warmUp, Duration minHold, Duration maxHold, Duration recovery) {
        static final Limits NORMAL =
                new Limits(200, Duration.ofMillis(300), Duration.ofSeconds(8), Duration.ofSeconds(90));
        static final Limits SHORT =
                new Limits(100, Duration.ofMillis(100), Duration.ofSeconds(3), Duration.ofSeconds(90));
    }

    /// @param faults what happened, for people
    /// @param recovered how long the cluster took to serve again
    record Outcome(String faults, Duration recovered, HistoryReport report) {}

    Stage(ProcessCluster cluster, Limits limits, int copies) {
        this.cluster = cluster;
        this.limits = limits;
        this.copies = copies;
    }

    /// Throws IllegalStateException when the cluster does not serve within the limits.
    Outcome run(Scenario scenario, String bucket, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        createBucket(bucket);
        try (HistoryLoad load = new HistoryLoad(HistoryLoad.Plan.of(bucket, seed), doors())) {
            load.start();
            awaitAnswers(load);
            String text = inflict(scenario, random);
            long healed = System.nanoTime();
            awaitService(bucket);
            Duration recovered = Duration.ofNanos(System.nanoTime() - healed);
            awaitAnswers(load);
            load.stop();
            load.readAll(limits.recovery());
            return new Outcome(text, recovered, load.check());
        }
    }

    private String inflict(Scenario scenario, SplittableRandom random) {
        List<Fault> begun = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        try {
            for (Fault fault : scenario.faults(new Faults(cluster, random), new MemberFaults(cluster, random))) {
                fault.begin();
                begun.add(fault);
                long millis = random.nextLong(
                        limits.minHold().toMillis(), limits.maxHold().toMillis());
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
        long wanted = load.answered() + limits.warmUp();
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

    private void createBucket(String bucket) {
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

    /// Of the answer, or -1 when there is none.
    private int status(String gateway, String method, String target, byte[] body) {
        String headers = method.equals("POST") ? "Content-Type: application/json\r\n" : "";
        URI url = cluster.network().reach(cluster.dataUrl(gateway));
        try (RawHttp http = new RawHttp(url, PROBE_PATIENCE_MILLIS)) {
            Answer answer = http.send(method, target, headers, body);
            return answer.status();
        } catch (UncheckedIOException e) {
            return -1;
        }
    }

    private void await(String otherwise, BooleanSupplier condition) {
        Await.until(otherwise, limits.recovery(), condition);
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
