package io.forebay.app;

import io.forebay.common.metrics.Metric;

/// What the control port counts.
enum ControlMetric implements Metric {
    REFUSED_CALLS("forebay_control_refused_total", "Calls below /cluster/ refused because they bore no valid secret");

    private final String metricName;
    private final String help;

    ControlMetric(String metricName, String help) {
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
        return Kind.COUNTER;
    }
}
