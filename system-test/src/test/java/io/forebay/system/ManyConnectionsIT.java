package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.server.RawHttp;
import io.forebay.system.server.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// As many connections at once as the server takes by default, each of which is served; one more is refused in words.
@Timeout(180)
final class ManyConnectionsIT {
    private static final Path LAYOUT = Path.of("..", "app", "target", "forebay", "lib");
    private static final int CONNECTIONS = 10_000;
    private static final int READ_BYTES = 2048;
    private static final long POLL_NANOS = 2_000_000;

    private final List<SocketChannel> channels = new ArrayList<>();

    @Test
    void tenThousandAreServed(@TempDir Path scratch) throws IOException {
        try (ServerProcess server = ServerProcess.run(
                LAYOUT,
                scratch,
                Map.of(),
                "--data",
                scratch.resolve("data").toString(),
                "--listen",
                "127.0.0.1:0",
                "--control",
                "127.0.0.1:0")) {
            try (RawHttp http = new RawHttp(server.url())) {
                assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
                assertThat(http.send("PUT", "/bucket/k", "content").status()).isEqualTo(200);
            }
            InetSocketAddress address =
                    new InetSocketAddress(server.url().getHost(), server.url().getPort());
            try (RawHttp control = new RawHttp(server.controlUrl())) {
                while (control.metric("forebay_http_connections") > 0) {
                    LockSupport.parkNanos(POLL_NANOS);
                }
                for (int index = 0; index < CONNECTIONS; index++) {
                    channels.add(SocketChannel.open(address));
                    ask(channels.getLast());
                }
                assertThat(control.metric("forebay_http_connections")).isEqualTo(CONNECTIONS);
                try (SocketChannel further = SocketChannel.open(address)) {
                    assertThat(read(further)).startsWith("HTTP/1.1 503 ");
                }
                assertThat(control.metric("forebay_http_connections_refused_total"))
                        .isEqualTo(1);
                for (SocketChannel channel : channels) {
                    ask(channel);
                }
            } finally {
                for (SocketChannel channel : channels) {
                    channel.close();
                }
            }
        }
    }

    private static void ask(SocketChannel channel) throws IOException {
        channel.write(
                ByteBuffer.wrap("GET /bucket/k HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(read(channel)).startsWith("HTTP/1.1 200 ").endsWith("content");
    }

    /// An answer that is small enough to come at once.
    private static String read(SocketChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES);
        String text = "";
        while (!text.contains("\r\n\r\n") || text.endsWith("\r\n\r\n")) {
            if (channel.read(bytes) < 0) {
                return text;
            }
            text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
        }
        return text;
    }
}
