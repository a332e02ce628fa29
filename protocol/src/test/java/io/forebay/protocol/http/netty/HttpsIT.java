package io.forebay.protocol.http.netty;

import static io.forebay.protocol.http.netty.NettyFixture.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Settings;
import io.forebay.common.time.Timers;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.RawClient;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.tls.ClientTls;
import io.forebay.protocol.tls.HttpsConfig;
import io.forebay.protocol.tls.NodeTls;
import io.forebay.protocol.tls.PortTls;
import io.forebay.protocol.tls.TestAuthority;
import io.forebay.protocol.tls.TestAuthority.NodeFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The data port's engine with HTTPS for clients.
final class HttpsIT {
    private static final TestAuthority CLUSTER = new TestAuthority("cluster");
    private static final TestAuthority PUBLIC = new TestAuthority("public");

    private final NettyFixture netty = new NettyFixture(Transport.AUTO);

    @TempDir
    private Path folder;

    private NodeFiles standard;
    private ClientTls clients;

    @BeforeEach
    void issue() {
        standard = PUBLIC.issueFor("standard", folder, "store.example");
        Path more = folder.resolve("more");
        PUBLIC.issueFor("virtual", more, "s3.example", "*.s3.example");
        PUBLIC.issueFor("exact", more, "own.s3.example");
        Map<String, String> settings = new TreeMap<>();
        settings.put("certificate", standard.certificate().toString());
        settings.put("key", standard.key().toString());
        settings.put("folder", more.toString());
        clients = new ClientTls(
                Settings.of(HttpsConfig.class).bind(settings), InstantSource.system(), Timers.SYSTEM, netty.metrics());
    }

    @AfterEach
    void close() {
        netty.close();
    }

    @Test
    void clientsSpeakPlainHttpAndHttpsAtOnePort() throws IOException {
        InetSocketAddress address = serve(null);
        try (RawClient client = new RawClient(address)) {
            assertThat(client.get("/").text()).isEqualTo("plain");
        }
        try (RawClient client = new RawClient(address, TestAuthority.stranger())) {
            assertThat(client.get("/").text()).isEqualTo("secure");
            assertThat(client.get("/").text()).isEqualTo("secure");
        }
        assertThat(netty.sample("forebay_https_handshakes_failed_total")).isZero();
    }

    @Test
    void nodesAreToldFromClientsByTheirHello() throws IOException {
        NodeTls nodes = new NodeTls(
                CLUSTER.issue("node", folder).config(), InstantSource.system(), Timers.SYSTEM, netty.metrics());
        InetSocketAddress address = serve(nodes);
        try (NettyHttpClient node =
                new NettyHttpClient(Settings.defaults(HttpClientConfig.class), netty.loops(), netty.metrics(), nodes)) {
            Request request = new Request(Method.GET, "/", new Headers());
            try (Body body = Body.empty()) {
                assertThat(text(node.send("http://127.0.0.1:" + address.getPort(), request, body)))
                        .isEqualTo("secure node");
            }
        }
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        try (RawClient client = new RawClient(address, CLUSTER.caller(tomorrow))) {
            assertThat(client.get("/").text())
                    .as("a certificate that nobody asked for proves nothing")
                    .isEqualTo("secure");
        }
    }

    @Test
    void clientsAreShownTheCertificateOfTheHostThatTheyAskFor() throws IOException {
        InetSocketAddress address = serve(null);
        assertThat(shown(address, null)).isEqualTo("CN=standard");
        assertThat(shown(address, "store.example")).isEqualTo("CN=standard");
        assertThat(shown(address, "S3.example")).isEqualTo("CN=virtual");
        assertThat(shown(address, "bucket.s3.example")).isEqualTo("CN=virtual");
        assertThat(shown(address, "own.s3.example")).isEqualTo("CN=exact");
        assertThat(shown(address, "a.b.s3.example")).isEqualTo("CN=standard");
        assertThat(shown(address, "unknown.example")).isEqualTo("CN=standard");
    }

    @Test
    void speaksTls13And12AndNothingOlder() throws IOException {
        InetSocketAddress address = serve(null);
        for (String version : List.of("TLSv1.3", "TLSv1.2")) {
            try (SSLSocket socket = socket(address)) {
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();
                assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            }
        }
        try (SSLSocket socket = socket(address)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.1"});
            assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
        }
    }

    @Test
    void saysWhichProtocolIsSpokenInside() throws IOException {
        InetSocketAddress address = serve(null);
        try (SSLSocket socket = socket(address)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    void changedCertificatesCountForNewConnections() throws IOException {
        InetSocketAddress address = serve(null);
        try (RawClient kept = new RawClient(address, TestAuthority.stranger())) {
            assertThat(kept.get("/").text()).isEqualTo("secure");
            NodeFiles next = PUBLIC.issueFor("next", folder, "store.example");
            Files.copy(next.certificate(), standard.certificate(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(next.key(), standard.key(), StandardCopyOption.REPLACE_EXISTING);
            assertThat(clients.reload()).isTrue();
            assertThat(shown(address, null)).isEqualTo("CN=next");
            assertThat(kept.get("/").text()).isEqualTo("secure");
        }
    }

    @Test
    void hellosThatDoNotEndOrAreNoneAreGivenUp() throws IOException {
        InetSocketAddress address = netty.serve(this::answer, Map.of("timeouts.head", "100ms"), port(null));
        try (RawClient client = new RawClient(address)) {
            assertEnds(client.send(new byte[] {22, 3, 1}));
        }
        awaitThat("failure counted", () -> netty.sample("forebay_https_handshakes_failed_total") == 1);
        byte[] noHello = new byte[50];
        noHello[0] = 22;
        noHello[1] = 3;
        noHello[2] = 1;
        noHello[4] = 45;
        noHello[5] = 1;
        noHello[8] = 41;
        try (RawClient client = new RawClient(address)) {
            assertEnds(client.send(noHello));
        }
        try (RawClient client = new RawClient(address, TestAuthority.stranger())) {
            assertThat(client.get("/").text()).isEqualTo("secure");
        }
    }

    private Reply answer(Exchange exchange) {
        return Reply.text(200, (exchange.secure() ? "secure" : "plain") + (exchange.fromNode() ? " node" : ""));
    }

    private InetSocketAddress serve(@Nullable NodeTls nodes) {
        return netty.serve(this::answer, Map.of(), port(nodes));
    }

    private PortTls port(@Nullable NodeTls nodes) {
        return new PortTls(nodes, clients);
    }

    private static SSLSocket socket(InetSocketAddress address) throws IOException {
        return (SSLSocket)
                TestAuthority.stranger().getSocketFactory().createSocket(address.getAddress(), address.getPort());
    }

    private static String shown(InetSocketAddress address, @Nullable String host) throws IOException {
        try (SSLSocket socket = socket(address)) {
            if (host != null) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(host)));
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return own.getSubjectX500Principal().getName();
        }
    }

    private static void assertEnds(RawClient client) throws IOException {
        byte[] some = new byte[100];
        int count;
        do {
            count = client.readSome(some);
        } while (count >= 0);
    }

    private static String text(Reply reply) {
        try (PayloadSource source = new PayloadSource(reply.payload())) {
            return new String(source.readAll(100), StandardCharsets.UTF_8);
        }
    }
}
