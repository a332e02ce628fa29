package io.forebay.protocol.http.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Timers;
import io.forebay.protocol.http.RawClient;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.tls.NodeTls;
import io.forebay.protocol.tls.TestAuthority;
import io.forebay.protocol.tls.TestAuthority.NodeFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The control port's engine with TLS between nodes.
final class VertxTlsIT {
    private static final TestAuthority AUTHORITY = new TestAuthority("cluster");

    private final Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
    private final Metrics metrics = new Metrics();

    @TempDir
    private Path folder;

    private NodeFiles files;
    private NodeTls tls;
    private VertxHttpServer server;

    @BeforeEach
    void serve() {
        files = AUTHORITY.issue("a", folder);
        tls = new NodeTls(files.config(), InstantSource.system(), Timers.SYSTEM, metrics);
        server = new VertxHttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                exchange -> Reply.text(200, Boolean.toString(exchange.secure())),
                VertxServerConfig.defaults(),
                metrics,
                tls);
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void callersWithATrustedCertificateAreServed() throws IOException {
        try (RawClient client = new RawClient(server.address(), AUTHORITY.caller(tomorrow))) {
            assertThat(client.get("/").text()).isEqualTo("true");
            assertThat(client.get("/").text()).isEqualTo("true");
        }
        assertThat(metrics.text()).contains("forebay_tls_handshakes_refused_total{port=\"control\"} 0\n");
    }

    @Test
    void everyOtherIsRefused() throws IOException {
        assertRefused(TestAuthority.stranger(), 1);
        assertRefused(new TestAuthority("cluster").caller(tomorrow), 2);
        assertRefused(AUTHORITY.caller(Instant.now().minusSeconds(60)), 3);
        try (RawClient plain = new RawClient(server.address())) {
            assertThatThrownBy(() -> plain.get("/")).isInstanceOf(IOException.class);
        }
        awaitRefusals(4);
    }

    @Test
    void changedCertificatesCountForNewConnections() throws IOException {
        TestAuthority next = new TestAuthority("next");
        NodeFiles changed = next.issue("next", folder);
        try (RawClient before = new RawClient(server.address(), AUTHORITY.caller(tomorrow))) {
            assertThat(before.get("/").text()).isEqualTo("true");
            Files.copy(changed.certificate(), files.certificate(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(changed.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(changed.ca(), files.ca(), StandardCopyOption.REPLACE_EXISTING);
            assertThat(tls.reload()).isTrue();
            assertThat(before.get("/").text()).isEqualTo("true");
        }
        try (RawClient client = new RawClient(server.address(), next.caller(tomorrow))) {
            assertThat(client.get("/").text()).isEqualTo("true");
        }
        assertRefused(AUTHORITY.caller(tomorrow), 1);
    }

    private void assertRefused(SSLContext caller, int count) {
        // With TLS 1.3 a caller knows of it only when it reads.
        assertThatThrownBy(() -> {
                    try (RawClient client = new RawClient(server.address(), caller)) {
                        client.get("/");
                    }
                })
                .isInstanceOf(IOException.class);
        awaitRefusals(count);
    }

    private void awaitRefusals(int count) {
        String line = "forebay_tls_handshakes_refused_total{port=\"control\"} " + count + "\n";
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!metrics.text().contains(line)) {
            assertThat(System.nanoTime()).as(line).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
