package io.forebay.protocol.http.netty;

import static io.forebay.protocol.http.netty.NettyFixture.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.time.Timers;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Pieces;
import io.forebay.protocol.http.RawClient;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.http.TestSlice;
import io.forebay.protocol.tls.NodeTls;
import io.forebay.protocol.tls.TestAuthority;
import io.forebay.protocol.tls.TestAuthority.NodeFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Server and client of the data port's engine with TLS between nodes.
final class TlsIT {
    private static final TestAuthority AUTHORITY = new TestAuthority("cluster");
    private static final HttpClientConfig PATIENT =
            Settings.of(HttpClientConfig.class).bind(Map.of("connect-timeout", "30s"));
    private static final byte[] BYTES = new byte[3_000_000];

    static {
        new Random(7).nextBytes(BYTES);
    }

    private final NettyFixture netty = new NettyFixture(Transport.AUTO);
    private final List<NettyHttpClient> clients = new ArrayList<>();
    private final AtomicInteger openSlices = new AtomicInteger();

    @TempDir
    private Path folder;

    private FileChannel file;

    @BeforeEach
    void write() throws IOException {
        file = FileChannel.open(Files.write(folder.resolve("bytes"), BYTES));
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        clients.forEach(NettyHttpClient::close);
        netty.close();
        assertThat(netty.sample("forebay_http_client_connections")).isZero();
        assertThat(openSlices).hasValue(0);
    }

    @Test
    void requestsAndRepliesPassWhole() throws IOException {
        NodeTls tls = tls("a");
        String url = url(netty.serve(this::answer, Map.of("buffers.gather", "10KiB"), tls));
        NettyHttpClient client = client(tls);
        for (int round = 0; round < 3; round++) {
            assertThat(text(client.send(url, get("/secure"), Body.empty()))).isEqualTo("true");
            assertThat(bytes(client.send(url, get("/hot"), Body.empty()))).isEqualTo(BYTES);
            assertThat(bytes(client.send(url, get("/cold"), Body.empty()))).isEqualTo(BYTES);
            assertThat(bytes(client.send(url, get("/memory"), Body.empty()))).isEqualTo(BYTES);
            try (Body body = new PayloadSource(new Payload.Stream(new Pieces(BYTES.length, BYTES)))) {
                assertThat(bytes(client.send(url, put("/echo"), body))).isEqualTo(BYTES);
            }
            assertThat(bytes(client.send(url, put("/echo"), MemoryBody.of(BYTES))))
                    .isEqualTo(BYTES);
            assertThat(client.send(url, get("/none"), Body.empty()).status()).isEqualTo(204);
        }
        assertThat(netty.sample("forebay_http_connections_accepted_total"))
                .as("kept connections")
                .isEqualTo(1);
    }

    /// A gateway between a client that speaks plain HTTP and a node that speaks TLS.
    @Test
    void bodiesAreRelayedBetweenPlainAndTlsWithoutPayloadOnTheHeap() throws IOException {
        NodeTls tls = tls("a");
        NettyHttpClient client = client(tls);
        long total = 256L << 20;
        String node = url(netty.serve(
                exchange -> {
                    if (exchange.request().method() == Method.GET) {
                        return new Reply(
                                200,
                                new Headers(),
                                new Payload.Stream(new Zeros(total, new AtomicLong(), new AtomicBoolean())));
                    }
                    long taken = 0;
                    for (ByteBuffer next = exchange.body().next();
                            next != null;
                            next = exchange.body().next()) {
                        assertThat(next.isDirect()).isTrue();
                        taken += next.remaining();
                    }
                    return Reply.text(200, Long.toString(taken));
                },
                Map.of(),
                tls));
        InetSocketAddress gateway = netty.serve(
                exchange -> {
                    Request onward = new Request(exchange.request().method(), "/", new Headers());
                    return exchange.mayWait()
                            ? client.send(node, onward, exchange.body())
                            : exchange.ask(client, node, onward);
                },
                Map.of());
        byte[] megabyte = new byte[1 << 20];
        try (RawClient caller = new RawClient(gateway)) {
            caller.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: " + total + "\r\n\r\n");
            for (long sent = 0; sent < total; sent += megabyte.length) {
                caller.send(megabyte);
            }
            assertThat(caller.read().text()).isEqualTo(Long.toString(total));
            caller.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
            for (long received = 0; received < total; ) {
                received += caller.readSome(megabyte);
            }
        }
    }

