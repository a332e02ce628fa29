package io.forebay.gateway.auth;

import io.forebay.common.metrics.Metric;

/// What authentication counts.
public enum AuthMetric implements Metric {
    USERS("forebay_auth_users", "Users of the cluster beside root.", Kind.GAUGE),
    REFUSED("forebay_auth_refused_total", "Requests whose credentials were refused, by reason.", Kind.COUNTER),
    DENIED("forebay_auth_denied_total", "Requests of callers who may not do that, by action.", Kind.COUNTER),
    SIGNING_KEYS("forebay_auth_signing_keys", "Derived signing keys that are kept.", Kind.GAUGE),
    SESSIONS("forebay_auth_sessions_total", "Temporary credentials that this gateway made.", Kind.COUNTER),
    OLD_SIGNATURES(
            "forebay_auth_old_signatures_total", "Requests that were signed with version 2 rightly.", Kind.COUNTER),
    UNREADABLE(
            "forebay_auth_unreadable_secrets_total",
            "Requests refused since this gateway cannot decrypt the caller's secret: its master key is another.",
            Kind.COUNTER);

    private final String metricName;
    private final String help;
    private final Kind kind;

    AuthMetric(String metricName, String help, Kind kind) {
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
