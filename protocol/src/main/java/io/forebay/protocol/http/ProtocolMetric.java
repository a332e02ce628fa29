package io.forebay.protocol.http;

import io.forebay.common.metrics.Metric;

/// Every metric of the wire.
public enum ProtocolMetric implements Metric {
    CONNECTIONS("forebay_http_connections", Kind.GAUGE, "Connections of clients that are open."),
    CONNECTIONS_ACCEPTED("forebay_http_connections_accepted_total", Kind.COUNTER, "Connections accepted."),
    CONNECTIONS_REFUSED(
            "forebay_http_connections_refused_total", Kind.COUNTER, "Connections refused over limits.connections."),
    REQUESTS("forebay_http_requests_total", Kind.COUNTER, "Request heads read."),
    REQUESTS_HANDED_OVER(
            "forebay_http_requests_handed_over_total", Kind.COUNTER, "Requests answered on a virtual thread."),
    REQUESTS_IN_FLIGHT(
            "forebay_http_requests_in_flight",
            Kind.GAUGE,
            "Requests being answered that wait: on virtual threads, or for another node."),
    REQUESTS_BUSY("forebay_http_requests_busy_total", Kind.COUNTER, "Requests refused over limits.requests-in-flight."),
    REQUESTS_REFUSED("forebay_http_requests_refused_total", Kind.COUNTER, "Requests refused by the wire, by status."),
    HANDLER_FAILURES(
            "forebay_http_handler_failures_total", Kind.COUNTER, "Requests answered 500 after a bug in a handler."),
    TIMEOUTS("forebay_http_timeouts_total", Kind.COUNTER, "Waits for a client that ran out, by what was awaited."),
    RECEIVED_BYTES("forebay_http_received_bytes_total", Kind.COUNTER, "Bytes of request bodies received."),
    SENT_BYTES("forebay_http_sent_bytes_total", Kind.COUNTER, "Bytes of reply payloads sent."),
    BUFFERED_BYTES("forebay_http_buffered_bytes", Kind.GAUGE, "Bytes of bodies received and not yet taken."),
    BUFFER_PAUSES("forebay_http_buffer_pauses_total", Kind.COUNTER, "Reads put off over limits.buffered-bytes."),
    CLIENT_CONNECTIONS("forebay_http_client_connections", Kind.GAUGE, "Connections to other nodes that are open."),
    CLIENT_REQUESTS("forebay_http_client_requests_total", Kind.COUNTER, "Requests sent to other nodes."),
    CLIENT_RETRIES(
            "forebay_http_client_retries_total",
            Kind.COUNTER,
            "Requests repeated because a kept connection was stale."),
    CLIENT_WAITS(
            "forebay_http_client_waits_total", Kind.COUNTER, "Requests that waited for a connection of a full pool."),
    CLIENT_FAILURES("forebay_http_client_failures_total", Kind.COUNTER, "Requests to other nodes that failed.");

    private final String metricName;
    private final Kind kind;
    private final String help;

    ProtocolMetric(String metricName, Kind kind, String help) {
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
