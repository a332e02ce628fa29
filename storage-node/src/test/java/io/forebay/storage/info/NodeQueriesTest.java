package io.forebay.storage.info;

import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.cluster.NodeMessage;
import io.forebay.protocol.api.cluster.SystemLoad;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeQueriesTest {
    @TempDir
    private Path folder;

    private NodeFixture node;

    @BeforeEach
    void open() {
        node = new NodeFixture(folder);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void nodeKnowsItself() {
        NodeMessage self = WireJson.read(NodeFixture.bytes(ask("snode")), NodeMessage.class);
        assertThat(self.id()).isEqualTo("node1");
        assertThat(self.type()).isEqualTo("target");
        assertThat(self.publicNet().url()).isEqualTo("http://127.0.0.1:3");
        assertThat(self.digest().signum()).isPositive();
    }

    @Test
    void statusTellsCountersCapacityAndState() {
        node.put("o", "0123456789");
        node.content("o");
        Map<?, ?> status = json("node_status");
        assertThat(map(status.get("tracker"))).containsEntry("put.n", 1).containsEntry("get.size", 10);
        assertThat(map(status.get("tracker"))).containsKey("up.ns.time");
        assertThat(map(map(status.get("capacity")).get("mountpaths"))).containsKey(folder.toString());
        assertThat(status.get("smap_version"))
                .isEqualTo(Long.toString(node.state.current().version()));
        assertThat(map(map(status.get("cluster")).get("smap"))).containsEntry("uuid", "cluster1");
        assertThat(status.get("status")).isEqualTo("");
    }

    @Test
    void batchesAreCounted() {
        node.put("o", "0123456789");
        String message = "{\"in\":[{\"objname\":\"o\"},{\"objname\":\"none\"}],\"coer\":true}";
        assertThat(node.send(Method.GET, "/ml/moss/b", new Headers(), message).status())
                .isEqualTo(200);
        assertThat(map(json("node_status").get("tracker")))
                .containsEntry("getbatch.n", 1)
                .containsEntry("getbatch.obj.n", 1)
                .containsEntry("getbatch.obj.size", 10)
                .containsEntry("err.soft.getbatch.n", 1)
                .doesNotContainKey("err.getbatch.n");
        assertThat(node.metrics.text()).contains("ais_target_getbatch_count{node_id=\"node1\"} 1");
    }

    @Test
    void loadAndDisksAreMeasured() {
        SystemLoad load = WireJson.read(NodeFixture.bytes(ask("sysinfo")), SystemLoad.class);
        assertThat(load.memoryUsed()).isPositive();
        assertThat(load.memoryAvailable()).isPositive();
        assertThat(json("sysinfo").get("fs_capacity")).isInstanceOf(String.class);
        assertThat(map(json("disk"))).containsKey("AllDiskStats");
        assertThat(json("mountpaths").get("available")).isEqualTo(List.of(folder.toString()));
        assertThat(json("metrics").get("get.size")).isEqualTo("size");
        assertThat(map(json("config").get("fspaths"))).containsKey(folder.toString());
    }

    @Test
    void logAndVersionAreText() {
        assertThat(ask("log")).isEqualTo("a line of the log\n");
        assertThat(ask("software_version")).isEqualTo("0.1.0");
    }

    @Test
    void ordersChangeTheProcessAndWhatIsCounted() {
        node.put("o", "0123456789");
        assertThat(order("/set-config?log.level=4&transient=true", "")).isEqualTo("200 ");
        assertThat(map(json("config").get("log"))).containsEntry("level", "4");
        assertThat(json("config").get("log_dir")).isEqualTo("/data");
        assertThat(order("", "{\"action\":\"set-config\",\"value\":{\"log\":{\"level\":\"2\"}}}"))
                .startsWith("501")
                .contains("through a gateway");
        assertThat(order("?transient=1", "{\"action\":\"set-config\",\"value\":{\"log\":{\"level\":\"2\"}}}"))
                .isEqualTo("200 ");
        assertThat(map(json("config").get("log"))).containsEntry("level", "2");
        assertThat(order("", "{\"action\":\"reset-config\"}")).isEqualTo("200 ");
        assertThat(map(json("config").get("log"))).containsEntry("level", "3");
        assertThat(order("", "{\"action\":\"rotate-logs\"}")).isEqualTo("200 ");
        assertThat(node.rotations()).isEqualTo(1);
        assertThat(order("", "{\"action\":\"reset-stats\"}")).isEqualTo("200 ");
        assertThat(map(json("node_stats").get("tracker")))
                .doesNotContainKey("put.n")
                .containsKey("up.ns.time");
    }

    @Test
    void wrongOrdersAreTold() {
        assertThat(order("/set-config?disk.disk_util_low_wm=1&transient=true", ""))
                .startsWith("501")
                .contains("disk.disk_util_low_wm");
        assertThat(order("/set-config?rebalance.enabled=false&transient=true", ""))
                .startsWith("501")
                .contains("of the whole cluster");
        assertThat(order("/set-config?dance=1&transient=true", ""))
                .startsWith("400")
                .contains("dance");
        assertThat(order("/dance", "")).startsWith("501");
        assertThat(order("", "{\"action\":\"dance\"}")).startsWith("501").contains("dance");
        assertThat(node.send(Method.POST, "/daemon").headers().find("Allow")).isEqualTo("GET, PUT");
    }

    @Test
    void failuresAndTimesAreCountedByAistoresNames() {
        node.put("o", "0123456789");
        node.content("o");
        assertThat(node.send(Method.GET, "/objects/b/none").status()).isEqualTo(404);
        assertThat(map(json("node_stats").get("tracker")))
                .containsEntry("get.n", 1)
                .containsEntry("err.get.n", 1)
                .containsKeys("get.ns.total", "put.ns.total");
        assertThat(node.metrics.text()).contains("ais_target_err_get_count{node_id=\"node1\"} 1.0");
    }

    @Test
    void healthTellsUptimesWithoutWaiting() {
        Reply health = node.sendWithoutWaiting(Method.GET, "/health", new Headers());
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.payload().length()).isZero();
        assertThat(health.headers().find("Ais-Node-Uptime", "")).matches("\\d+");
        assertThat(health.headers().find("Ais-Cluster-Uptime", "")).matches("\\d+");
        Map<?, ?> state = WireJson.read(NodeFixture.bytes(text(node.send(Method.GET, "/health?cii=true"))), Map.class);
        assertThat(map(map(state.get("smap")).get("Primary"))).containsEntry("id", "gateway1");
    }

    private String order(String path, String message) {
        Reply reply = node.send(Method.PUT, "/daemon" + path, new Headers(), message);
        return reply.status() + " " + text(reply);
    }

    private String ask(String what) {
        Reply reply = node.send(Method.GET, "/daemon?what=" + what);
        assertThat(reply.status()).isEqualTo(200);
        return text(reply);
    }

    private Map<?, ?> json(String what) {
        return WireJson.read(NodeFixture.bytes(ask(what)), Map.class);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }
}
