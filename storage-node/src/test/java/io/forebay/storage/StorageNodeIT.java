package io.forebay.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.RawClient;
import io.forebay.protocol.http.netty.EventLoopConfig;
import io.forebay.protocol.http.netty.EventLoops;
import io.forebay.protocol.http.netty.NettyHttpServer;
import io.forebay.protocol.http.netty.Transport;
import io.forebay.protocol.http.netty.WireConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A storage node at its own port.
class StorageNodeIT {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    private final EventLoops loops = new EventLoops(new EventLoopConfig(Transport.AUTO, 2));
    private final HttpClient client = HttpClient.newHttpClient();
    private NodeFixture node;
    private NettyHttpServer server;

    @BeforeEach
    void open() {
        node = new NodeFixture(folder);
        server = served();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        node.close();
        loops.close();
    }

    @Test
    void objectsOfEverySizeComeBackAsTheyWent() throws Exception {
        Random random = new Random(1);
        for (int size : new int[] {0, 1, 1000, 10_240, 128 * 1024, 128 * 1024 + 1, MIB, 9 * MIB + 7}) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            assertThat(put("size-" + size, content).statusCode()).isEqualTo(200);
            HttpResponse<byte[]> read = get("size-" + size, "");
            assertThat(read.statusCode()).isEqualTo(200);
            assertThat(read.headers().firstValueAsLong("Content-Length")).hasValue(size);
            assertThat(read.body()).isEqualTo(content);
            HttpResponse<byte[]> head =
                    client.send(request("size-" + size).HEAD().build(), BodyHandlers.ofByteArray());
            assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(size);
            if (size > 10) {
                HttpResponse<byte[]> range = get("size-" + size, "bytes=5-" + (size - 3));
                assertThat(range.statusCode()).isEqualTo(206);
                assertThat(range.body()).isEqualTo(Arrays.copyOfRange(content, 5, size - 2));
            }
        }
    }

    @Test
    void objectsSurviveARestartOfTheNode() throws Exception {
        put("o", new byte[] {1, 2, 3});
        server.close();
        node.restart();
        server = served();
        assertThat(get("o", "").body()).containsExactly(1, 2, 3);
    }

    @Test
    void connectionIsUsableAfterEveryRefusal() throws IOException {
        try (RawClient raw = new RawClient(server.address())) {
            assertThat(raw.get("/v1/objects/b/none").status()).isEqualTo(404);
            assertThat(raw.get("/v1/objects/none/o").status()).isEqualTo(404);
            assertThat(raw.get("/v1/objects/b/o?provider=ftp").status()).isEqualTo(400);
            raw.send(head("HEAD /v1/objects/b/none HTTP/1.1", "Host: x"));
            RawClient.Response head = raw.read(false);
            assertThat(head.status()).isEqualTo(404);
            assertThat(head.header("hdr-error")).contains("ais://b/none does not exist");
            raw.send(head("PUT /v1/objects/b/.. HTTP/1.1", "Host: x", "Content-Length: 3") + "abc");
            assertThat(raw.read().status()).isEqualTo(400);
            raw.send(head(
                            "PUT /v1/objects/b/o HTTP/1.1",
                            "Host: x",
                            "Content-Length: 3",
                            "Ais-Checksum-Type: md5",
                            "Ais-Checksum-Value: 00000000000000000000000000000000")
                    + "abc");
            assertThat(raw.read().text()).contains("BAD DATA CHECKSUM");
            raw.send(head("PUT /v1/objects/b/o HTTP/1.1", "Host: x", "Transfer-Encoding: chunked")
                    + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertThat(raw.read().status()).isEqualTo(200);
            assertThat(raw.get("/v1/objects/b/o").text()).isEqualTo("abcde");
        }
    }

    @Test
    void bodyThatBreaksOffStoresNothing() throws IOException {
        try (RawClient raw = new RawClient(server.address())) {
            raw.send(head("PUT /v1/objects/b/cut HTTP/1.1", "Host: x", "Content-Length: 1000") + "abc");
            raw.shutdownOutput();
            assertThat(raw.read().status()).isEqualTo(400);
        }
        try (RawClient raw = new RawClient(server.address())) {
            assertThat(raw.get("/v1/objects/b/cut").status()).isEqualTo(404);
        }
        assertThat(node.names()).isEmpty();
    }

    @Test
    void refusedUploadIsNeverSent() throws IOException {
        node.put("o", "there");
        try (RawClient raw = new RawClient(server.address())) {
            raw.send(head(
                    "PUT /v1/objects/b/o HTTP/1.1",
                    "Host: x",
                    "Expect: 100-continue",
                    "Content-Length: 1000",
                    "If-None-Match: *"));
            assertThat(raw.read().status()).isEqualTo(412);
        }
    }

    @Test
    void headersOfOursFromStrangersDoNothing() throws IOException {
        node.put("o", "there");
        try (RawClient raw = new RawClient(server.address())) {
            raw.send(head("GET /v1/objects/b/o HTTP/1.1", "Host: x", "Forebay-Attributes: 1"));
            RawClient.Response stranger = raw.read();
            assertThat(stranger.headers()).containsKey("ais-checksum-value").doesNotContainKey("forebay-etag");
            raw.send(head(
                    "GET /v1/objects/b/o HTTP/1.1",
                    "Host: x",
                    "Forebay-Attributes: 1",
                    "Forebay-Node-Secret: " + NodeFixture.SECRET));
            assertThat(raw.read().headers()).containsKey("forebay-etag");
        }
    }

    private static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    private NettyHttpServer served() {
        NettyHttpServer fresh = new NettyHttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                node.node().networkHandler(),
                WireConfig.defaults(),
                loops,
                new Metrics());
        fresh.start();
        return fresh;
    }

    private HttpResponse<byte[]> put(String name, byte[] content) throws Exception {
        return client.send(
                request(name)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String name, String range) throws Exception {
        HttpRequest.Builder request = request(name);
        if (!range.isEmpty()) {
            request.header("Range", range);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String name) {
        return HttpRequest.newBuilder(URI.create(
                "http://127.0.0.1:" + server.address().getPort() + "/v1/objects/b/" + name + "?provider=ais"));
    }
}
