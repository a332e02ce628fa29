package io.forebay.app;

import io.forebay.common.metrics.Metric;

/// What the ports of the process count.
enum PortMetric implements Metric {
    REFUSED_CALLS("forebay_control_refused_total", "Calls below /cluster/ refused because they bore no valid secret"),
    EARLY_REQUESTS(
            "forebay_early_requests_total",
            "Requests that came before the process served, by port and outcome: served after a wait, or refused");

    private final String metricName;
    private final String help;

    PortMetric(String metricName, String help) {
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
