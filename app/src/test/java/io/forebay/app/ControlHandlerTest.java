package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ControlHandlerTest {
    private final AtomicBoolean ready = new AtomicBoolean();
    private final Metrics metrics = new Metrics();
    private final ControlHandler handler =
            new ControlHandler(ready::get, metrics, "server.listen = here\n", exchange -> Reply.text(200, "admin\n"));

    @Test
    void healthIsOkBeforeReadyIs() {
        assertThat(call(Method.GET, "/health").status()).isEqualTo(200);
        assertThat(call(Method.GET, "/ready").status()).isEqualTo(503);
        ready.set(true);
        assertThat(call(Method.GET, "/ready").status()).isEqualTo(200);
    }

    @Test
    void metricsAreShownAsPrometheusText() {
        ProcessMetric.show(metrics);
        String text = text(call(Method.GET, "/metrics?x=y"));
        assertThat(text).contains("# TYPE forebay_process_heap_used_bytes gauge");
        for (ProcessMetric metric : ProcessMetric.values()) {
            assertThat(text).contains("\n" + metric.metricName() + " ");
        }
    }

    @Test
    void configIsShown() {
        assertThat(text(call(Method.GET, "/config"))).isEqualTo("server.listen = here\n");
    }

    @Test
    void whatIsBelowAdminIsTheGatewaysToAnswer() {
        assertThat(text(call(Method.POST, "/admin/volumes"))).isEqualTo("admin\n");
        assertThat(call(Method.GET, "/adminx").status()).isEqualTo(404);
    }

    @Test
    void otherPathsAndMethodsAreRefused() {
        assertThat(call(Method.GET, "/").status()).isEqualTo(404);
        assertThat(call(Method.POST, "/metrics").status()).isEqualTo(405);
        assertThat(call(Method.POST, "/x").status()).isEqualTo(404);
    }

    private Reply call(Method method, String target) {
        return handler.handle(DirectExchange.of(new Request(method, target, new Headers()), Body.empty()));
    }

    private static String text(Reply reply) {
        return StandardCharsets.UTF_8
                .decode(((Payload.Memory) reply.payload()).bytes())
                .toString();
    }
}
