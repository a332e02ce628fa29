package io.forebay.cluster.raft;

import io.forebay.common.metrics.Metric;

/// The metrics of the log of commands.
enum RaftMetric implements Metric {
    COMMANDS("forebay_cluster_commands_total", "Commands submitted here, by outcome", Kind.COUNTER),
    SUBMIT("forebay_cluster_command_seconds", "From submitting a command to its state", Kind.HISTOGRAM),
    VERSION("forebay_cluster_state_version", "Version of the newest cluster state here", Kind.GAUGE),
    ELECTIONS("forebay_cluster_elections_total", "Leaders that this node came to know", Kind.COUNTER),
    LEADS("forebay_cluster_leads", "1 while this node leads, else 0", Kind.GAUGE),
    TERM("forebay_cluster_term", "Term of the group that orders commands", Kind.GAUGE),
    VOTERS("forebay_cluster_voters", "Gateways that vote on commands", Kind.GAUGE),
    SNAPSHOTS("forebay_cluster_snapshots_total", "Snapshots of the cluster state written", Kind.COUNTER),
    INSTALLED("forebay_cluster_snapshots_installed_total", "Snapshots taken over from a leader", Kind.COUNTER),
    SNAPSHOT_BYTES("forebay_cluster_snapshot_bytes_total", "Bytes of snapshots written", Kind.COUNTER);

    private final String metricName;
    private final String help;
    private final Kind kind;

    RaftMetric(String metricName, String help, Kind kind) {
        this.metricName = metricName;
        this.help = help;
        this.kind = kind;
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
        return kind;
    }
}
