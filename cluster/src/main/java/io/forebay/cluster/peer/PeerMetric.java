package io.forebay.cluster.peer;

import io.forebay.common.metrics.Metric;

/// The metrics of calls between gateways.
enum PeerMetric implements Metric {
    CALLS("forebay_cluster_calls_total", "Calls to other gateways, by path and outcome", Kind.COUNTER),
    CALL_TIME("forebay_cluster_call_seconds", "Time of calls to other gateways that were answered", Kind.HISTOGRAM),
    SENT_BYTES("forebay_cluster_call_sent_bytes_total", "Bytes of the bodies of calls sent", Kind.COUNTER),
    RECEIVED("forebay_cluster_calls_received_total", "Calls of other gateways that were let in", Kind.COUNTER),
    REFUSED("forebay_cluster_calls_refused_total", "Calls refused for a missing or wrong secret", Kind.COUNTER);

    private final String metricName;
    private final String help;
    private final Kind kind;

    PeerMetric(String metricName, String help, Kind kind) {
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
