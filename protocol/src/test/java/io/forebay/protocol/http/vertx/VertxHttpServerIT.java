package io.forebay.protocol.http.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.HttpServerContract;
import io.forebay.protocol.http.RawClient;
import io.forebay.protocol.http.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VertxHttpServerIT extends HttpServerContract {
    private final List<VertxHttpServer> servers = new ArrayList<>();

    @Override
    protected InetSocketAddress serve(Handler handler) {
        return serve(handler, Map.of());
    }

    private InetSocketAddress serve(Handler handler, Map<String, String> settings) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        VertxHttpServer server = new VertxHttpServer(
                any, handler, Settings.of(VertxServerConfig.class).bind(settings), new Metrics());
        server.start();
        servers.add(server);
        return server.address();
    }

    @Override
    protected void stop() {
        servers.forEach(VertxHttpServer::close);
    }

    @Test
    void handlersWaitSideBySide() throws Exception {
        CyclicBarrier together = new CyclicBarrier(10);
        InetSocketAddress address = serve(exchange -> {
            try {
                together.await(20, TimeUnit.SECONDS);
                return Reply.text(200, "met");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        List<RawClient> clients = new ArrayList<>();
        for (int index = 0; index < 10; index++) {
            clients.add(new RawClient(address).send("GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
        }
        for (RawClient client : clients) {
            assertThat(client.read().text()).isEqualTo("met");
            client.close();
        }
    }

    @Test
    void longBodiesAreRefused() throws IOException {
        InetSocketAddress address = serve(
                exchange -> Reply.of(200, "x/y", exchange.body().readAll(1 << 20)), Map.of("body-bytes", "1000B"));
        String put = "PUT / HTTP/1.1\r\nHost: t\r\n";
        try (RawClient client = new RawClient(address)) {
            client.send(put + "Content-Length: 1000\r\n\r\n" + "a".repeat(1000));
            assertThat(client.read().status()).isEqualTo(200);
            client.send(put + "Content-Length: 1001\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.atEnd()).isTrue();
        }
        try (RawClient client = new RawClient(address)) {
            client.send(put + "Transfer-Encoding: chunked\r\n\r\n" + ("64\r\n" + "a".repeat(100) + "\r\n").repeat(11));
            assertThat(client.read().status()).isEqualTo(413);
        }
    }

    @Test
    void unknownMethodsAndLongHeadsAreRefused() throws IOException {
        InetSocketAddress address =
                serve(exchange -> Reply.of(200), Map.of("head-bytes", "2KiB", "target-bytes", "1KiB"));
        try (RawClient client = new RawClient(address)) {
            client.send("BREW / HTTP/1.1\r\nHost: t\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(501);
        }
        try (RawClient client = new RawClient(address)) {
            client.send("GET /" + "a".repeat(2000) + " HTTP/1.1\r\nHost: t\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(414);
        }
        try (RawClient client = new RawClient(address)) {
            client.send("GET / HTTP/1.1\r\nHost: t\r\nX: " + "a".repeat(4000) + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(431);
        }
    }

    @Test
    void requestsOverTheirLimitAreRefused() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Handler handler = exchange -> {
            started.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Reply.text(200, "done");
        };
        InetSocketAddress address = serve(handler, Map.of("requests-in-flight", "1"));
        try (RawClient first = new RawClient(address);
                RawClient second = new RawClient(address)) {
            first.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(second.get("/").status()).isEqualTo(503);
            assertThat(second.atEnd()).isTrue();
            go.countDown();
            assertThat(first.read().text()).isEqualTo("done");
        }
    }

    @Test
    void connectionsOverTheirLimitAreEnded() throws Exception {
        InetSocketAddress address = serve(exchange -> Reply.text(200, "done"), Map.of("connections", "2"));
        try (RawClient first = new RawClient(address);
                RawClient second = new RawClient(address)) {
            // Answered, and so counted.
            assertThat(first.get("/").text()).isEqualTo("done");
            assertThat(second.get("/").text()).isEqualTo("done");
            try (RawClient third = new RawClient(address)) {
                assertThat(third.atEnd()).isTrue();
            }
            assertThat(first.get("/").text()).isEqualTo("done");
        }
    }

    @Test
    void anAddressThatIsTakenIsRefused() {
        InetSocketAddress taken = serve(exchange -> Reply.of(200));
        VertxHttpServer second =
                new VertxHttpServer(taken, exchange -> Reply.of(200), VertxServerConfig.defaults(), new Metrics());
        assertThatThrownBy(second::start)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot listen on")
                .extracting("code")
                .isEqualTo(ErrorCode.IN_USE);
    }
}
