package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.app.GivenKeys;
import io.forebay.protocol.api.WireJson;
import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Batches of a cluster of three storage nodes, each of which is behind a socket.
@Timeout(120)
final class BatchIT {
    private static final int OBJECTS = 150;
    private static final int LARGE = 700_000;
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final Map<String, String> SETTINGS = Map.of(
            "server.storage-nodes", "1",
            "gateway.supervisor.lease", "3s",
            "gateway.supervisor.down-after", "1s",
            "gateway.route-patience", "30s",
            "cluster.heartbeat", "300ms",
            "storage.batch.patience", "60s",
            "storage.rebalance.retry", "200ms");

    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Each test opens it first.
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init") // As above.
    private List<URI> joined;

    @BeforeEach
    void open() {
        cluster = Cluster.start(folder.resolve("first"), SETTINGS, GivenKeys.NONE);
        joined = List.of(cluster.join(folder.resolve("second")), cluster.join(folder.resolve("third")));
        try (RawHttp http = new RawHttp(cluster.url(), 60_000)) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            byte[] copies =
                    WireJson.write(Map.of("action", "set-bprops", "value", Map.of("forebay", Map.of("copies", 2))));
            assertThat(http.send("PATCH", "/v1/buckets/bucket", JSON, copies).status())
                    .isEqualTo(200);
            for (int index = 0; index < OBJECTS; index++) {
                assertThat(http.send("PUT", "/bucket/" + name(index), "", content(index))
                                .status())
                        .isEqualTo(200);
            }
        }
        Settling.await(cluster.controlUrl(), 3);
    }

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    private static String name(int index) {
        return "n" + index;
    }

    private static byte[] content(int index) {
        return Content.of(index % 3 == 0 ? LARGE : 1000 + index, index);
    }

    private HttpResponse<InputStream> batch(URI node, List<String> names) throws IOException, InterruptedException {
        return batch(node, names, ".tar", true);
    }

    private HttpResponse<InputStream> batch(URI node, List<String> names, String format, boolean streams)
            throws IOException, InterruptedException {
        List<Map<String, String>> entries =
                names.stream().map(name -> Map.of("objname", name)).toList();
        Map<String, Object> asked = Map.of("in", entries, "mime", format, "strm", streams, "coer", true);
        String message = new String(WireJson.write(asked), StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(node.resolve("/v1/ml/moss/bucket"))
                .method("GET", HttpRequest.BodyPublishers.ofString(message))
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return response;
    }

    /// Reads the next member and checks that it is that object.
    private static void assertNext(InputStream tar, int index) throws IOException {
        TarMembers.Content member = Objects.requireNonNull(TarMembers.next(tar), "ends before " + name(index));
        assertThat(member.name()).isEqualTo("bucket/" + name(index));
        assertThat(member.bytes()).as(name(index)).isEqualTo(content(index));
    }

    @Test
    void entriesOfAllNodesComeInOrderFromWhicheverNodeIsAsked() throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (int index = OBJECTS - 1; index >= 0; index--) {
            names.add(name(index));
        }
        for (URI node : List.of(cluster.url(), joined.getFirst(), joined.getLast())) {
            try (InputStream tar = batch(node, names).body()) {
                for (int index = OBJECTS - 1; index >= 0; index--) {
                    assertNext(tar, index);
                }
                assertThat(TarMembers.read(tar)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({".tar,true", ".tgz,true", ".tar.lz4,true", ".tar,false"})
    void anotherNodeGoesOnWhenTheOneThatMakesABatchStops(String format, boolean streams)
            throws IOException, InterruptedException {
        URI maker = joined.getFirst();
        List<Integer> indexes = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int index = 0; index < OBJECTS; index++) {
                if (isOwner(maker, name(index))) {
                    indexes.add(index);
                }
            }
        }
        List<String> names = indexes.stream().map(BatchIT::name).toList();
        try (InputStream body = batch(cluster.url(), names, format, streams).body();
                InputStream tar = unpacked(streams ? body : archiveOf(body), format)) {
            assertNext(tar, indexes.getFirst());
            // What was sent by now fills the sockets between them, and is far from all.
            cluster.stop(maker);
            for (int index : indexes.subList(1, indexes.size())) {
                assertNext(tar, index);
            }
            assertThat(TarMembers.next(tar)).isNull();
        }
        try (RawHttp control = new RawHttp(cluster.controlUrl())) {
            assertThat(control.metric("forebay_gateway_batches_resumed_total")).isEqualTo(1);
            assertThat(control.metric("forebay_gateway_batches_broken_total")).isZero();
        }
    }

    /// Whether a gateway sends readers of the object to that address.
    private boolean isOwner(URI node, String name) {
        try (RawHttp http = new RawHttp(cluster.url())) {
            String location = http.send("GET", "/v1/objects/bucket/" + name).header("location");
            return location.startsWith(node + "/");
        }
    }

    private static InputStream unpacked(InputStream archive, String format) throws IOException {
        return switch (format) {
            case ".tgz" -> new GZIPInputStream(archive);
            case ".tar.lz4" -> new LZ4FrameInputStream(archive);
            default -> archive;
        };
    }

    /// A form up to its second part.
    private static InputStream archiveOf(InputStream form) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("octet-stream\r\n\r\n") < 0) {
            head.append((char) form.read());
        }
        return form;
    }

    @Test
    void aBatchGoesOnWhenANodeStopsInTheMiddle() throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (int index = 0; index < OBJECTS; index++) {
            names.add(name(index));
        }
        HttpResponse<InputStream> response = batch(cluster.url(), names);
        URI other = joined.stream()
                .filter(node -> node.getPort() != response.uri().getPort())
                .findFirst()
                .orElseThrow();
        try (InputStream tar = response.body()) {
            assertNext(tar, 0);
            // What was sent by now fills the sockets between them, and is far from all.
            cluster.stop(other);
            for (int index = 1; index < OBJECTS; index++) {
                assertNext(tar, index);
            }
        }
    }
}
