package io.forebay.protocol.http.netty;

import static io.forebay.protocol.http.netty.NettyFixture.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.BodyBytes;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Pieces;
import io.forebay.protocol.http.RawClient;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NettyHttpClientIT {
    private static final byte[] BYTES = new byte[1_000_000];

    static {
        new Random(2).nextBytes(BYTES);
    }

    private final NettyFixture netty = new NettyFixture(Transport.AUTO);
    private final List<NettyHttpClient> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(NettyHttpClient::close);
        netty.close();
        assertThat(netty.sample("forebay_http_client_connections")).isZero();
    }

    @Test
    void receivesReplies() {
        String url = serve(exchange -> switch (exchange.request().target()) {
            case "/none" -> Reply.of(204);
            case "/empty" -> Reply.of(200);
            case "/described" -> new Reply(200, new Headers().add("X-A", "é"), new Payload.Described(12345));
            case "/length" -> new Reply(200, new Headers(), new Payload.Stream(new Pieces(BYTES.length, BYTES)));
            case "/chunked" -> new Reply(200, new Headers(), new Payload.Stream(new Pieces(-1, BYTES)));
            default -> throw new StoreException(ErrorCode.NO_SUCH_OBJECT, "no object");
        });
        NettyHttpClient client = client(Map.of());
        assertThat(client.send(url, get("/none"), Body.empty()).payload()).isEqualTo(Payload.none());
        assertThat(client.send(url, get("/empty"), Body.empty()).payload()).isEqualTo(Payload.none());
        Reply described = client.send(url, new Request(Method.HEAD, "/described", new Headers()), Body.empty());
        assertThat(described.payload()).isEqualTo(new Payload.Described(12345));
        assertThat(described.headers().find("x-a")).isEqualTo("é");
        assertThat(described.headers().contains("Content-Length")).isFalse();
        assertThat(bytes(client.send(url, get("/length"), Body.empty()))).isEqualTo(BYTES);
        assertThat(bytes(client.send(url, get("/chunked"), Body.empty()))).isEqualTo(BYTES);
        Reply absent = client.send(url, get("/absent"), Body.empty());
        assertThat(absent.status()).isEqualTo(404);
        assertThat(new String(bytes(absent), StandardCharsets.UTF_8)).isEqualTo("NO_SUCH_OBJECT: no object\n");
        assertThat(netty.sample("forebay_http_client_requests_total")).isEqualTo(6);
        assertThat(netty.sample("forebay_http_connections_accepted_total")).isEqualTo(1);
    }

    @Test
    void sendsBodies() {
        String url = serve(exchange -> Reply.of(
                200,
                exchange.body().length() + "/" + exchange.request().headers().find("expect", "-"),
                exchange.body().readAll(2_000_000)));
        NettyHttpClient client = client(Map.of());
        Reply small = client.send(url, put(), MemoryBody.of(new byte[] {1, 2, 3}));
        assertThat(small.headers().find("content-type")).isEqualTo("3/-");
        assertThat(bytes(small)).containsExactly(1, 2, 3);
        assertThat(bytes(client.send(url, put(), source(BYTES.length)))).isEqualTo(BYTES);
        Reply chunked = client.send(url, put(), source(-1));
        assertThat(chunked.headers().find("content-type")).isEqualTo("-1/100-continue");
        assertThat(bytes(chunked)).isEqualTo(BYTES);
        Reply empty = client.send(url, put(), Body.empty());
        assertThat(empty.headers().find("content-type")).isEqualTo("0/-");
        assertThat(netty.sample("forebay_http_connections_accepted_total")).isEqualTo(1);
    }

    @Test
    void leavesABodyWholeThatTheServerRefuses() {
        String url = serve(exchange -> Reply.text(409, "not here"));
        NettyHttpClient client = client(Map.of());
        for (int round = 0; round < 3; round++) {
            Body body = source(BYTES.length);
            assertThat(bytes(client.send(url, put(), body))).hasSize(8);
            assertThat(BodyBytes.readAll(body, BYTES.length)).isEqualTo(BYTES);
        }
        assertThat(netty.sample("forebay_http_connections_accepted_total"))
                .as("the connection was kept")
                .isEqualTo(1);
    }

    @Test
    void endsTheRequestWhenItsBodyFails() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        String url = serve(exchange -> {
            try {
                return Reply.of(200, "x/y", exchange.body().readAll(2_000_000));
            } catch (StoreException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.INCOMPLETE_BODY);
                failed.countDown();
                throw e;
            }
        });
        NettyHttpClient client = client(Map.of());
        Payload broken = new Payload.Stream(new Pieces(BYTES.length, BYTES, 500_000, new AtomicBoolean()));
        assertFails(ErrorCode.BACKEND_FAILED, () -> client.send(url, put(), new PayloadSource(broken)));
        assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void stopsSendingWhenTheServerHasAnswered() {
        String url = serve(exchange -> {
            exchange.body().next();
            return Reply.text(507, "no space");
        });
        NettyHttpClient client = client(Map.of());
        AtomicLong pulled = new AtomicLong();
        Body endless = new PayloadSource(new Payload.Stream(new Zeros(1L << 40, pulled, new AtomicBoolean())));
        Reply reply = client.send(url, put(), endless);
        assertThat(reply.status()).isEqualTo(507);
        assertThat(bytes(reply)).hasSize(8);
        assertThat(pulled.get()).isLessThan(1L << 32);
    }

    @Test
    void relaysBothWaysWithoutChangingAByte() throws IOException {
        String back = serve(exchange -> exchange.body().length() == 0
                ? new Reply(200, new Headers(), new Payload.Stream(new Pieces(BYTES.length, BYTES)))
                : Reply.of(200, "x/y", exchange.body().readAll(2_000_000)));
        NettyHttpClient client = client(Map.of());
        InetSocketAddress front = netty.serve(
                exchange ->
                        exchange.mayWait() ? client.send(back, exchange.request(), exchange.body()) : Reply.WOULD_WAIT,
                Map.of());
        try (RawClient raw = new RawClient(front)) {
            for (int round = 0; round < 3; round++) {
                assertThat(raw.get("/").body()).isEqualTo(BYTES);
                raw.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: " + BYTES.length + "\r\n\r\n");
                raw.send(BYTES);
                assertThat(raw.read().body()).isEqualTo(BYTES);
            }
        }
    }

    @Test
    void takesNoMoreOfAReplyThanItsReaderDoes() {
        AtomicLong pulled = new AtomicLong();
        AtomicBoolean closed = new AtomicBoolean();
        String url = serve(
                exchange -> new Reply(200, new Headers(), new Payload.Stream(new Zeros(1L << 30, pulled, closed))));
        NettyHttpClient client = client(Map.of());
        Reply reply = client.send(url, get("/"), Body.empty());
        Payload.Stream stream = (Payload.Stream) reply.payload();
        ByteBuffer first = stream.source().next();
        assertThat(first).isNotNull();
        awaitThat("the server stands still", () -> {
            long before = pulled.get();
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
            return before == pulled.get();
        });
        assertThat(pulled.get()).isLessThan(64L << 20);
        reply.payload().close();
        awaitThat("the server's source is closed", closed::get);
    }

    @Test
    void repeatsOnceOnAStaleConnection() throws IOException {
        AtomicInteger accepted = new AtomicInteger();
        try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            // Answers one request on each connection, says that it keeps it, and closes it at the next request.
            Thread.ofVirtual().start(() -> answerOnce(listening, accepted));
            String url = "http://127.0.0.1:" + listening.getLocalPort();
            NettyHttpClient client = client(Map.of());
            assertThat(bytes(client.send(url, get("/1"), Body.empty()))).hasSize(2);
            assertThat(bytes(client.send(url, get("/2"), Body.empty()))).hasSize(2);
            assertThat(accepted).hasValue(2);
            assertThat(netty.sample("forebay_http_client_retries_total")).isEqualTo(1);
            Request post = new Request(Method.POST, "/3", new Headers());
            assertFails(ErrorCode.NODE_UNAVAILABLE, () -> client.send(url, post, Body.empty()));
            assertThat(accepted).as("a POST is not repeated").hasValue(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 1\n\na",
                "HTTP/1.1 2x0 OK\r\nContent-Length: 1\r\n\r\na",
                "ICY 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Le",
                ""
            })
    void refusesMalformedReplies(String bytes) throws IOException {
        assertFails(ErrorCode.NODE_UNAVAILABLE, () -> sendTo(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nab"
            })
    void failsABodyThatEndsEarly(String bytes) {
        assertFails(ErrorCode.NODE_UNAVAILABLE, () -> bytes(sendTo(bytes)));
    }

    @Test
    void readsABodyThatTheConnectionEnds() throws IOException {
        assertThat(bytes(sendTo("HTTP/1.1 200 OK\r\n\r\nabc"))).hasSize(3);
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        NettyHttpClient client = client(Map.of("connections-per-node", "1", "wait-timeout", "100ms"));
        for (int round = 0; round < 3; round++) {
            assertFails(
                    ErrorCode.NODE_UNAVAILABLE, () -> client.send("http://127.0.0.1:" + port, get("/"), Body.empty()));
        }
    }

    @Test
    void aServerThatIsTooSlowFailsTheRequest() {
        CountDownLatch go = new CountDownLatch(1);
        String url = serve(exchange -> {
            if (!exchange.mayWait()) {
                return Reply.WOULD_WAIT;
            }
            await(go);
            return Reply.of(200);
        });
        NettyHttpClient client = client(Map.of("reply-timeout", "300ms"));
        assertFails(ErrorCode.DEADLINE_EXCEEDED, () -> client.send(url, get("/"), Body.empty()));
        assertFails(ErrorCode.DEADLINE_EXCEEDED, () -> client.send(url, put(), source(-1)));
        go.countDown();
    }

    @Test
    void requestsWaitForAConnectionOfAFullPool() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        String url = serve(exchange -> {
            if (!exchange.mayWait()) {
                return Reply.WOULD_WAIT;
            }
            await(go);
            return Reply.text(200, "done");
        });
        NettyHttpClient impatient = client(Map.of("connections-per-node", "1", "wait-timeout", "50ms"));
        Thread first = Thread.ofVirtual().start(() -> bytes(impatient.send(url, get("/"), Body.empty())));
        netty.awaitSample("forebay_http_requests_in_flight", 1);
        assertFails(ErrorCode.BUSY, () -> impatient.send(url, get("/"), Body.empty()));
        assertThat(netty.sample("forebay_http_client_waits_total")).isEqualTo(1);
        go.countDown();
        first.join();
        assertThat(bytes(impatient.send(url, get("/"), Body.empty()))).hasSize(4);
        assertThat(netty.sample("forebay_http_connections_accepted_total")).isEqualTo(1);
    }

    @Test
    void manyRequestsShareTheConnections() throws Exception {
        String url = serve(exchange -> exchange.mayWait()
                ? Reply.of(200, "x/y", exchange.body().readAll(100_000))
                : Reply.text(200, exchange.request().target()));
        NettyHttpClient client = client(Map.of("connections-per-node", "4"));
        AtomicInteger good = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < 32; number++) {
            String name = "/" + number;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int round = 0; round < 30; round++) {
                    byte[] sent = (name + "/" + round).getBytes(StandardCharsets.US_ASCII);
                    boolean same = round % 2 == 0
                            ? java.util.Arrays.equals(sent, bytes(client.send(url, put(), MemoryBody.of(sent))))
                            : name.equals(new String(
                                    bytes(client.send(url, get(name), Body.empty())), StandardCharsets.US_ASCII));
                    good.addAndGet(same ? 1 : 0);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(good).hasValue(32 * 30);
        assertThat(netty.sample("forebay_http_connections_accepted_total")).isLessThanOrEqualTo(4);
    }

    @Test
    void unusedConnectionsAreClosed() {
        String url = serve(exchange -> Reply.of(200));
        NettyHttpClient client = client(Map.of("idle-timeout", "300ms"));
        client.send(url, get("/"), Body.empty());
        assertThat(netty.sample("forebay_http_client_connections")).isEqualTo(1);
        awaitThat("closed", () -> netty.sample("forebay_http_client_connections") == 0);
        client.send(url, get("/"), Body.empty());
    }

    @Test
    void aHeaderThatCannotBeSentIsRefused() {
        String url = serve(exchange -> Reply.of(200));
        NettyHttpClient client = client(Map.of());
        Request request = new Request(Method.GET, "/", new Headers().add("X", "a\r\nY: b"));
        assertFails(ErrorCode.INTERNAL, () -> client.send(url, request, Body.empty()));
        assertFails(ErrorCode.INTERNAL, () -> client.send(url, get("/a b"), Body.empty()));
        assertThat(client.send(url, get("/"), Body.empty()).status()).isEqualTo(200);
    }

    private NettyHttpClient client(Map<String, String> settings) {
        NettyHttpClient client =
                new NettyHttpClient(Settings.of(HttpClientConfig.class).bind(settings), netty.loops(), netty.metrics());
        clients.add(client);
        return client;
    }

    private String serve(Handler handler) {
        return "http://127.0.0.1:" + netty.serve(handler, Map.of()).getPort();
    }

    /// The reply to a request at a server that sends these bytes and closes.
    private Reply sendTo(String bytes) throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = listening.accept()) {
                    readHead(socket.getInputStream());
                    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            return client(Map.of()).send("http://127.0.0.1:" + listening.getLocalPort(), get("/"), Body.empty());
        }
    }

    private static void answerOnce(ServerSocket listening, AtomicInteger accepted) {
        try {
            for (; ; ) {
                try (Socket socket = listening.accept()) {
                    accepted.incrementAndGet();
                    readHead(socket.getInputStream());
                    OutputStream out = socket.getOutputStream();
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
                    readHead(socket.getInputStream());
                }
            }
        } catch (IOException e) {
            // The test has closed the socket.
            assertThat(listening.isClosed()).isTrue();
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

    private static Request get(String target) {
        return new Request(Method.GET, target, new Headers());
    }

    private static Request put() {
        return new Request(Method.PUT, "/", new Headers());
    }

    private static Body source(long length) {
        return new PayloadSource(new Payload.Stream(new Pieces(length, BYTES)));
    }

    private static byte[] bytes(Reply reply) {
        try (Payload payload = reply.payload()) {
            return payload instanceof Payload.Stream(ByteSource source)
                    ? BodyBytes.readAll(source, 2_000_000)
                    : new byte[0];
        }
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(StoreException.class)
                .extracting(e -> ((StoreException) e).code())
                .isEqualTo(code);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
