package io.forebay.gateway.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.ClusterSettings;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.TestCluster;
import io.forebay.gateway.TestCluster.Answer;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigControlTest {
    private final TestCluster cluster = TestCluster.local("t1", "t2");

    @Test
    void whatIsToStayIsInTheClusterStateAndCountsAtOnce() {
        ok(put("cluster/set-config?log.level=4&rebalance.enabled=false", ""));
        assertThat(cluster.state().current().settings())
                .containsOnly(
                        Map.entry("setting.log.level", "debug"),
                        Map.entry("setting.storage.rebalance.enabled", "false"));
        assertThat(cluster.settings().value("log.level")).isEqualTo("debug");
        assertThat(ClusterSettings.rebalances(cluster.state().current())).isFalse();
        assertThat(get("cluster?what=cluster_config"))
                .contains("\"level\":\"4\"")
                .contains("\"dest_retry_time\":\"2m\",\"enabled\":false");
        assertThat(get("daemon?what=config")).contains("\"level\":\"4\"");
        assertThat(cluster.nodes().requests()).isEmpty();
    }

    @Test
    void messagesSetTheSameAsQueries() {
        ok(put("cluster", "{\"action\":\"set-config\",\"value\":{\"log\":{\"max_size\":\"1MiB\"},\"mirror\":null}}"));
        assertThat(cluster.state().current().settings()).containsOnly(Map.entry("setting.log.max-size", "1MiB"));
    }

    @Test
    void whatLastsWhileProcessesRunIsToldToEachOfThem() {
        ok(put("cluster/set-config?log.level=2&transient=true", ""));
        assertThat(cluster.state().current().settings()).isEmpty();
        assertThat(cluster.settings().value("log.level")).isEqualTo("warn");
        assertThat(told())
                .containsExactly(
                        "t1 PUT /v1/daemon/set-config?log.level=2&transient=true",
                        "t2 PUT /v1/daemon/set-config?log.level=2&transient=true");
        assertThat(get("cluster?what=cluster_config")).contains("\"level\":\"3\"");
        assertThat(get("daemon?what=config")).contains("\"level\":\"2\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    cluster/set-config?rebalance.enabled=false&transient=true | agreed on by the whole cluster
                    cluster/set-config?log.level=2&mirror.copies=3&transient=on | agreed on by the whole cluster
                    cluster/set-config?log.level=2&disk.disk_util_low_wm=1 | \\"disk.disk_util_low_wm\\" cannot be changed
                    cluster/set-config?log.level=9 | modules of a log are not offered
                    daemon/set-config?rebalance.enabled=false | no node has them for itself
                    """)
    void nothingChangesWhereAnythingIsRefused(String path, String text) {
        Answer answer = put(path, "");
        assertThat(answer.status()).isIn(400, 501);
        assertThat(answer.text()).contains(text);
        assertThat(cluster.state().current().settings()).isEmpty();
        assertThat(cluster.settings().value("log.level")).isEqualTo("info");
        assertThat(cluster.nodes().requests()).isEmpty();
    }

    @Test
    void aNodeMayHaveASettingForItself() {
        ok(order("t2", "set-config?log.level=1", ""));
        assertThat(cluster.state().current().settings()).containsOnly(Map.entry("node.setting.t2.log.level", "error"));
        assertThat(cluster.settings().value("log.level")).isEqualTo("info");
        ok(order("gateway1", "set-config?log.level=4", ""));
        assertThat(cluster.settings().value("log.level")).isEqualTo("debug");
        assertThat(get("cluster?what=cluster_config")).contains("\"level\":\"3\"");
    }

    @Test
    void nodesOfOneProcessHaveTheSameSettings() {
        cluster.commands()
                .submit(new Command.Join(new Node(
                        new NodeId("t1"),
                        Node.Role.STORAGE,
                        "http://127.0.0.1:9000",
                        "http://127.0.0.1:8080",
                        Node.Phase.ACTIVE)));
        ok(order("t1", "set-config?log.level=1", ""));
        assertThat(cluster.settings().value("log.level")).isEqualTo("error");
        ok(put("cluster/set-config?log.level=2&transient=true", ""));
        assertThat(told()).containsExactly("t2 PUT /v1/daemon/set-config?log.level=2&transient=true");
    }

    @Test
    void whatANodeHasWhileItRunsIsToldToIt() {
        ok(order("t2", "set-config?log.max_size=1MiB&transient=true", ""));
        assertThat(told()).containsExactly("t2 PUT /v1/daemon/set-config?log.max_size=1MiB&transient=true");
        ok(order("gateway1", "set-config?log.level=2&transient=true", ""));
        assertThat(cluster.settings().value("log.level")).isEqualTo("warn");
        assertThat(cluster.state().current().settings()).isEmpty();
    }

    @Test
    void resettingTakesBackWhatNodesHaveForThemselves() {
        ok(put("cluster/set-config?log.level=2", ""));
        ok(order("t2", "set-config?log.level=1", ""));
        ok(order("gateway1", "set-config?log.level=1", ""));
        ok(order("gateway1", "set-config?log.max_size=1MiB&transient=true", ""));
        ok(order("t2", "", "{\"action\":\"reset-config\"}"));
        assertThat(cluster.state().current().settings())
                .containsOnlyKeys("setting.log.level", "node.setting.gateway1.log.level");
        ok(put("cluster", "{\"action\":\"reset-config\"}"));
        assertThat(cluster.state().current().settings()).containsOnlyKeys("setting.log.level");
        assertThat(cluster.settings().value("log.level")).isEqualTo("warn");
        assertThat(cluster.settings().value("log.max-size")).isEqualTo("16MiB");
        assertThat(told()).containsExactly("t2 PUT /v1/daemon", "t1 PUT /v1/daemon", "t2 PUT /v1/daemon");
    }

    @Test
    void settingsOfNodesThatAreGoneAreForgottenWithTheNextChangeOfANode() {
        ok(order("t2", "set-config?log.level=1", ""));
        cluster.commands().submit(new Command.Leave(new NodeId("t2")));
        ok(order("t1", "set-config?log.level=1", ""));
        assertThat(cluster.state().current().settings()).containsOnlyKeys("node.setting.t1.log.level");
    }

    @Test
    void bucketsAreCreatedWithTheDefaultsOfTheCluster() {
        ok(put("cluster/set-config?checksum.type=md5&mirror.enabled=true", ""));
        create("b", "null");
        assertThat(properties("b")).containsEntry("checksum.type", "md5").containsEntry("mirror.enabled", "true");
        create("c", "{\"checksum\":{\"type\":\"sha256\"}}");
        assertThat(properties("c")).containsEntry("checksum.type", "sha256").containsEntry("mirror.enabled", "true");
        ok(put("cluster/set-config?checksum.type=&mirror.enabled=", ""));
        create("d", "null");
        assertThat(properties("d")).doesNotContainKeys("checksum.type", "mirror.enabled");
        assertThat(cluster.state().current().settings()).isEmpty();
    }

    @Test
    void logsAreMovedAsideAndCountsSetBackEverywhere() {
        cluster.bucket("b", Map.of());
        assertThat(cluster.call(Method.GET, "/v1/objects/b/none").status()).isEqualTo(404);
        assertThat(get("daemon?what=node_stats")).contains("\"err.get.n\":1");
        ok(put("cluster", "{\"action\":\"reset-stats\",\"value\":true}"));
        assertThat(get("daemon?what=node_stats")).doesNotContain("err.get.n");
        ok(put("cluster", "{\"action\":\"rotate-logs\"}"));
        ok(order("t1", "", "{\"action\":\"rotate-logs\"}"));
        assertThat(told().stream().filter(line -> line.endsWith("/v1/daemon")))
                .containsExactly(
                        "t1 PUT /v1/daemon",
                        "t2 PUT /v1/daemon",
                        "t1 PUT /v1/daemon",
                        "t2 PUT /v1/daemon",
                        "t1 PUT /v1/daemon");
    }

    @Test
    void unknownNodesAreTold() {
        assertThat(order("t9", "set-config?log.level=1", "").status()).isEqualTo(404);
        assertThat(order("t9", "", "{\"action\":\"reset-config\"}").status()).isEqualTo(404);
        assertThat(order("t9", "", "{\"action\":\"rotate-logs\"}").text()).contains("errNodeNotFound");
        assertThat(order("t1", "dance", "").status()).isEqualTo(501);
    }

    private Map<String, String> properties(String bucket) {
        return Objects.requireNonNull(cluster.state().current().bucket(BucketName.of(bucket)))
                .properties();
    }

    private void create(String bucket, String value) {
        ok(cluster.call(Method.POST, "/v1/buckets/" + bucket, "{\"action\":\"create-bck\",\"value\":" + value + "}"));
    }

    private List<String> told() {
        return cluster.nodes().requests().stream()
                .map(request -> request.node() + " " + request.request().method() + " "
                        + request.request().target())
                .toList();
    }

    private Answer put(String path, String body) {
        return cluster.call(Method.PUT, "/v1/" + path, body);
    }

    private Answer order(String node, String path, String body) {
        String target = "/v1/reverse/daemon" + (path.isEmpty() ? "" : "/" + path);
        return cluster.call(Method.PUT, target, new Headers().add("Ais-Node-Id", node), body);
    }

    private String get(String path) {
        return cluster.call(Method.GET, "/v1/" + path).text();
    }

    private static void ok(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
}
