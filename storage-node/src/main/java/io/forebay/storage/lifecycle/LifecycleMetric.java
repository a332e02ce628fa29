package io.forebay.storage.lifecycle;

import io.forebay.common.metrics.Metric;

/// What a node counts of following lifecycle rules.
enum LifecycleMetric implements Metric {
    LOOKED_AT(
            "looked_at_total",
            Kind.COUNTER,
            "Objects, versions and uploads that rules may be for, and were looked at."),
    EXPIRED("expired_total", Kind.COUNTER, "Objects removed because their time had come."),
    EXPIRED_VERSIONS(
            "expired_versions_total",
            Kind.COUNTER,
            "Versions that were not current, and delete markers, removed because their time had come."),
    ABORTED("aborted_total", Kind.COUNTER, "Uploads that were not completed in time and were dropped."),
    FAILURES(
            "failures_total",
            Kind.COUNTER,
            "Objects and uploads that could not be removed, and buckets not looked at."),
    ROUNDS("rounds_total", Kind.COUNTER, "Rounds over all buckets with rules."),
    LAST_ROUND("last_round_seconds", Kind.GAUGE, "When the last round ended, in seconds since the epoch; 0 for never.");

    private final String metricName;
    private final Kind kind;
    private final String help;

    LifecycleMetric(String name, Kind kind, String help) {
        this.metricName = "forebay_lifecycle_" + name;
        this.kind = kind;
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
        return kind;
    }
}
