package io.forebay.gateway;

import io.forebay.common.metrics.Metric;

/// Everything that a gateway counts.
public enum GatewayMetric implements Metric {
    REDIRECTS("forebay_gateway_redirects_total", "Requests sent to the storage node that owns their object"),
    REROUTES("forebay_gateway_reroutes_total", "Requests routed again under a newer cluster state"),
    ROUTE_TIMEOUTS(
            "forebay_gateway_route_timeouts_total",
            "Requests that no storage node would serve for as long as they were routed again (gateway.route-patience)"),
    OBJECT_REQUESTS(
            "forebay_gateway_object_requests_total",
            "Requests for objects at the AIStore face, by method and outcome: ok or failed"),
    FAILURES("forebay_gateway_failures_total", "Failed requests of the AIStore face, by code"),
    BATCHES_RESUMED(
            "forebay_gateway_batches_resumed_total",
            "Times that another storage node went on with a batch in the middle, because the one that made it stopped"),
    BATCHES_BROKEN(
            "forebay_gateway_batches_broken_total",
            "Batches that broke in the middle, because no storage node could go on with them"),
    SUMMARIES_REFUSED(
            "forebay_gateway_summaries_refused_total",
            "Bucket summaries refused because too many were being computed (gateway.concurrent-summaries)");

    private final String metricName;
    private final String help;

    GatewayMetric(String metricName, String help) {
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
