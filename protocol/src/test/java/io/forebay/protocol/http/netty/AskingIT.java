package io.forebay.protocol.http.netty;

import static io.forebay.protocol.http.netty.NettyFixture.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Pieces;
import io.forebay.protocol.http.RawClient;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A server whose handler asks another one from the event loop. One loop has all connections, so that each request but
/// the first, for which the other server's name is looked up, stays on it.
class AskingIT {
    private static final byte[] BYTES = new byte[1_000_000];

    static {
        new Random(3).nextBytes(BYTES);
    }

    private final NettyFixture netty = new NettyFixture(Transport.AUTO, 1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger callsOnLoop = new AtomicInteger();
    private final AtomicInteger callsOnThreads = new AtomicInteger();
    private @Nullable NettyHttpClient client;

    @AfterEach
    void close() {
        go.countDown();
        if (client != null) {
            client.close();
        }
        netty.close();
        assertThat(netty.sample("forebay_http_client_connections")).isZero();
    }

    @Test
    void passesEveryReplyOnWithoutAThread() throws IOException {
        String back = serve(exchange -> switch (exchange.request().target()) {
            case "/none" -> Reply.of(204);
            case "/empty" -> Reply.of(200);
            case "/described" -> new Reply(200, new Headers(), new Payload.Described(12345));
            case "/length" -> new Reply(200, new Headers(), new Payload.Stream(new Pieces(BYTES.length, BYTES)));
            case "/chunked" -> new Reply(200, new Headers(), new Payload.Stream(new Pieces(-1, BYTES)));
            case "/small" -> Reply.text(200, "small").with("X-A", "é");
            default -> throw new StoreException(ErrorCode.NO_SUCH_OBJECT, "no object");
        });
        try (RawClient raw = new RawClient(front(back, Map.of(), Map.of()))) {
            for (int round = 0; round < 3; round++) {
                assertThat(raw.get("/small").text()).isEqualTo("small");
                assertThat(raw.get("/small").header("x-a")).isEqualTo("é");
                assertThat(raw.get("/length").body()).isEqualTo(BYTES);
                assertThat(raw.get("/chunked").body()).isEqualTo(BYTES);
                assertThat(raw.get("/none").status()).isEqualTo(204);
                assertThat(raw.get("/empty").header("content-length")).isEqualTo("0");
                RawClient.Response absent = raw.get("/absent");
                assertThat(absent.status()).isEqualTo(404);
                assertThat(absent.text()).isEqualTo("NO_SUCH_OBJECT: no object\n");
                raw.send("HEAD /described HTTP/1.1\r\nHost: t\r\n\r\n");
                assertThat(raw.read(false).header("content-length")).isEqualTo("12345");
            }
            raw.send("GET /chunked HTTP/1.0\r\n\r\n");
            assertThat(raw.read().body()).isEqualTo(BYTES);
        }
        assertThat(callsOnThreads).hasValue(1);
        assertThat(netty.sample("forebay_http_requests_handed_over_total")).isEqualTo(1);
        assertThat(netty.sample("forebay_http_client_requests_total")).isEqualTo(26);
        assertThat(netty.sample("forebay_http_client_failures_total")).isZero();
        assertThat(netty.sample("forebay_http_connections_accepted_total"))
                .as("two of raw clients, one between the servers")
                .isEqualTo(3);
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        String back = serve(exchange -> Reply.text(200, exchange.request().target()));
        InetSocketAddress front = front(back, Map.of(), Map.of());
        StringBuilder requests = new StringBuilder();
        for (int index = 0; index < 50; index++) {
            requests.append("GET /").append(index).append(" HTTP/1.1\r\nHost: t\r\n\r\n");
        }
        try (RawClient raw = new RawClient(front)) {
            raw.send(requests.toString());
            for (int index = 0; index < 50; index++) {
                assertThat(raw.read().text()).isEqualTo("/" + index);
            }
        }
        assertThat(callsOnThreads).hasValue(1);
    }

    @Test
    void answersAClientThatHasEndedItsSide() throws IOException {
        InetSocketAddress front = front(slow(), Map.of(), Map.of());
        try (RawClient raw = new RawClient(front)) {
            raw.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n").shutdownOutput();
            netty.awaitSample("forebay_http_requests_in_flight", 2);
            go.countDown();
            assertThat(raw.read().text()).isEqualTo("slow");
            assertThat(raw.atEnd()).isTrue();
        }
    }

    @Test
    void givesUpWhatAClientNoLongerWaitsFor() throws IOException {
        InetSocketAddress front = front(slow(), Map.of(), Map.of());
        try (RawClient raw = new RawClient(front)) {
            raw.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
            netty.awaitSample("forebay_http_requests_in_flight", 2);
            raw.reset();
        }
        awaitThat("nobody waits at the front", () -> netty.sample("forebay_http_requests_in_flight") == 1);
        awaitThat("not asked any longer", () -> netty.sample("forebay_http_client_connections") == 0);
        go.countDown();
        assertAnswers(front);
    }

    @Test
    void givesUpABodyThatAClientNoLongerTakes() throws IOException {
        AtomicLong pulled = new AtomicLong();
        AtomicBoolean closed = new AtomicBoolean();
        String back = serve(exchange -> exchange.request().target().equals("/zeros")
                ? new Reply(200, new Headers(), new Payload.Stream(new Zeros(1L << 40, pulled, closed)))
                : Reply.text(200, "fast"));
        InetSocketAddress front = front(back, Map.of(), Map.of());
        try (RawClient raw = new RawClient(front, 1 << 14)) {
            raw.send("GET /zeros HTTP/1.1\r\nHost: t\r\n\r\n");
            assertThat(raw.readSome(new byte[100])).isPositive();
            awaitThat("the back stands still", () -> {
                long before = pulled.get();
                LockSupport.parkNanos(50_000_000);
                return before == pulled.get();
            });
            assertThat(pulled.get()).isLessThan(64L << 20);
            byte[] taken = new byte[1 << 16];
            long rest = 128L << 20;
            while (rest > 0) {
                rest -= raw.readSome(taken);
            }
        }
        awaitThat("the back's source is closed", closed::get);
        assertAnswers(front);
    }

    @Test
    void aServerThatIsTooSlowFailsTheRequest() throws IOException {
        InetSocketAddress front = front(slow(), Map.of(), Map.of("reply-timeout", "300ms"));
        try (RawClient raw = new RawClient(front)) {
            RawClient.Response late = raw.get("/slow");
            assertThat(late.status()).isEqualTo(408);
            assertThat(late.text()).startsWith("DEADLINE_EXCEEDED").contains("did not answer in time");
        }
        assertThat(callsOnThreads).hasValue(1);
        assertThat(netty.sample("forebay_http_client_failures_total")).isEqualTo(1);
    }

    @Test
    void aServerThatEndsBeforeItAnswersIsAskedAgainByAThread() throws IOException {
        try (ServerSocket back = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerOneInTwo(back));
            InetSocketAddress front = front("http://127.0.0.1:" + back.getLocalPort(), Map.of(), Map.of());
            try (RawClient raw = new RawClient(front)) {
                for (int round = 0; round < 4; round++) {
                    assertThat(raw.get("/").text()).isEqualTo("ok");
                }
            }
        }
        assertThat(callsOnThreads.get()).isGreaterThan(1);
        assertThat(netty.sample("forebay_http_client_retries_total")).isPositive();
    }

