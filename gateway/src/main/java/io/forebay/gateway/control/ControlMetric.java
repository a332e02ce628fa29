package io.forebay.gateway.control;

import io.forebay.common.metrics.Metric;

/// The metrics of watching over the nodes.
enum ControlMetric implements Metric {
    PROOFS("forebay_supervisor_proofs_total", "Proofs of leadership, by outcome", Kind.COUNTER),
    HEARTBEATS("forebay_supervisor_heartbeats_total", "Heartbeats that this gateway answered as leader", Kind.COUNTER),
    LEASELESS("forebay_supervisor_leaseless_total", "Heartbeats that were granted no lease", Kind.COUNTER),
    DECISIONS("forebay_supervisor_decisions_total", "Commands of the supervisor, by kind and outcome", Kind.COUNTER),
    JOINS("forebay_supervisor_joins_total", "Requests to join that this gateway answered, by outcome", Kind.COUNTER);

    private final String metricName;
    private final String help;
    private final Kind kind;

    ControlMetric(String metricName, String help, Kind kind) {
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
