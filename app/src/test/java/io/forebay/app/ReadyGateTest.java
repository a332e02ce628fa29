package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class ReadyGateTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Metrics metrics = new Metrics();

    private ReadyGate gate(Duration patience) {
        return new ReadyGate(patience, metrics, "port=\"data\"");
    }

    private static Exchange get(String target) {
        return DirectExchange.of(new Request(Method.GET, target, new Headers()), Body.empty());
    }

    @Test
    void requestThatComesEarlyIsServedLater() {
        ReadyGate gate = gate(LONG);
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Integer> early = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            asked.countDown();
            early.complete(gate.handle(get("/b/o")).status());
        });
        await(asked);
        gate.open(exchange -> Reply.text(200, "here\n"));
        assertThat(early.join()).isEqualTo(200);
        assertThat(gate.handle(get("/v1/health")).status()).isEqualTo(200);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void requestThatHasWaitedLongIsToldToComeBackAndARelayThatTheNodeIsAway() {
        Reply reply = gate(Duration.ofMillis(1)).handle(get("/b/o"));
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.headers().find("Retry-After")).isEqualTo("1");
        assertThat(reply.headers().find(NodeHeaders.ERROR)).isEqualTo("NODE_UNAVAILABLE");
        assertThat(metrics.text()).contains("forebay_early_requests_total{port=\"data\",outcome=\"refused\"} 1");
    }

    @Test
    void healthIsToldAtOnce() {
        assertThat(gate(LONG).handle(get("/v1/health")).status()).isEqualTo(503);
    }

    @Test
    void nothingWaitsOnAThreadThatMayNot() {
        ReadyGate gate = gate(LONG);
        DirectExchange waiting = DirectExchange.of(new Request(Method.GET, "/b/o", new Headers()), Body.empty());
        DirectExchange hurried =
                new DirectExchange(waiting.request(), waiting.body(), false, waiting.remote(), false, "x");
        assertThat(gate.handle(hurried).wouldWait()).isTrue();
    }
}