    @Test
    void clientsWithoutTlsAreServedAtTheSamePort() throws IOException {
        InetSocketAddress address = netty.serve(this::answer, Map.of("buffers.gather", "10KiB"), tls("a"));
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/secure").text()).isEqualTo("false");
            assertThat(client.get("/hot").body()).isEqualTo(BYTES);
        }
        try (RawClient client = new RawClient(address)) {
            assertThat(client.send("\u0001\r\n\r\n").read().status()).isEqualTo(400);
        }
    }

    @Test
    void callersWithoutATrustedCertificateAreRefused() throws IOException {
        InetSocketAddress address = netty.serve(this::answer, Map.of(), tls("a"));
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        try (RawClient known = new RawClient(address, AUTHORITY.caller(tomorrow))) {
            assertThat(known.get("/secure").text()).isEqualTo("true");
        }
        assertRefused(address, TestAuthority.stranger());
        assertRefused(address, new TestAuthority("cluster").caller(tomorrow));
        assertRefused(address, AUTHORITY.caller(Instant.now().minusSeconds(60)));
        awaitThat("refusals counted", () -> refusals() == 3);
    }

    @Test
    void clientsRefuseServersThatAreNotTheirNodes() throws IOException {
        NodeTls own = tls("own");
        NettyHttpClient client = client(own);
        assertUnreachable(client, netty.serve(this::answer, Map.of()), "not an SSL/TLS record");

        NodeTls foreign = tls(new TestAuthority("foreign").issue("foreign", folder));
        assertUnreachable(
                client, netty.serve(this::answer, Map.of(), foreign), "unable to find valid certification path");

        NodeFiles elsewhere = AUTHORITY.issue("elsewhere", folder, Instant.now().plusSeconds(3600), "10.9.9.9");
        InetSocketAddress misnamed = netty.serve(this::answer, Map.of(), tls(elsewhere));
        assertUnreachable(client, misnamed, "No subject alternative names matching IP address 127.0.0.1");
        NettyHttpClient lenient = client(new NodeTls(
                AUTHORITY.issue("lenient", folder).config(false),
                InstantSource.system(),
                Timers.SYSTEM,
                netty.metrics()));
        assertThat(text(lenient.send(url(misnamed), get("/secure"), Body.empty())))
                .isEqualTo("true");
    }

    /// The first request of each server is sent from a thread, which looks its address up.
    @Test
    void eventLoopsRefuseServersThatAreNotTheirNodesToo() throws IOException {
        NettyHttpClient client = client(tls("own"));
        NodeTls foreign = tls(new TestAuthority("foreign").issue("foreign", folder));
        for (InetSocketAddress stranger :
                List.of(netty.serve(this::answer, Map.of()), netty.serve(this::answer, Map.of(), foreign))) {
            AtomicInteger threads = new AtomicInteger();
            InetSocketAddress gateway = netty.serve(
                    exchange -> {
                        threads.addAndGet(exchange.mayWait() ? 1 : 0);
                        return exchange.mayWait()
                                ? client.send(url(stranger), get("/secure"), Body.empty())
                                : exchange.ask(client, url(stranger), get("/secure"));
                    },
                    Map.of());
            try (RawClient caller = new RawClient(gateway)) {
                for (int round = 0; round < 3; round++) {
                    assertThat(caller.get("/").text())
                            .startsWith("NODE_UNAVAILABLE: cannot reach")
                            .contains("by TLS");
                }
            }
            assertThat(threads).hasValue(1);
        }
    }

    /// Whether the alert comes before the request is sent, or after, is a matter of chance: hence the rounds.
    @Test
    void aNodeWhoseCertificateIsNotTrustedIsTold() throws IOException {
        NodeFiles foreign = new TestAuthority("foreign").issue("foreign", folder);
        InetSocketAddress address = netty.serve(this::answer, Map.of(), tls("a"));
        Files.writeString(foreign.ca(), Files.readString(foreign.ca()) + AUTHORITY.certificate());
        NettyHttpClient client = client(tls(foreign));
        for (int round = 0; round < 50; round++) {
            assertThatThrownBy(() -> client.send(url(address), get("/secure"), Body.empty()))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE))
                    .hasMessageContaining("alert");
        }
    }

    @Test
    void urlsOfTlsAreRefusedWithoutIt() {
        assertThatThrownBy(() -> client(null).send("https://127.0.0.1:1", get("/"), Body.empty()))
                .hasMessageContaining("is reached by TLS, for which this node has no certificate");
    }

    @Test
    void changedCertificatesCountForNewConnections() throws IOException {
        NodeFiles files = AUTHORITY.issue("a", folder);
        NodeTls tls = tls(files);
        InetSocketAddress address = netty.serve(this::answer, Map.of(), tls);
        NettyHttpClient before = client(tls);
        assertThat(text(before.send(url(address), get("/secure"), Body.empty())))
                .isEqualTo("true");

        TestAuthority next = new TestAuthority("next");
        NodeFiles changed = next.issue("next", folder);
        Files.copy(changed.certificate(), files.certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(changed.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(changed.ca(), files.ca(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(tls.reload()).isTrue();

        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        assertRefused(address, AUTHORITY.caller(tomorrow));
        try (RawClient known = new RawClient(address, next.caller(tomorrow))) {
            assertThat(known.get("/secure").text()).isEqualTo("true");
        }
        assertThat(text(client(tls).send(url(address), get("/secure"), Body.empty())))
                .isEqualTo("true");
        assertThat(text(before.send(url(address), get("/secure"), Body.empty())))
                .as("a kept connection goes on")
                .isEqualTo("true");
    }

    @Test
    void handshakesThatDoNotEndAreGivenUp() throws IOException {
        InetSocketAddress address = netty.serve(this::answer, Map.of("timeouts.head", "100ms"), tls("a"));
        try (RawClient client = new RawClient(address)) {
            assertEnds(client.send(new byte[] {22, 3, 1}));
        }
        awaitThat("refusal counted", () -> refusals() == 1);
        try (RawClient client = new RawClient(address)) {
            client.send(new byte[] {22, 3, 1}).shutdownOutput();
            assertEnds(client);
        }
    }

    @Test
    void keptConnectionsThatTheServerEndedAreNotUsed() {
        NodeTls tls = tls("a");
        NettyHttpClient client = client(tls);
        String url = url(netty.serve(this::answer, Map.of("timeouts.idle", "2s"), tls));
        for (int round = 0; round < 2; round++) {
            assertThat(text(client.send(url, get("/secure"), Body.empty()))).isEqualTo("true");
            awaitThat("the connection ended", () -> netty.sample("forebay_http_client_connections") == 0);
        }
    }

    private Reply answer(Exchange exchange) {
        return switch (exchange.request().target()) {
            case "/secure" -> Reply.text(200, Boolean.toString(exchange.secure()));
            case "/hot" -> new Reply(200, new Headers(), slices(true));
            case "/cold" -> new Reply(200, new Headers(), slices(false));
            case "/memory" -> new Reply(200, new Headers(), new Payload.Memory(ByteBuffer.wrap(BYTES)));
            case "/echo" -> Reply.of(200, "x/y", exchange.body().readAll(BYTES.length));
            default -> Reply.of(204);
        };
    }

    private Payload slices(boolean hot) {
        int half = BYTES.length / 2;
        List<FileSlice> slices = List.of(
                new TestSlice(file, 0, half, hot, openSlices),
                new TestSlice(file, half, BYTES.length - half, hot, openSlices));
        return new Payload.Slices(slices);
    }

    /// Whatever alert comes before.
    private static void assertEnds(RawClient client) throws IOException {
        byte[] some = new byte[100];
        int count;
        do {
            count = client.readSome(some);
        } while (count >= 0);
    }

    private static void assertRefused(InetSocketAddress address, SSLContext caller) {
        // With TLS 1.3 a caller knows of it only when it reads.
        assertThatThrownBy(() -> {
                    try (RawClient client = new RawClient(address, caller)) {
                        client.get("/secure");
                    }
                })
                .isInstanceOf(IOException.class);
    }

    private static void assertUnreachable(NettyHttpClient client, InetSocketAddress address, String words) {
        assertThatThrownBy(() -> client.send(url(address), get("/secure"), Body.empty()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE))
                .hasMessageContaining("by TLS")
                .hasMessageContaining(words);
    }

    private long refusals() {
        return netty.sample("forebay_tls_handshakes_refused_total{port=\"data\"}");
    }

    private NodeTls tls(String name) {
        return tls(AUTHORITY.issue(name, folder));
    }

    private NodeTls tls(NodeFiles files) {
        return new NodeTls(files.config(), InstantSource.system(), Timers.SYSTEM, netty.metrics());
    }

    private NettyHttpClient client(@Nullable NodeTls tls) {
        NettyHttpClient client = new NettyHttpClient(PATIENT, netty.loops(), netty.metrics(), tls);
        clients.add(client);
        return client;
    }

    private static String url(InetSocketAddress address) {
        return "http://127.0.0.1:" + address.getPort();
    }

    private static Request get(String target) {
        return new Request(Method.GET, target, new Headers());
    }

    private static Request put(String target) {
        return new Request(Method.PUT, target, new Headers());
    }

    private static String text(Reply reply) {
        return new String(bytes(reply), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Reply reply) {
        try (PayloadSource source = new PayloadSource(reply.payload())) {
            return source.readAll(BYTES.length + 1);
        }
    }
}
