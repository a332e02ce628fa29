package io.forebay.protocol.tls;

import io.forebay.common.metrics.Metric;

/// What is counted of TLS between nodes, and with clients.
public enum TlsMetric implements Metric {
    CERTIFICATE_LEFT(
            "forebay_tls_certificate_seconds",
            Kind.GAUGE,
            "Seconds until this node's certificate, or one of those between it and the authority, expires."),
    HANDSHAKES_REFUSED(
            "forebay_tls_handshakes_refused_total",
            Kind.COUNTER,
            "Connections that were no TLS, or without a certificate that is trusted, by port."),
    CALLS_REFUSED(
            "forebay_tls_calls_refused_total",
            Kind.COUNTER,
            "Requests at data ports with a certificate and no valid secret, or with a secret and no certificate."),
    RELOADS("forebay_tls_reloads_total", Kind.COUNTER, "Changed files that were taken, or refused, by outcome."),
    HTTPS_CERTIFICATE_LEFT(
            "forebay_https_certificate_seconds",
            Kind.GAUGE,
            "Seconds until the first of the certificates that clients are shown expires."),
    HTTPS_HANDSHAKES_FAILED(
            "forebay_https_handshakes_failed_total", Kind.COUNTER, "Handshakes with clients that came to nothing."),
    HTTPS_PLAIN_REFUSED(
            "forebay_https_plain_refused_total",
            Kind.COUNTER,
            "Requests of clients by plain HTTP that were refused, as HTTPS is required."),
    HTTPS_RELOADS(
            "forebay_https_reloads_total",
            Kind.COUNTER,
            "Changed files of certificates for clients that were taken, or refused, by outcome.");

    private final String metricName;
    private final Kind kind;
    private final String help;

    TlsMetric(String metricName, Kind kind, String help) {
        this.metricName = metricName;
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
