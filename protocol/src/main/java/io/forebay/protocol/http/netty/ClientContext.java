package io.forebay.protocol.http.netty;

import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.ProtocolMetric;
import java.util.concurrent.atomic.LongAdder;

/// What all connections of one client share.
final class ClientContext {
    final HttpClientConfig config;
    final BufferBudget budget;
    final LongAdder connections;
    final LongAdder requests;
    final LongAdder retries;
    final LongAdder waits;
    final LongAdder failures;
    final int maxHeadBytes;
    final int bodyReadBytes;
    final int windowBytes;
    final long replyNanos;
    final long bodyNanos;
    final long idleNanos;

    ClientContext(HttpClientConfig config, Metrics metrics) {
        this.config = config;
        this.budget = new BufferBudget(
                config.bufferedBytes().bytes(),
                metrics.counter(ProtocolMetric.BUFFERED_BYTES, ""),
                metrics.counter(ProtocolMetric.BUFFER_PAUSES, ""));
        this.connections = metrics.counter(ProtocolMetric.CLIENT_CONNECTIONS, "");
        this.requests = metrics.counter(ProtocolMetric.CLIENT_REQUESTS, "");
        this.retries = metrics.counter(ProtocolMetric.CLIENT_RETRIES, "");
        this.waits = metrics.counter(ProtocolMetric.CLIENT_WAITS, "");
        this.failures = metrics.counter(ProtocolMetric.CLIENT_FAILURES, "");
        this.maxHeadBytes = (int) config.headBytes().bytes();
        this.bodyReadBytes = (int) config.bodyRead().bytes();
        this.windowBytes = (int) config.window().bytes();
        this.replyNanos = config.replyTimeout().toNanos();
        this.bodyNanos = config.bodyTimeout().toNanos();
        this.idleNanos = config.idleTimeout().toNanos();
    }
}
