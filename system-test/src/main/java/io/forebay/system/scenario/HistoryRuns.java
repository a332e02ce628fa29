package io.forebay.system.scenario;

import io.forebay.system.process.Network;
import io.forebay.system.process.ProcessCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs of scenarios, one after the other on one cluster; after one in which the cluster did not serve again,
/// on a new one. Each run has a seed of its own, by which it can be done again.
public final class HistoryRuns implements AutoCloseable {
    /*
     * Leases and patience short enough that a fault of seconds outlasts them.
     */
    private static final List<String> SETTINGS = List.of(
            "gateway.supervisor.lease=2s",
            "gateway.supervisor.down-after=3s",
            "gateway.supervisor.confirm-interval=250ms",
            "cluster.heartbeat=300ms",
            "cluster.contact-tolerance=1500ms",
            "client.connect-timeout=1s",
            "client.reply-timeout=4s",
            "client.body-timeout=4s",
            "storage.store.index.memory=32MiB");

    private final Plan plan;
    private final Function<Path, Network> networks;
    private final Consumer<String> out;
    private final StringBuilder failures = new StringBuilder();
    private @Nullable ProcessCluster cluster;
    private int clusters;
    private int runs;
    private int failed;

    /// What runs are made of.
    ///
    /// @param layout the folder of the command's jars
    /// @param scratch for data, logs and hosts files
    /// @param copies of each object
    /// @param shortRuns whether runs are as short as they can be
    /// @param before what comes before the layout's jars on the class path
    public record Plan(
            Path layout,
            Path scratch,
            int gateways,
            int storageNodes,
            int copies,
            boolean shortRuns,
            List<Path> before) {
        public Plan {
            before = List.copyOf(before);
        }
    }

    /// @param networks makes a network with a folder of its own
    /// @param out takes a line for each run, and more for a failed one
    public HistoryRuns(Plan plan, Function<Path, Network> networks, Consumer<String> out) {
        this.plan = plan;
        this.networks = networks;
        this.out = out;
    }

    /// One run; whether it found nothing.
    public boolean run(Scenario scenario, long seed) {
        runs++;
        long begin = System.nanoTime();
        String name = "%-10s seed %d".formatted(scenario.wireName(), seed);
        try {
            Stage stage =
                    new Stage(cluster(), plan.shortRuns() ? Stage.Limits.SHORT : Stage.Limits.NORMAL, plan.copies());
            Stage.Outcome outcome = stage.run(scenario, "run" + runs, seed);
            out.accept(
                    "%s  %s: %s; served again in %d ms; %d requests answered, %d unknown, %d not sent; %d operations on %d keys; %.1f s; %s"
                            .formatted(
                                    name,
                                    outcome.report().isRight() ? "right" : "WRONG",
                                    outcome.faults(),
                                    outcome.recovered().toMillis(),
                                    outcome.report().answered(),
                                    outcome.report().unknown(),
                                    outcome.report().notSent(),
                                    outcome.report().operations(),
                                    outcome.report().keys(),
                                    (System.nanoTime() - begin) / 1e9,
                                    "at most " + outcome.report().configurations() + " configurations"));
            outcome.report().texts().forEach(text -> fail(name + ": " + text));
            if (!outcome.report().isRight()) {
                failed++;
            }
            return outcome.report().isRight();
        } catch (IllegalStateException e) {
            failed++;
            fail(name + "  FAILED: " + e.getMessage());
            closeCluster();
            return false;
        }
    }

    /// The cluster of the next run.
    public ProcessCluster cluster() {
        ProcessCluster running = cluster;
        if (running == null) {
            clusters++;
            Path folder = plan.scratch().resolve("cluster-" + clusters);
            if (!folder.toFile().mkdirs()) {
                throw new IllegalStateException(folder + " cannot be made");
            }
            Network network = networks.apply(folder.resolve("hosts"));
            running = new ProcessCluster(
                    new ProcessCluster.Plan(
                            plan.layout(), folder, plan.gateways(), plan.storageNodes(), SETTINGS, plan.before()),
                    network);
            cluster = running;
        }
        return running;
    }

    /// What was found.
    public String failures() {
        return failures.toString();
    }

    public String summary() {
        return runs + " runs, " + failed + " failed";
    }

    private void fail(String text) {
        failures.append(text).append('\n');
        out.accept(text);
    }

    private void closeCluster() {
        ProcessCluster running = cluster;
        if (running != null) {
            running.close();
            running.network().close();
        }
        cluster = null;
    }

    @Override
    public void close() {
        closeCluster();
    }
}
