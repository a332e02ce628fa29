package io.forebay.protocol.http.netty;

import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.ProtocolMetric;
import java.util.concurrent.atomic.LongAdder;

/// The server's counters, found once.
final class WireMeters {
    final LongAdder connections;
    final LongAdder connectionsAccepted;
    final LongAdder connectionsRefused;
    final LongAdder requests;
    final LongAdder requestsHandedOver;
    final LongAdder requestsInFlight;
    final LongAdder requestsBusy;
    final LongAdder handlerFailures;
    final LongAdder receivedBytes;
    final LongAdder sentBytes;
    final LongAdder idleTimeouts;
    final LongAdder headTimeouts;
    final LongAdder bodyTimeouts;
    final LongAdder writeTimeouts;
    private final Metrics metrics;

    WireMeters(Metrics metrics) {
        this.metrics = metrics;
        this.connections = metrics.counter(ProtocolMetric.CONNECTIONS, "");
        this.connectionsAccepted = metrics.counter(ProtocolMetric.CONNECTIONS_ACCEPTED, "");
        this.connectionsRefused = metrics.counter(ProtocolMetric.CONNECTIONS_REFUSED, "");
        this.requests = metrics.counter(ProtocolMetric.REQUESTS, "");
        this.requestsHandedOver = metrics.counter(ProtocolMetric.REQUESTS_HANDED_OVER, "");
        this.requestsInFlight = metrics.counter(ProtocolMetric.REQUESTS_IN_FLIGHT, "");
        this.requestsBusy = metrics.counter(ProtocolMetric.REQUESTS_BUSY, "");
        this.handlerFailures = metrics.counter(ProtocolMetric.HANDLER_FAILURES, "");
        this.receivedBytes = metrics.counter(ProtocolMetric.RECEIVED_BYTES, "");
        this.sentBytes = metrics.counter(ProtocolMetric.SENT_BYTES, "");
        this.idleTimeouts = metrics.counter(ProtocolMetric.TIMEOUTS, "awaited=\"request\"");
        this.headTimeouts = metrics.counter(ProtocolMetric.TIMEOUTS, "awaited=\"head\"");
        this.bodyTimeouts = metrics.counter(ProtocolMetric.TIMEOUTS, "awaited=\"body\"");
        this.writeTimeouts = metrics.counter(ProtocolMetric.TIMEOUTS, "awaited=\"write\"");
    }

    /// Counts a refusal by the wire itself; found by name, as refusals are rare.
    void refused(int status) {
        metrics.counter(ProtocolMetric.REQUESTS_REFUSED, "status=\"" + status + "\"")
                .increment();
    }
}
