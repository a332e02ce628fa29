package io.forebay.system.scenario;

import io.forebay.system.history.HistoryReport;
import io.forebay.system.process.Network;
import io.forebay.system.process.ProcessCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs of scenarios, one after the other on one cluster; after one in which the cluster did not serve again,
/// on a new one. Each round has a seed of its own, by which it can be done again.
public final class HistoryRuns implements AutoCloseable {
    private final Plan plan;
    private final Function<Path, Network> networks;
    private final Consumer<String> out;
    private final StringBuilder failures = new StringBuilder();
    private @Nullable ProcessCluster cluster;
    private int clusters;
    private int runs;
    private int rounds;
    private int failed;

    /// What runs are made of.
    ///
    /// @param layout the folder of the command's jars
    /// @param scratch for data, logs and hosts files
    /// @param before what comes before the layout's jars on the class path
    /// @param next the jars of the build that nodes are upgraded to; null when they are not
    public record Plan(
            Path layout,
            Path scratch,
            int gateways,
            int storageNodes,
            Tempo tempo,
            List<Path> before,
            @Nullable Path next) {
        public Plan {
            before = List.copyOf(before);
        }

        /// Of one build.
        public Plan(Path layout, Path scratch, int gateways, int storageNodes, Tempo tempo, List<Path> before) {
            this(layout, scratch, gateways, storageNodes, tempo, before, null);
        }
    }

    /// A run: rounds of faults under one load.
    ///
    /// @param seed decides the faults of the first round, and what the clients do; the next one decides those
    ///     of the second
    /// @param copies of each object
    public record Run(Scenario scenario, long seed, int rounds, int copies) {}

    /// @param networks makes a network with a folder of its own
    /// @param out takes a line for each run, and more for a failed one
    public HistoryRuns(Plan plan, Function<Path, Network> networks, Consumer<String> out) {
        this.plan = plan;
        this.networks = networks;
        this.out = out;
    }

    /// One run; whether it found nothing.
    public boolean run(Run run) {
        runs++;
        long begin = System.nanoTime();
        String name = "%-10s seed %d".formatted(run.scenario().wireName(), run.seed())
                + (run.rounds() == 1 ? "" : ", " + run.rounds() + " rounds")
                + (run.copies() == 1 ? "" : ", " + run.copies() + " copies");
        try {
            Stage.Outcome outcome = new Stage(cluster(), plan.tempo(), plan.next()).run("run" + runs, run);
            rounds += run.rounds();
            HistoryReport report = outcome.report();
            out.accept(
                    "%s  %s: %s; served again in %d ms; %d requests answered, unknown %s, %d not sent; %d operations on %d keys; %.1f s; at most %d configurations"
                            .formatted(
                                    name,
                                    report.isRight() ? "right" : "WRONG",
                                    outcome.faults(),
                                    outcome.recovered().toMillis(),
                                    report.answered(),
                                    report.unknown(),
                                    report.notSent(),
                                    report.operations(),
                                    report.keys(),
                                    (System.nanoTime() - begin) / 1e9,
                                    report.configurations()));
            report.texts().forEach(text -> fail(name + ": " + text));
            if (!report.isRight()) {
                failed++;
            }
            if (run.scenario().needsAnotherBuild()) {
                closeCluster();
            }
            return report.isRight();
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
                            plan.layout(),
                            folder,
                            plan.gateways(),
                            plan.storageNodes(),
                            plan.tempo().settings(),
                            plan.before()),
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
        return runs + " runs, " + rounds + " rounds, " + failed + " runs failed";
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
