package io.forebay.protocol.http.netty;

import static io.forebay.protocol.http.netty.NettyFixture.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.RawClient;
import io.forebay.protocol.http.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Every limit of the server: what happens at it, and the counter that shows it.
class LimitsIT {
    private static final Handler ECHO = exchange ->
            exchange.mayWait() ? Reply.of(200, "x/y", exchange.body().readAll(1 << 20)) : Reply.text(200, "ok");

    private final NettyFixture netty = new NettyFixture(Transport.AUTO);

    @AfterEach
    void close() {
        netty.close();
    }

    @Test
    void longHeadsAndTargetsAreRefused() throws IOException {
        InetSocketAddress address = netty.serve(
                ECHO, Map.of("limits.head-bytes", "4KiB", "limits.target-bytes", "1KiB", "limits.header-lines", "20"));
        assertRefused(address, 414, "GET /" + "a".repeat(1024) + " HTTP/1.1\r\nHost: t\r\n\r\n");
        assertRefused(address, 414, "GET /" + "a".repeat(2000));
        assertRefused(address, 414, "GET /" + "a".repeat(200_000));
        assertRefused(address, 431, "GET / HTTP/1.1\r\nHost: t\r\nX: " + "a".repeat(4096) + "\r\n\r\n");
        assertRefused(address, 431, "GET / HTTP/1.1\r\nHost: t\r\nX: " + "a".repeat(5000));
        assertRefused(address, 431, "GET / HTTP/1.1\r\nHost: t\r\n" + "X: a\r\n".repeat(20) + "\r\n");
        assertRefused(address, 431, "GET / HTTP/1.1\r\nHost: t\r\n" + "X: a\r\n".repeat(20_000));
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/" + "a".repeat(1023)).status()).isEqualTo(200);
            client.send("GET / HTTP/1.1\r\nHost: t\r\n" + "X: a\r\n".repeat(19) + "\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void longBodiesAreRefused() throws IOException {
        InetSocketAddress address = netty.serve(ECHO, Map.of("limits.body-bytes", "10KiB"));
        String put = "PUT / HTTP/1.1\r\nHost: t\r\n";
        assertRefused(address, 413, put + "Content-Length: 10241\r\n\r\n");
        assertRefused(address, 413, put + "Expect: 100-continue\r\nContent-Length: 10241\r\n\r\n");
        assertRefused(address, 413, put + "Content-Length: 1000000\r\n\r\n" + "a".repeat(1_000_000));
        try (RawClient client = new RawClient(address)) {
            client.send(
                    put + "Transfer-Encoding: chunked\r\n\r\n" + ("400\r\n" + "a".repeat(1024) + "\r\n").repeat(11));
            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.header("connection")).isEqualTo("close");
        }
        try (RawClient client = new RawClient(address)) {
            client.send(put + "Content-Length: 10240\r\n\r\n" + "a".repeat(10240));
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void aRefusedBodyOverTheDrainLimitEndsTheConnection() throws IOException {
        InetSocketAddress address =
                netty.serve(exchange -> Reply.text(307, "there"), Map.of("limits.drain-bytes", "10KiB"));
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 10240\r\n\r\n" + "a".repeat(10240));
            assertThat(client.read().headers()).doesNotContainKey("connection");
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 20000\r\n\r\n" + "a".repeat(100));
            assertThat(client.read().header("connection")).isEqualTo("close");
        }
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.read().headers()).doesNotContainKey("connection");
            client.send("3000\r\n" + "a".repeat(0x3000) + "\r\n0\r\n\r\n").shutdownOutput();
            assertThat(client.atEnd()).isTrue();
        }
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 99999\r\n\r\n");
            assertThat(client.read().headers()).as("will not be sent").doesNotContainKey("connection");
            assertThat(client.get("/").status()).isEqualTo(307);
        }
    }

    @Test
    void connectionsOverTheLimitAreAnswered503() throws IOException {
        InetSocketAddress address = netty.serve(ECHO, Map.of("limits.connections", "2"));
        try (RawClient first = new RawClient(address);
                RawClient second = new RawClient(address)) {
            assertThat(first.get("/").status()).isEqualTo(200);
            assertThat(second.get("/").status()).isEqualTo(200);
            try (RawClient third = new RawClient(address)) {
                assertThat(third.read().status()).isEqualTo(503);
                assertThat(third.atEnd()).isTrue();
            }
            assertThat(netty.sample("forebay_http_connections")).isEqualTo(2);
            assertThat(netty.sample("forebay_http_connections_refused_total")).isEqualTo(1);
        }
        awaitThat("connections closed", () -> netty.sample("forebay_http_connections") == 0);
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void requestsOverTheLimitAreAnswered503() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        Handler handler = exchange -> {
            if (exchange.request().target().equals("/now")) {
                return Reply.text(200, "now");
            }
            if (!exchange.mayWait()) {
                return Reply.WOULD_WAIT;
            }
            await(go);
            return Reply.text(200, "later");
        };
        InetSocketAddress address = netty.serve(handler, Map.of("limits.requests-in-flight", "1"));
        try (RawClient first = new RawClient(address);
                RawClient second = new RawClient(address)) {
            first.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
            netty.awaitSample("forebay_http_requests_in_flight", 1);
            RawClient.Response refused = second.get("/");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            second.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(second.read().status()).isEqualTo(503);
            assertThat(second.get("/now").text()).isEqualTo("now");
            assertThat(netty.sample("forebay_http_requests_busy_total")).isEqualTo(2);
            go.countDown();
            assertThat(first.read().text()).isEqualTo("later");
        }
    }

    @Test
    void slowHeadsAndIdleConnectionsEnd() throws IOException {
        InetSocketAddress address =
                netty.serve(ECHO, Map.of("timeouts.head", "300ms", "timeouts.idle", "1s", "timeouts.linger", "1s"));
        try (RawClient slow = new RawClient(address);
                RawClient idle = new RawClient(address);
                RawClient silent = new RawClient(address)) {
            assertThat(idle.get("/").status()).isEqualTo(200);
            slow.send("GET / HTTP/1.1\r\nHost:");
            assertThat(slow.read().status()).isEqualTo(408);
            assertThat(slow.atEnd()).isTrue();
            assertThat(idle.atEnd()).isTrue();
            assertThat(silent.atEnd()).isTrue();
        }
        assertThat(netty.sample("forebay_http_timeouts_total{awaited=\"head\"}"))
                .isEqualTo(1);
        assertThat(netty.sample("forebay_http_timeouts_total{awaited=\"request\"}"))
                .isEqualTo(2);
    }

    @Test
    void aSlowBodyFailsItsHandler() throws IOException {
        AtomicReference<ErrorCode> failure = new AtomicReference<>();
        Handler handler = exchange -> {
            try {
                return Reply.of(200, "x/y", exchange.body().readAll(100));
            } catch (StoreException e) {
                failure.set(e.code());
                throw e;
            }
        };
        InetSocketAddress address = netty.serve(handler, Map.of("timeouts.body", "300ms", "timeouts.linger", "300ms"));
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhello");
            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(failure).hasValue(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(netty.sample("forebay_http_timeouts_total{awaited=\"body\"}"))
                .isEqualTo(1);
    }

    @Test
    void aRefusedBodyThatStopsComingEndsTheConnection() throws IOException {
        InetSocketAddress address = netty.serve(
                exchange -> Reply.text(307, "there"), Map.of("timeouts.body", "300ms", "timeouts.linger", "300ms"));
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhello");
            assertThat(client.read().status()).isEqualTo(307);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aClientThatTakesNothingEnds() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        InetSocketAddress address = netty.serve(
                exchange -> new Reply(
                        200, new Headers(), new Payload.Stream(new Zeros(1L << 30, new AtomicLong(), closed))),
                Map.of("timeouts.write", "500ms"));
        try (RawClient client = new RawClient(address, 1 << 14)) {
            client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
            awaitThat("the source is closed", closed::get);
        }
        assertThat(netty.sample("forebay_http_timeouts_total{awaited=\"write\"}"))
                .isEqualTo(1);
    }

    @Test
    void bodiesTogetherHoldNoMoreThanTheBudget() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        Handler handler = exchange -> {
            exchange.body().next();
            await(go);
            while (exchange.body().next() != null) {
                // Takes everything.
            }
            return Reply.text(200, "done");
        };
        InetSocketAddress address = netty.serve(
                handler,
                Map.of("limits.buffered-bytes", "1MiB", "buffers.window", "1MiB", "buffers.body-read", "64KiB"));
        byte[] body = new byte[3 << 20];
        RawClient[] clients = new RawClient[6];
        Thread[] senders = new Thread[clients.length];
        for (int index = 0; index < clients.length; index++) {
            RawClient client = new RawClient(address);
            clients[index] = client;
            senders[index] = Thread.ofVirtual().start(() -> {
                try {
                    client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: " + body.length + "\r\n\r\n");
                    client.send(body);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
        netty.awaitSample("forebay_http_buffer_pauses_total", 1);
        netty.awaitSample("forebay_http_requests_in_flight", clients.length);
        // The budget, and one read a connection beyond it.
        assertThat(netty.sample("forebay_http_buffered_bytes")).isLessThanOrEqualTo((1 << 20) + (6 << 18));
        go.countDown();
        for (RawClient client : clients) {
            assertThat(client.read().text()).isEqualTo("done");
            client.close();
        }
    }

    @Test
    void requestsThatNeedBuffersAreAnswered503WhenDirectMemoryRunsShort() throws IOException {
        // Any receive buffer is already over a limit of no bytes.
        InetSocketAddress address = netty.serve(ECHO, Map.of("limits.direct-memory", "0.0000000001%"));
        try (RawClient client = new RawClient(address)) {
            client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(client.read().status()).isEqualTo(503);
            assertThat(client.get("/").text()).isEqualTo("ok");
        }
    }

    private static void assertRefused(InetSocketAddress address, int status, String bytes) throws IOException {
        try (RawClient client = new RawClient(address)) {
            Thread.ofVirtual().start(() -> {
                try {
                    client.send(bytes);
                } catch (IOException e) {
                    // The server may stop reading, and this client close, before everything was sent.
                    assertThat(e).isNotNull();
                }
            });
            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.header("connection")).isEqualTo("close");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
