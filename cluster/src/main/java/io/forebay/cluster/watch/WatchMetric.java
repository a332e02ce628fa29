package io.forebay.cluster.watch;

import io.forebay.common.metrics.Metric;

/// The metrics of following the cluster's state and of leases.
enum WatchMetric implements Metric {
    STATE_AGE("forebay_cluster_contact_age_seconds", "Since this process last heard of the leader", Kind.GAUGE),
    PULLS("forebay_cluster_state_pulls_total", "Questions for newer cluster states, by outcome", Kind.COUNTER),
    PULL_DOUBTS(
            "forebay_cluster_state_doubts_total",
            "Cluster states that commands did not lead to, so that they were taken whole",
            Kind.COUNTER),
    FEEDS("forebay_cluster_state_answers_total", "Questions for newer cluster states answered, by what", Kind.COUNTER),
    FEED_BYTES("forebay_cluster_state_sent_bytes_total", "Bytes of states and commands given to nodes", Kind.COUNTER),
    FEED_WAITING("forebay_cluster_state_waiting", "Nodes that wait for a newer cluster state", Kind.GAUGE),
    HEARTBEATS("forebay_cluster_heartbeats_total", "Heartbeats to the leader, by outcome", Kind.COUNTER),
    LEASE_SECONDS("forebay_cluster_lease_seconds", "How long the lease of a storage node still lives", Kind.GAUGE),
    LEASE_WAITS("forebay_cluster_lease_waits_total", "Requests that waited for a lease", Kind.COUNTER),
    LEASE_REFUSALS("forebay_cluster_lease_refusals_total", "Requests refused for want of a lease", Kind.COUNTER);

    private final String metricName;
    private final String help;
    private final Kind kind;

    WatchMetric(String metricName, String help, Kind kind) {
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
