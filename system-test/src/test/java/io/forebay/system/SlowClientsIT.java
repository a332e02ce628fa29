package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.app.GivenKeys;
import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Many clients that begin a request and go on very slowly, or never, or take no answer (slowloris): others are
/// served meanwhile, and those are ended in time.
@Timeout(120)
final class SlowClientsIT {
    private static final int CLIENTS = 150;
    private static final int LARGE = 16 << 20;
    private static final int NARROW_BYTES = 4096;
    private static final long POLL_NANOS = 2_000_000;

    private final List<Socket> slow = new ArrayList<>();
    private Cluster cluster;

    @BeforeEach
    void start(@TempDir Path data) {
        cluster = Cluster.start(
                data,
                Map.of(
                        "server.storage-nodes",
                        "1",
                        "http.timeouts.head",
                        "4s",
                        "http.timeouts.body",
                        "4s",
                        "http.timeouts.write",
                        "4s"),
                GivenKeys.NONE);
        try (RawHttp http = new RawHttp(cluster.url())) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            assertThat(http.send("PUT", "/bucket/large", "", Content.of(LARGE, 1))
                            .status())
                    .isEqualTo(200);
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : slow) {
            socket.close();
        }
        cluster.close();
    }

    @Test
    void othersAreServedAndSlowOnesEnd() throws IOException {
        for (int client = 0; client < CLIENTS; client++) {
            begin("GET /bucket/large HTTP/1.1\r\nHost: a\r\nX-Slow:");
            begin("PUT /bucket/never HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nonly the beginning");
            begin("GET /bucket/large HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        try (RawHttp control = new RawHttp(cluster.controlUrl());
                RawHttp http = new RawHttp(cluster.url())) {
            awaitThat(() -> control.metric("forebay_http_connections") > 3 * CLIENTS);
            for (int round = 0; round < 100; round++) {
                byte[] content = Content.of(10_000, round);
                assertThat(http.send("PUT", "/bucket/other", "", content).status())
                        .isEqualTo(200);
                assertThat(http.send("GET", "/bucket/other").body()).isEqualTo(content);
            }
            awaitThat(() -> control.metric("forebay_http_connections") <= 1);
            assertThat(control.metric("forebay_http_timeouts_total")).isGreaterThanOrEqualTo(3 * CLIENTS);
            assertThat(http.send("GET", "/bucket/never").status()).isEqualTo(404);
            assertThat(http.send("GET", "/bucket/large").body()).isEqualTo(Content.of(LARGE, 1));
        }
    }

    /// Opens a connection that takes little at once, and sends that.
    private void begin(String text) throws IOException {
        URI url = cluster.url();
        Socket socket = new Socket();
        slow.add(socket);
        socket.setReceiveBufferSize(NARROW_BYTES);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static void awaitThat(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
