package io.forebay.storage.notification;

import io.forebay.common.metrics.Metric;

/// What a node counts of telling webhooks of changes.
enum NotificationMetric implements Metric {
    WAITING("waiting", Kind.GAUGE, "Events that wait to be told to a webhook."),
    DELAY("delay_seconds", Kind.GAUGE, "For how long the first event that waits for a webhook has done so."),
    DELIVERED("delivered_total", Kind.COUNTER, "Events that a webhook has taken."),
    FAILURES("failures_total", Kind.COUNTER, "Requests to a webhook that failed or were not answered with success."),
    DROPPED(
            "dropped_total",
            Kind.COUNTER,
            "Events that were not kept: too many waited, or the node knows no webhook of that name."),
    REFUSED("refused_total", Kind.COUNTER, "Changes of objects refused because too many events waited.");

    private final String metricName;
    private final Kind kind;
    private final String help;

    NotificationMetric(String name, Kind kind, String help) {
        this.metricName = "forebay_notification_" + name;
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
