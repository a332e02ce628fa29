package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.WireJson;
import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A gateway with a storage node and a second storage node that joined: their configuration, logs and counts,
/// as AIStore's clients change and read them through the gateway.
@Timeout(120)
final class ConfigurationIT {
    private static final int OBJECTS = 40;

    @TempDir
    private Path scratch;

    private Cluster cluster;
    private RawHttp http;

    @BeforeEach
    void start() {
        cluster = Cluster.start(scratch.resolve("first"), 1);
        http = new RawHttp(cluster.url());
    }

    @AfterEach
    void end() {
        http.close();
        cluster.close();
    }

    @Test
    void settingsStayOrLastAsLongAsTheProcess() {
        cluster.join(scratch.resolve("second"));
        String gateway = id("gateway", "first");
        String own = id("storage-node-1", "first");
        String joined = id("storage-node-1", "second");
        ok("/v1/cluster/set-config?log.max_size=8MiB", "");
        await(() -> log(joined, "max_size").equals("8MiB"));
        node(joined, "/set-config?log.max_size=4MiB", "");
        await(() -> log(joined, "max_size").equals("4MiB"));
        node(own, "/set-config?log.max_total=32MiB", "");
        assertThat(log(gateway, "max_total")).isEqualTo("32MiB");
        ok("/v1/cluster/set-config?log.max_size=2MiB&transient=true", "");
        assertThat(log(gateway, "max_size")).isEqualTo("2MiB");
        assertThat(log(own, "max_size")).isEqualTo("2MiB");
        assertThat(log(joined, "max_size")).isEqualTo("2MiB");
        assertThat(clusterConfig("log", "max_size")).isEqualTo("8MiB");
        http.close();
        cluster.restart();
        http = new RawHttp(cluster.url());
        await(() -> log(gateway, "max_size").equals("8MiB"));
        assertThat(log(gateway, "max_total")).isEqualTo("32MiB");
        await(() -> log(joined, "max_size").equals("2MiB"));
        ok("/v1/cluster", "{\"action\":\"reset-config\"}");
        await(() -> log(joined, "max_size").equals("8MiB"));
        await(() -> log(gateway, "max_total").equals("64MiB"));
    }

    @Test
    void objectsStayWhereTheyAreWhileRebalancingIsOff() {
        ok("/v1/cluster/set-config?rebalance.enabled=false", "");
        assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
        for (int index = 0; index < OBJECTS; index++) {
            assertThat(http.send("PUT", "/bucket/" + index, "object " + index).status())
                    .isEqualTo(200);
        }
        cluster.join(scratch.resolve("second"));
        readAll();
        assertThat(running()).contains("rebalance[");
        ok("/v1/cluster/set-config?rebalance.enabled=true", "");
        await(() -> running().equals("[]\n"));
        readAll();
    }

    @Test
    void logsOfEveryNodeAreReadAndMovedAside() throws IOException {
        cluster.join(scratch.resolve("second"));
        for (String folder : new String[] {"first", "second"}) {
            String id = id("storage-node-1", folder);
            String log = nodeQuery(id, "log").text();
            assertThat(log).contains("server.data = " + scratch.resolve(folder)).contains("ready at http");
            assertThat(nodeQuery(id, "log&offset=" + (log.length() - 5)).text())
                    .startsWith(log.substring(log.length() - 5));
            assertThat(nodeQuery(id, "log&severity=error").text()).doesNotContain("INFO");
            node(id, "", "{\"action\":\"rotate-logs\"}");
            assertThat(nodeQuery(id, "log").text()).doesNotContain("ready at http");
            Answer answer = nodeQuery(id, "log&all=true");
            assertThat(answer.header("content-type")).isEqualTo("application/gzip");
            byte[] tar = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
            assertThat(new String(tar, StandardCharsets.UTF_8))
                    .contains("forebay.log.1")
                    .contains("ready at http");
        }
        assertThat(Files.exists(scratch.resolve("second").resolve("forebay.log.1")))
                .isTrue();
    }

    @Test
    void countsHaveAistoresNames() {
        assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
        assertThat(http.send("PUT", "/v1/objects/bucket/o", "content").status()).isEqualTo(200);
        assertThat(http.send("GET", "/v1/objects/bucket/o").text()).isEqualTo("content");
        assertThat(http.send("GET", "/v1/objects/bucket/none").status()).isEqualTo(404);
        String own = id("storage-node-1", "first");
        assertThat(nodeQuery(own, "node_status").text())
                .contains("\"get.n\":1", "\"put.n\":1", "\"get.size\":7", "\"err.get.n\":1", "\"get.ns.total\":");
        assertThat(nodeQuery(own, "metrics").text()).contains("\"put.ns.total\":\"total\"");
        try (RawHttp control = new RawHttp(cluster.controlUrl())) {
            assertThat(control.send("GET", "/metrics").text().lines())
                    .contains(
                            "ais_target_get_count{node_id=\"" + own + "\"} 1.0",
                            "ais_target_put_bytes{node_id=\"" + own + "\"} 7.0",
                            "ais_target_err_get_count{node_id=\"" + own + "\"} 1.0",
                            "ais_proxy_get_count{node_id=\"" + id("gateway", "first") + "\"} 1.0");
            ok("/v1/cluster", "{\"action\":\"reset-stats\",\"value\":false}");
            assertThat(nodeQuery(own, "node_status").text()).doesNotContain("\"get.n\"", "err.get.n");
            assertThat(control.send("GET", "/metrics").text())
                    .contains("ais_target_get_count{node_id=\"" + own + "\"} 1.0");
        }
    }

    private void readAll() {
        for (int index = 0; index < OBJECTS; index++) {
            assertThat(http.send("GET", "/bucket/" + index).text()).isEqualTo("object " + index);
        }
    }

    private String running() {
        return http.send("GET", "/v1/cluster?what=running_all").text();
    }

    private void ok(String target, String message) {
        Answer answer = http.send("PUT", target, message);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private void node(String id, String path, String message) {
        Answer answer = http.send("PUT", "/v1/reverse/daemon" + path, "Ais-Node-Id: " + id + "\r\n", bytes(message));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private Answer nodeQuery(String id, String what) {
        Answer answer = http.send("GET", "/v1/reverse/daemon?what=" + what, "Ais-Node-Id: " + id + "\r\n", new byte[0]);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    private String log(String id, String name) {
        return leaf(nodeQuery(id, "config"), "log", name);
    }

    private String clusterConfig(String group, String name) {
        return leaf(http.send("GET", "/v1/cluster?what=cluster_config"), group, name);
    }

    private static String leaf(Answer answer, String group, String name) {
        Map<?, ?> config = WireJson.read(answer.body(), Map.class);
        return config.get(group) instanceof Map<?, ?> leaves ? String.valueOf(leaves.get(name)) : "";
    }

    private String id(String node, String folder) {
        try {
            for (String line : Files.readAllLines(scratch.resolve(folder).resolve("nodes.properties"))) {
                if (line.startsWith(node + ".id=")) {
                    return line.substring(node.length() + 4);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError(folder + " has no node " + node);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(20_000_000);
        }
    }
}
