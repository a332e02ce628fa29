package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.config.Secret;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ControlHandlerTest {
    private final AtomicBoolean ready = new AtomicBoolean();
    private final Metrics metrics = new Metrics();
    private final ClusterDoor door = new ClusterDoor(new Secret("sesame"), metrics);
    private final ControlHandler handler = handler(false);

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

    @ParameterizedTest
    @CsvSource({
        "10.0.0.9, '', false, 403",
        "10.0.0.9, wrong, false, 403",
        "10.0.0.9, sesame, false, 200",
        "10.0.0.9, '', true, 200",
        "127.0.0.1, '', false, 200",
        "::1, '', false, 200",
    })
    void setUpAndOrdersAreForThisMachineAndForHoldersOfTheSecret(String caller, String secret, boolean open, int status)
            throws UnknownHostException {
        ControlHandler port = handler(open);
        for (String path : List.of("/config", "/admin/volumes")) {
            assertThat(port.handle(from(caller, path, secret)).status()).isEqualTo(status);
        }
        for (String path : List.of("/health", "/metrics")) {
            assertThat(port.handle(from(caller, path, secret)).status()).isEqualTo(200);
        }
    }

    @Test
    void nodesAskEachOtherOnlyWithTheSecret() throws UnknownHostException {
        door.open("state", exchange -> Reply.text(200, "state\n"));
        for (String caller : List.of("10.0.0.9", "127.0.0.1")) {
            assertThat(handler.handle(from(caller, "/cluster/state", "")).status())
                    .isEqualTo(403);
            assertThat(handler.handle(from(caller, "/cluster/absent", "wrong")).status())
                    .isEqualTo(403);
            assertThat(handler.handle(from(caller, "/cluster/state?after=1", "sesame"))
                            .status())
                    .isEqualTo(200);
            assertThat(handler.handle(from(caller, "/cluster/state/x", "sesame"))
                            .status())
                    .isEqualTo(200);
            assertThat(handler.handle(from(caller, "/cluster/states", "sesame")).status())
                    .isEqualTo(503);
        }
        assertThat(metrics.text()).contains("forebay_control_refused_total 4");
    }

    private ControlHandler handler(boolean open) {
        return new ControlHandler(
                ready::get, metrics, "server.listen = here\n", exchange -> Reply.text(200, "admin\n"), door, open);
    }

    private static Exchange from(String caller, String target, String secret) throws UnknownHostException {
        Headers headers = new Headers();
        if (!secret.isEmpty()) {
            headers.add(NodeHeaders.NODE_SECRET, secret);
        }
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(caller), 4711);
        return new DirectExchange(new Request(Method.GET, target, headers), Body.empty(), true, address, false, "test");
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
