package io.forebay.app;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Stands before a handler that is made after its port is bound. Until `open`, requests wait for it, so that a
/// restart is a delay to clients; those that have waited for long, and questions of health, are told to come back.
final class ReadyGate implements Handler {
    private static final String HEALTH = "/v1/health";

    private final Duration patience;
    private final LongAdder served;
    private final LongAdder refused;
    private final CountDownLatch opened = new CountDownLatch(1);
    private volatile @Nullable Handler behind;

    /// @param patience with which a request waits
    ReadyGate(Duration patience, Metrics metrics, String labels) {
        this.patience = patience;
        this.served = metrics.counter(PortMetric.EARLY_REQUESTS, labels + ",outcome=\"served\"");
        this.refused = metrics.counter(PortMetric.EARLY_REQUESTS, labels + ",outcome=\"refused\"");
    }

    void open(Handler handler) {
        behind = handler;
        opened.countDown();
    }

    boolean isOpen() {
        return behind != null;
    }

    @Override
    public Reply handle(Exchange exchange) {
        Handler handler = behind;
        return handler == null ? early(exchange) : handler.handle(exchange);
    }

    private Reply early(Exchange exchange) {
        boolean waits = patience.isPositive() && !exchange.request().rawPath().equals(HEALTH);
        if (waits && !exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        Handler handler = waits ? awaited() : null;
        if (handler == null) {
            refused.increment();
            return Reply.text(503, "forebay is starting\n")
                    .with("Retry-After", "1")
                    .with(NodeHeaders.ERROR, ErrorCode.NODE_UNAVAILABLE.name());
        }
        served.increment();
        return handler.handle(exchange);
    }

    private @Nullable Handler awaited() {
        try {
            var _ = opened.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return behind;
    }
}
