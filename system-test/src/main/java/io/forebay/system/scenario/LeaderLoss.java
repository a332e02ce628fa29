package io.forebay.system.scenario;

import io.forebay.system.process.ProcessCluster;
import io.forebay.system.server.RawHttp;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// How long after the death of the leading gateway the next command, a new bucket, succeeds through another one.
final class LeaderLoss {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int CALL_PATIENCE_MILLIS = 15_000;
    private static final long BOUND_MILLIS = 2_000;

    private final ProcessCluster cluster;
    private final Consumer<String> out;

    LeaderLoss(ProcessCluster cluster, Consumer<String> out) {
        this.cluster = cluster;
        this.out = out;
    }

    /// Whether the median is within two seconds.
    boolean run(int runs) {
        List<Long> millis = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            String leader = leader();
            List<String> others = new ArrayList<>(cluster.names(ProcessCluster.GATEWAY));
            others.remove(leader);
            String other = others.get(run % others.size());
            long begin = System.nanoTime();
            cluster.kill(leader);
            createBucket(other, "leader-loss-" + run);
            long taken = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            millis.add(taken);
            out.accept("run " + run + ": " + leader + " killed, " + other + " made a bucket after " + taken + " ms");
            cluster.start(leader);
        }
        Collections.sort(millis);
        long median = millis.get(millis.size() / 2);
        out.accept("leader-loss: median " + median + " ms of " + runs + " runs, least " + millis.getFirst() + ", most "
                + millis.getLast());
        return median <= BOUND_MILLIS;
    }

    private String leader() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        String leader = cluster.leader();
        while (leader == null) {
            require(deadline, "nobody leads");
            leader = cluster.leader();
        }
        return leader;
    }

    /// A refusal is no answer: the client asks again.
    private void createBucket(String gateway, String bucket) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try (RawHttp http = new RawHttp(cluster.network().reach(cluster.dataUrl(gateway)), CALL_PATIENCE_MILLIS)) {
                int status = http.send("PUT", "/" + bucket).status();
                // Ours already, when an attempt before this one was answered with a failure and done all the same.
                if (status == 200 || status == 409) {
                    return;
                }
            } catch (UncheckedIOException e) {
                require(deadline, gateway + " makes no bucket: " + e.getMessage());
            }
            require(deadline, gateway + " makes no bucket");
        }
    }

    private static void require(long deadline, String otherwise) {
        if (System.nanoTime() - deadline >= 0) {
            throw new IllegalStateException(otherwise);
        }
        LockSupport.parkNanos(POLL_NANOS);
    }
}
