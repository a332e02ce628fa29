package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.app.Server;
import io.forebay.app.ServerRole;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.tls.TestAuthority;
import io.forebay.protocol.tls.TestAuthority.NodeFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clusters whose nodes speak TLS to each other: everything works that does without, and whoever does not belong to it
/// is refused at every port.
@Timeout(600)
final class TlsClusterIT {
    private static final int OBJECTS = 12;
    private static final int LARGE = 3_000_000;

    private final Instant tomorrow = Instant.now().plus(Duration.ofDays(1));

    @TempDir
    private Path folder;

    private TlsNodes nodes;

    @BeforeEach
    void start() {
        nodes = new TlsNodes(folder);
        nodes.start("gateway-1", ServerRole.GATEWAY);
        nodes.start("storage-1", ServerRole.STORAGE_NODE);
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void objectsAreServedWhileTheClusterGrowsCopiesAndLosesItsLeader() {
        nodes.start("gateway-2", ServerRole.GATEWAY);
        nodes.start("gateway-3", ServerRole.GATEWAY);
        nodes.start("storage-2", ServerRole.STORAGE_NODE);
        nodes.awaitSettled(2);
        createBucket(List.of("gateway-2", "gateway-3"));
        putAll("gateway-1", "first");
        assertAll("gateway-2", "first");

        nodes.start("storage-3", ServerRole.STORAGE_NODE);
        nodes.awaitSettled(3);
        assertAll("gateway-3", "first");

        byte[] copies = WireJson.write(Map.of("action", "set-bprops", "value", Map.of("forebay", Map.of("copies", 2))));
        long before = nodes.statuses().newestEpoch();
        ok("PATCH", "gateway-2", "/v1/buckets/bucket", copies);
        nodes.await(statuses -> statuses.newestEpoch() > before);
        nodes.awaitSettled(3);
        putAll("gateway-2", "second");

        String leader = nodes.leader();
        nodes.stop(leader);
        String other = leader.equals("gateway-1") ? "gateway-2" : "gateway-1";
        ok("PUT", other, "/later", new byte[0]);
        // Of its objects a node that is gone might have the only copies, for which the others would wait.
        ok("DELETE", other, "/later", new byte[0]);
        assertAll(other, "second");

        nodes.stop("storage-2");
        nodes.awaitSettled(2);
        assertAll(other, "first");
        assertAll(other, "second");
        putAll(other, "third");
        assertAll(other, "third");
        assertThat(nodes.metric("storage-1", "forebay_tls_calls_refused_total")).isZero();
        assertThat(nodes.metric("storage-1", "forebay_tls_handshakes_refused_total"))
                .isZero();
    }

    /// A gateway and a storage node behind one port, and another one with a port of its own.
    @Test
    void serversWithStorageNodesTakePart() {
        Map<String, String> settings = nodes.files("server").settings();
        settings.put("server.storage-nodes", "2");
        settings.put("server.node-calls", "network");
        nodes.start("server", ServerRole.SERVER, settings);
        nodes.awaitSettled(3);
        createBucket(List.of("server"));
        putAll("gateway-1", "first");
        assertAll("server", "first");
        String map = ok("GET", "server", "/v1/daemon?what=smap", new byte[0]);
        assertThat(ok("GET", "storage-1", "/v1/daemon?what=smap", new byte[0])).isEqualTo(map);
    }

    @Test
    void whoeverHasNoCertificateOfTheClusterIsRefusedAtEveryPort() {
        String secret = nodes.secret();
        for (String name : List.of("gateway-1", "storage-1")) {
            Server node = nodes.node(name);
            String data = TlsNodes.encrypted(node.dataUrl());
            for (String url : List.of(data + "/v1/health", node.controlUrl() + "/cluster/state")) {
                SSLContext known = nodes.authority().caller(tomorrow);
                assertThat(nodes.call("GET", url, known, secret).status())
                        .as(url)
                        .isNotEqualTo(403);
                assertThat(nodes.call("GET", url, known, "wrong").text())
                        .as(url)
                        .contains("secret");
                assertThat(nodes.call("GET", url, known, "wrong").status())
                        .as(url)
                        .isEqualTo(403);
                assertThat(nodes.call("GET", url, known, null).status()).as(url).isEqualTo(403);
                assertNoAnswer(url, TestAuthority.stranger());
                assertNoAnswer(url, new TestAuthority("cluster").caller(tomorrow));
                assertNoAnswer(url, nodes.authority().caller(Instant.now().minusSeconds(60)));
            }
            assertNoAnswer(node.controlUrl().replace("https:", "http:") + "/health", null);
            TlsNodes.Answer plain = nodes.call("GET", node.dataUrl() + "/v1/daemon/volumes", null, secret);
            assertThat(plain.status()).isEqualTo(403);
            assertThat(plain.text()).contains("the nodes of this cluster speak TLS to each other");
            // The caller tries some of them twice.
            assertThat(nodes.metric(name, "forebay_tls_handshakes_refused_total"))
                    .isGreaterThanOrEqualTo(7);
            assertThat(nodes.metric(name, "forebay_tls_calls_refused_total")).isEqualTo(4);
        }
        ok("PUT", "gateway-1", "/bucket", new byte[0]);
        putAll("gateway-1", "first");
        assertAll("gateway-1", "first");
    }

    /// Nodes and clients speak TLS at the same port, with certificates of different authorities.
    @Test
    void clientsSpeakHttpsWhereNodesSpeakTls() {
        TestAuthority publicly = new TestAuthority("public");
        for (String name : List.of("gateway-2", "storage-2")) {
            Map<String, String> settings = nodes.files(name).settings();
            settings.putAll(publicly.issueFor(name, folder.resolve("public"), name + ".example")
                    .httpsSettings());
            settings.put("http.tls.required", "true");
            nodes.start(name, name.startsWith("gateway") ? ServerRole.GATEWAY : ServerRole.STORAGE_NODE, settings);
        }
        nodes.awaitSettled(2);
        ok("PUT", "gateway-1", "/bucket", new byte[0]);
        String plain = nodes.node("gateway-2").dataUrl();
        String bucket = TlsNodes.encrypted(plain) + "/bucket";
        while (nodes.call("HEAD", bucket, TestAuthority.stranger(), null).status() != 200) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        for (int index = 0; index < OBJECTS; index++) {
            ok("PUT", "gateway-1", "/bucket/" + index, content(index));
            TlsNodes.Answer answer = nodes.call("GET", bucket + "/" + index, TestAuthority.stranger(), null);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(content(index));
        }
        TlsNodes.Answer refused = nodes.call("GET", plain + "/bucket/0", null, null);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("clients are served by HTTPS only");
        String secret = nodes.secret();
        assertThat(nodes.call("GET", bucket + "/0", TestAuthority.stranger(), secret)
                        .text())
                .contains("the nodes of this cluster speak TLS to each other");
        assertThat(nodes.call("GET", TlsNodes.encrypted(plain) + "/v1/daemon?what=smap", TestAuthority.stranger(), null)
                        .text())
                .contains(TlsNodes.encrypted(plain))
                .doesNotContain("http://");
        assertThat(nodes.metric("gateway-2", "forebay_https_plain_refused_total"))
                .isEqualTo(1);
    }

    @Test
    void nodesThatAreSetUpOtherwiseDoNotJoin() {
        Map<String, String> impatient = Map.of("join.patience", "1s");
        String control = nodes.node("gateway-1").controlUrl();
        assertStartFails(impatient, "--join " + control + " is reached by TLS", ErrorCode.INVALID_ARGUMENT);

        Map<String, String> plain = new TreeMap<>(impatient);
        plain.put("join.gateways", control.replace("https:", "http:"));
        assertStartFails(plain, "no gateway of the cluster can be asked", ErrorCode.NODE_UNAVAILABLE);

        Map<String, String> foreign = new TreeMap<>(impatient);
        foreign.putAll(new TestAuthority("foreign").issue("foreign", folder).settings());
        assertStartFails(foreign, "unable to find valid certification path", ErrorCode.NODE_UNAVAILABLE);

        Map<String, String> half = new TreeMap<>(nodes.files("half").settings());
        half.remove("cluster.tls.key");
        assertStartFails(half, "cluster.tls: certificate, key and ca go together", ErrorCode.INVALID_ARGUMENT);

        Map<String, String> expired = nodes.authority()
                .issue("expired", folder, Instant.now().minusSeconds(60), "127.0.0.1")
                .settings();
        assertStartFails(expired, "setting cluster.tls.certificate: ", ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void changedCertificatesAreTakenByTheRunningNode() throws IOException {
        Server node = nodes.node("storage-1");
        NodeFiles files = nodes.files("storage-1");
        BigInteger before = shown(node.controlUrl());
        assertThat(shown(node.dataUrl())).isEqualTo(before);

        Files.writeString(files.certificate(), "no certificate");
        awaitMetric("forebay_tls_reloads_total", 1);
        assertThat(shown(node.controlUrl())).isEqualTo(before);

        NodeFiles next = nodes.authority().issue("next", folder);
        Files.move(next.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
        Files.move(next.certificate(), files.certificate(), StandardCopyOption.REPLACE_EXISTING);
        while (shown(node.controlUrl()).equals(before) || shown(node.dataUrl()).equals(before)) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        ok("PUT", "gateway-1", "/bucket", new byte[0]);
        putAll("gateway-1", "first");
        assertAll("gateway-1", "first");
    }

    private void awaitMetric(String metric, long atLeast) {
        while (nodes.metric("storage-1", metric) < atLeast) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    /// The serial number of the certificate that a node shows at that port.
    private BigInteger shown(String url) throws IOException {
        URI at = URI.create(url);
        SSLContext caller = nodes.authority().caller(tomorrow);
        try (SSLSocket socket = (SSLSocket) caller.getSocketFactory().createSocket(at.getHost(), at.getPort())) {
            socket.startHandshake();
            X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return own.getSerialNumber();
        }
    }

    private void assertNoAnswer(String url, @Nullable SSLContext tls) {
        assertThatThrownBy(() -> nodes.call("GET", url, tls, nodes.secret()))
                .as(url)
                .isInstanceOf(UncheckedIOException.class);
    }

    private void assertStartFails(Map<String, String> settings, String words, ErrorCode code) {
        assertThatThrownBy(() -> nodes.start("other-" + words.hashCode(), ServerRole.STORAGE_NODE, settings))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    /// Creates it at `gateway-1` and waits until the others know of it, which nobody promises for when.
    private void createBucket(List<String> others) {
        ok("PUT", "gateway-1", "/bucket", new byte[0]);
        for (String other : others) {
            String url = nodes.node(other).dataUrl() + "/bucket";
            while (nodes.send("HEAD", url, new byte[0]).status() == 404) {
                Thread.onSpinWait();
            }
        }
    }

    private void putAll(String node, String prefix) {
        for (int index = 0; index < OBJECTS; index++) {
            String face = index % 2 == 0 ? "/bucket/" : "/v1/objects/bucket/";
            ok("PUT", node, face + prefix + "/" + index, content(index));
        }
    }

    private void assertAll(String node, String prefix) {
        for (int index = 0; index < OBJECTS; index++) {
            String face = index % 3 == 0 ? "/v1/objects/bucket/" : "/bucket/";
            String url = nodes.node(node).dataUrl() + face + prefix + "/" + index;
            TlsNodes.Answer answer = nodes.send("GET", url, new byte[0]);
            assertThat(answer.status()).as(url).isEqualTo(200);
            assertThat(answer.body()).as(url).isEqualTo(content(index));
        }
        assertThat(ok("GET", node, "/bucket?list-type=2&prefix=" + prefix, new byte[0]))
                .contains("<KeyCount>" + OBJECTS + "</KeyCount>");
    }

    private static byte[] content(int index) {
        return Content.of(index % 10 == 9 ? LARGE : 1 + 5_000 * index, index);
    }

    private String ok(String method, String node, String target, byte[] body) {
        TlsNodes.Answer answer = nodes.send(method, nodes.node(node).dataUrl() + target, body);
        assertThat(answer.status())
                .as("%s %s: %s", method, target, answer.text())
                .isBetween(200, 204);
        return answer.text();
    }
}
