package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.WireJson;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A batch whose node is killed while it sends it: processes of their own, and SIGKILL.
@Timeout(180)
final class BatchKillIT {
    private static final Path LAYOUT = Path.of("..", "app", "target", "forebay", "lib");
    private static final int OBJECTS = 90;
    private static final int ROUNDS = 3;
    private static final int OBJECT_BYTES = 500_000;
    private static final List<String> SETTINGS = List.of(
            "gateway.supervisor.lease=3s",
            "gateway.supervisor.down-after=1s",
            "gateway.route-patience=30s",
            "cluster.heartbeat=300ms",
            "storage.batch.patience=60s",
            "storage.rebalance.retry=200ms");

    @TempDir
    private Path folder;

    private final List<ServerProcess> running = new ArrayList<>();

    @AfterEach
    void endAll() {
        running.forEach(ServerProcess::close);
    }

    @Test
    void aBatchGoesOnWhenTheNodeThatMakesItIsKilled() throws IOException, InterruptedException {
        ServerProcess gateway = start("gateway", Map.of());
        String token =
                Files.readString(folder.resolve("gateway/cluster-secret")).strip();
        List<ServerProcess> nodes = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            nodes.add(start(
                    "storage-node",
                    Map.of("FOREBAY_TOKEN", token),
                    "--join",
                    gateway.controlUrl().toString()));
        }
        Settling.await(gateway.controlUrl(), nodes.size());
        fill(gateway);
        Settling.await(gateway.controlUrl(), nodes.size());
        ServerProcess maker = nodes.getFirst();
        List<Integer> asked = objectsOf(maker, gateway);
        try (HttpClient client = HttpClient.newHttpClient();
                InputStream tar = batch(client, gateway, asked)) {
            for (int place = 0; place < asked.size(); place++) {
                TarMembers.Content member = Objects.requireNonNull(TarMembers.next(tar));
                assertThat(member.name()).isEqualTo("bucket/n" + asked.get(place));
                assertThat(member.bytes()).isEqualTo(content(asked.get(place)));
                if (place == 0) {
                    // What was sent by now fills the sockets between them, and is far from all.
                    maker.kill();
                }
            }
            assertThat(TarMembers.next(tar)).isNull();
        }
        try (RawHttp control = new RawHttp(gateway.controlUrl())) {
            assertThat(control.metric("forebay_gateway_batches_resumed_total")).isEqualTo(1);
        }
    }

    private ServerProcess start(String role, Map<String, String> environment, String... more) {
        String name = running.isEmpty() ? role : role + running.size();
        List<String> words = new ArrayList<>(List.of(
                role,
                "--data",
                folder.resolve(name).toString(),
                "--listen",
                "127.0.0.1:0",
                "--control",
                "127.0.0.1:0"));
        SETTINGS.forEach(setting -> words.addAll(List.of("--set", setting)));
        words.addAll(List.of(more));
        ServerProcess process = ServerProcess.launch(new ServerProcess.Launch(
                LAYOUT, folder, environment, List.of(), List.of(), List.of("-XX:TieredStopAtLevel=1"), words));
        running.add(process);
        process.awaitReady();
        assertThat(process.isReady()).as(process.errors()).isTrue();
        return process;
    }

    private static void fill(ServerProcess gateway) {
        try (RawHttp http = new RawHttp(gateway.url(), 60_000)) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            byte[] copies =
                    WireJson.write(Map.of("action", "set-bprops", "value", Map.of("forebay", Map.of("copies", 2))));
            assertThat(http.send("PATCH", "/v1/buckets/bucket", "Content-Type: application/json\r\n", copies)
                            .status())
                    .isEqualTo(200);
            for (int index = 0; index < OBJECTS; index++) {
                assertThat(http.send("PUT", "/bucket/n" + index, "", content(index))
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    private static byte[] content(int index) {
        return Content.of(OBJECT_BYTES + index, index);
    }

    /// The objects to whose node the gateway sends their readers, several times.
    private static List<Integer> objectsOf(ServerProcess node, ServerProcess gateway) {
        List<Integer> objects = new ArrayList<>();
        try (RawHttp http = new RawHttp(gateway.url())) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int index = 0; index < OBJECTS; index++) {
                    String location =
                            http.send("GET", "/v1/objects/bucket/n" + index).header("location");
                    if (location.startsWith(node.url() + "/")) {
                        objects.add(index);
                    }
                }
            }
        }
        return objects;
    }

    private static InputStream batch(HttpClient client, ServerProcess gateway, List<Integer> objects)
            throws IOException, InterruptedException {
        List<Map<String, String>> entries =
                objects.stream().map(index -> Map.of("objname", "n" + index)).toList();
        String message = new String(WireJson.write(Map.of("in", entries, "strm", true)), StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/ml/moss/bucket"))
                .method("GET", HttpRequest.BodyPublishers.ofString(message))
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
