package io.forebay.app;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Epoch;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.metrics.Metric;
import io.forebay.common.metrics.Metrics;
import java.util.List;

/// The cluster as this process knows it.
enum ClusterMetric implements Metric {
    STATE_VERSION("forebay_cluster_state_version", "Version of the cluster state that this process has."),
    EPOCH("forebay_cluster_epoch", "Number of the newest, the serving and the settled epoch of owners."),
    UNSETTLED(
            "forebay_cluster_unsettled_epochs", "Epochs whose objects are not all where they belong; 0 when all are."),
    NODES("forebay_cluster_nodes", "Nodes of the cluster map, by role and phase.");

    private final String metricName;
    private final String help;

    ClusterMetric(String metricName, String help) {
        this.metricName = metricName;
        this.help = help;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public Kind kind() {
        return Kind.GAUGE;
    }

    /// Shows every one of them, read when somebody looks.
    static void show(Metrics metrics, StateWatch watch) {
        metrics.gauge(STATE_VERSION, "", () -> watch.current().version());
        metrics.gauge(EPOCH, "which=\"newest\"", () -> newest(watch.current()));
        metrics.gauge(EPOCH, "which=\"serving\"", () -> serving(watch.current()));
        metrics.gauge(EPOCH, "which=\"settled\"", () -> settled(watch.current()));
        metrics.gauge(UNSETTLED, "", () -> Math.max(0, watch.current().epochs().size() - 1));
        for (Node.Role role : Node.Role.values()) {
            for (Node.Phase phase : Node.Phase.values()) {
                metrics.gauge(
                        NODES,
                        "role=\"" + role + "\",phase=\"" + phase + "\"",
                        () -> count(watch.current(), role, phase));
            }
        }
    }

    private static long count(ClusterState state, Node.Role role, Node.Phase phase) {
        return state.nodes().values().stream()
                .filter(node -> node.role() == role && node.phase() == phase)
                .count();
    }

    private static long newest(ClusterState state) {
        return state.epochs().isEmpty() ? 0 : state.newestEpoch().number();
    }

    private static long serving(ClusterState state) {
        List<Epoch> serving = state.epochs().stream().filter(Epoch::serves).toList();
        return serving.isEmpty() ? 0 : serving.getLast().number();
    }

    private static long settled(ClusterState state) {
        return state.epochs().isEmpty() ? 0 : state.epochs().getFirst().number();
    }
}