    @Test
    void aServerThatIsGoneIsUnavailable() throws IOException {
        // Bound and not listening: nobody else takes the port, and it refuses connections.
        try (SocketChannel back = SocketChannel.open()) {
            back.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) back.getLocalAddress()).getPort();
            try (RawClient raw = new RawClient(front("http://127.0.0.1:" + port, Map.of(), Map.of()))) {
                for (int round = 0; round < 3; round++) {
                    RawClient.Response gone = raw.get("/");
                    assertThat(gone.status()).isEqualTo(503);
                    assertThat(gone.text()).startsWith("NODE_UNAVAILABLE: cannot reach 127.0.0.1");
                }
            }
        }
    }

    @Test
    void cutsTheConnectionWhenTheServerEndsInTheMiddle() throws IOException {
        try (ServerSocket back = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(back, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"));
            InetSocketAddress front = front("http://127.0.0.1:" + back.getLocalPort(), Map.of(), Map.of());
            for (int round = 0; round < 3; round++) {
                try (RawClient raw = new RawClient(front)) {
                    assertThatThrownBy(() -> raw.get("/")).isInstanceOf(IOException.class);
                }
            }
        }
    }

    /// As on a thread: what fails before its first byte has gone out is answered for.
    @Test
    void answersForABodyThatFailsBeforeItsFirstByte() throws IOException {
        try (ServerSocket back = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(back, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
            InetSocketAddress front = front("http://127.0.0.1:" + back.getLocalPort(), Map.of(), Map.of());
            try (RawClient raw = new RawClient(front)) {
                for (int round = 0; round < 3; round++) {
                    assertThat(raw.get("/").text()).startsWith("NODE_UNAVAILABLE");
                }
            }
        }
    }

    @Test
    void requestsThatAFullPoolHasNoConnectionForWaitOnThreads() throws Exception {
        String back = serve(exchange -> Reply.text(200, exchange.request().target()));
        InetSocketAddress front = front(back, Map.of(), Map.of("connections-per-node", "1"));
        AtomicInteger good = new AtomicInteger();
        Thread[] threads = new Thread[8];
        for (int number = 0; number < threads.length; number++) {
            String name = "/" + number;
            threads[number] = Thread.ofPlatform().start(() -> {
                try (RawClient raw = new RawClient(front)) {
                    for (int round = 0; round < 30; round++) {
                        good.addAndGet(raw.get(name).text().equals(name) ? 1 : 0);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(good).hasValue(30 * threads.length);
        assertThat(callsOnLoop.get()).isGreaterThan(30 * threads.length);
    }

    @Test
    void requestsThatWaitOnTheLoopCountAsInFlight() throws IOException {
        String back = slow();
        InetSocketAddress front = front(back, Map.of("limits.requests-in-flight", "1"), Map.of());
        try (RawClient first = new RawClient(front);
                RawClient second = new RawClient(front)) {
            first.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
            netty.awaitSample("forebay_http_requests_in_flight", 2);
            assertThat(second.get("/").status()).isEqualTo(503);
            assertThat(netty.sample("forebay_http_requests_busy_total")).isEqualTo(1);
            go.countDown();
            assertThat(first.read().text()).isEqualTo("slow");
            assertThat(second.get("/").text()).isEqualTo("fast");
        }
    }

    @Test
    void aRequestInFlightEndsWithTheServer() throws IOException {
        try (ServerSocket back = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerFirst(back));
            String url = "http://127.0.0.1:" + back.getLocalPort();
            InetSocketAddress front = front(url, Map.of("timeouts.grace", "100ms"), Map.of());
            try (RawClient raw = new RawClient(front)) {
                raw.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
                netty.awaitSample("forebay_http_requests_in_flight", 1);
                netty.closeServers();
                assertThat(raw.atEnd()).isTrue();
            }
        }
    }

    @Test
    void aHandlerThatThenAsksSomethingElseIsCalledOnAThread() throws IOException {
        String back = serve(exchange -> Reply.text(200, exchange.request().target()));
        NettyHttpClient asking = client(Map.of());
        AtomicInteger calls = new AtomicInteger();
        InetSocketAddress front = netty.serve(
                exchange -> {
                    Request request = new Request(Method.GET, "/" + calls.incrementAndGet(), new Headers());
                    return exchange.mayWait()
                            ? asking.send(back, request, Body.empty())
                            : exchange.ask(asking, back, request);
                },
                Map.of());
        try (RawClient raw = new RawClient(front)) {
            assertThat(raw.get("/").text()).as("the name is looked up").isEqualTo("/2");
            assertThat(raw.get("/").text()).as("asked twice on the loop").isEqualTo("/5");
        }
    }

    /// A server that answers the first connection's request at once, and those of `/slow` when it may.
    private String slow() {
        return serve(exchange -> {
            if (!exchange.request().target().equals("/slow")) {
                return Reply.text(200, "fast");
            }
            if (!exchange.mayWait()) {
                return Reply.WOULD_WAIT;
            }
            try {
                assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Reply.text(200, "slow");
        });
    }

    private void assertAnswers(InetSocketAddress front) throws IOException {
        try (RawClient raw = new RawClient(front)) {
            assertThat(raw.get("/").text()).isEqualTo("fast");
        }
    }

    private String serve(Handler handler) {
        return "http://127.0.0.1:" + netty.serve(handler, Map.of()).getPort();
    }

    /// A server that asks another one for everything, as a gateway does: again on a thread where the other one could
    /// not be reached. It has asked once, so that it knows where the other one is.
    private InetSocketAddress front(String back, Map<String, String> server, Map<String, String> settings) {
        NettyHttpClient asking = client(settings);
        InetSocketAddress front = netty.serve(exchange -> asked(exchange, asking, back), server);
        try (RawClient raw = new RawClient(front)) {
            raw.send("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
            assertThat(raw.atEnd()).isFalse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // A reply is there before its request has left the server.
        awaitThat("nothing is in flight", () -> netty.sample("forebay_http_requests_in_flight") == 0);
        return front;
    }

    private Reply asked(Exchange exchange, NettyHttpClient asking, String back) {
        Request request =
                new Request(exchange.request().method(), exchange.request().target(), new Headers());
        if (exchange.mayWait()) {
            callsOnThreads.incrementAndGet();
            return asking.send(back, request, Body.empty());
        }
        callsOnLoop.incrementAndGet();
        try {
            return exchange.ask(asking, back, request);
        } catch (StoreException e) {
            if (e.code() == ErrorCode.NODE_UNAVAILABLE) {
                return Reply.WOULD_WAIT;
            }
            throw e;
        }
    }

    private NettyHttpClient client(Map<String, String> settings) {
        NettyHttpClient made =
                new NettyHttpClient(Settings.of(HttpClientConfig.class).bind(settings), netty.loops(), netty.metrics());
        client = made;
        return made;
    }

    /// Answers one request on each connection, says that it keeps it, and closes it at the next request.
    private static void answerOneInTwo(ServerSocket listening) {
        answer(listening, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 2);
    }

    /// Answers one request on each connection and takes another one.
    private static void answerFirst(ServerSocket listening) {
        answer(listening, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 3);
    }

    /// Answers one request on each connection with these bytes and closes it.
    private static void answer(ServerSocket listening, String bytes) {
        answer(listening, bytes, 1);
    }

    private static void answer(ServerSocket listening, String bytes, int heads) {
        try {
            for (; ; ) {
                Socket socket = listening.accept();
                Thread.ofVirtual().start(() -> answer(socket, bytes, heads));
            }
        } catch (IOException e) {
            // The test has closed the socket.
            assertThat(listening.isClosed()).isTrue();
        }
    }

    private static void answer(Socket accepted, String bytes, int heads) {
        try (Socket socket = accepted) {
            readHead(socket.getInputStream());
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
            for (int more = 1; more < heads; more++) {
                readHead(socket.getInputStream());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readHead(InputStream in) throws IOException {
        int last = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            last = last << 8 | b;
            if (last == ('\r' << 24 | '\n' << 16 | '\r' << 8 | '\n')) {
                return;
            }
        }
    }
}
