package io.forebay.gateway.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.state.StopOrder;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.TestCluster;
import io.forebay.gateway.TestCluster.Answer;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.http.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// AIStore's orders about membership, and the jobs that follow them, as its clients see them.
final class MembershipControlTest {
    private static final NodeId T3 = new NodeId("t3");

    private final TestCluster cluster = TestCluster.local("t1", "t2", "t3");

    /// Three owners in epoch 3, and a bucket.
    @BeforeEach
    void open() {
        cluster.bucket("b", Map.of());
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void maintenanceMovesObjectsThereAndBack() {
        Answer began = order("start-maintenance", "{\"sids\":[\"t3\"],\"skip_rebalance\":true}");
        assertThat(began.status()).isEqualTo(200);
        assertThat(began.text()).isEqualTo("g4");
        assertThat(phase(T3)).isEqualTo(Node.Phase.MAINTENANCE);
        assertThat(order("start-maintenance", "{\"sid\":\"t3\"}").text())
                .as("it is there")
                .isEmpty();
        settle();
        assertThat(order("stop-maintenance", "{\"sid\":\"t3\"}").text()).isEqualTo("g5");
        assertThat(phase(T3)).isEqualTo(Node.Phase.ACTIVE);
        assertThat(order("stop-maintenance", "{\"sid\":\"t3\"}").text()).isEmpty();
    }

    @Test
    void nothingMovesBeforeThereIsABucket() {
        try (TestCluster empty = TestCluster.local("t1", "t2")) {
            Answer answer = empty.call(
                    Method.PUT, "/v1/cluster", "{\"action\":\"start-maintenance\",\"value\":{\"sid\":\"t2\"}}");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEmpty();
        }
    }

    @Test
    void nodeThatLeavesIsToldToEndWhenItMay() {
        seen(new Rebalance(0, false, 0, 0, 0));
        assertThat(order("decommission-node", "{\"sid\":\"t3\"}").text()).isEqualTo("g4");
        assertThat(phase(T3)).isEqualTo(Node.Phase.DECOMMISSIONED);
        assertThat(state().settings()).containsEntry(StopOrder.setting(T3), "boot-t3");
        assertThat(order("start-maintenance", "{\"sid\":\"t3\"}").text())
                .contains("t[t3] is currently being decommissioned");
        assertThat(order("stop-maintenance", "{\"sid\":\"t3\"}").text())
                .contains("stop-maintenance: node t[t3] is currently being decommissioned");
        assertThat(order("decommission-node", "{\"sid\":\"t2\",\"no_shutdown\":true}")
                        .status())
                .isEqualTo(200);
        assertThat(state().settings()).doesNotContainKey(StopOrder.setting(new NodeId("t2")));
    }

    @Test
    void nodeIsShutDownAfterItsObjectsMoved() {
        assertThat(order("shutdown-node", "{\"sid\":\"t3\"}").text()).contains("was not heard of lately");
        seen(new Rebalance(0, false, 0, 0, 0));
        assertThat(order("shutdown-node", "{\"sid\":\"t3\"}").status()).isEqualTo(200);
        assertThat(phase(T3)).isEqualTo(Node.Phase.MAINTENANCE);
        assertThat(state().settings()).containsEntry(StopOrder.setting(T3), "boot-t3");
        cluster.commands().submit(new Command.Leave(T3));
        assertThat(order("shutdown-node", "{\"sid\":\"t2\"}").status()).isEqualTo(200);
        assertThat(state().settings())
                .as("orders to nodes that have left are forgotten")
                .doesNotContainKey(StopOrder.setting(T3));
    }

    @Test
    void nodesOfOneProcessAreNotShutDownAlone() {
        cluster.commands()
                .submit(new Command.Join(new Node(
                        new NodeId("t4"),
                        Node.Role.STORAGE,
                        "http://127.0.0.1:9100",
                        "http://127.0.0.1:9002",
                        Node.Phase.ACTIVE)));
        seen(new Rebalance(0, false, 0, 0, 0));
        assertThat(order("shutdown-node", "{\"sid\":\"t3\"}").text())
                .contains("cannot be stopped alone: other nodes live in the same process");
    }

    @Test
    void deadNodeIsRemovedUnsafely() {
        assertThat(order("rm-unsafe", "{\"sid\":\"t3\"}").text()).contains("unsafe must be unsafe");
        assertThat(order("rm-unsafe", "{\"sid\":\"t3\",\"skip_rebalance\":true}")
                        .status())
                .isEqualTo(200);
        assertThat(state().node(T3)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    start-maintenance | {"sid":"t9"} | 404 | node t9 is not present in the cluster map
                    start-maintenance | {"sid":"gateway1"} | 400 | p[gateway1] is the current primary, cannot perform action
                    start-maintenance | {} | 400 | missing node IDs
                    start-maintenance | [] | 400 | invalid JSON
                    decommission-node | {"sid":"t3","rm_user_data":true} | 501 | rm_user_data is not offered
                    """)
    void wrongOrdersAreTold(String action, String value, int status, String text) {
        Answer answer = order(action, value);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text()).contains(text).contains("\"node\":\"p[gateway1]\"");
        assertThat(state().epochs()).hasSize(1);
    }

    @Test
    void nodeThatHasJoinedIsFoundByItsAddress() {
        String net =
                "\"intra_control_net\":{\"node_ip_addr\":\"127.0.0.1\",\"daemon_port\":\"9001\",\"direct_url\":\"x\"}";
        String body = "{\"daemon_id\":\"\",\"daemon_type\":\"target\"," + net + "}";
        assertThat(cluster.call(Method.POST, "/v1/cluster/join-by-admin", body).text())
                .isEqualTo("{\"daemon_id\":\"t2\",\"rebalance_id\":\"\"}\n");
        Answer proxy = cluster.call(Method.POST, "/v1/cluster/join-by-admin", body.replace("target", "proxy"));
        assertThat(proxy.status()).isEqualTo(400);
        assertThat(proxy.text()).contains("no proxy of this cluster is at 127.0.0.1:9001: start it there with --join");
        assertThat(cluster.call(Method.POST, "/v1/cluster/join-by-admin", "{}").text())
                .contains("names no address");
    }

    @Test
    void rebalanceRunsUntilTheStateIsSettled() {
        order("start-maintenance", "{\"sid\":\"t3\"}");
        assertThat(ask("status", "{\"id\":\"g4\"}").text())
                .isEqualTo("{\"kind\":\"rebalance\",\"uuid\":\"g4\",\"err\":\"\",\"end_time\":0,\"aborted\":false}\n");
        assertThat(ask("status", "{\"kind\":\"rebalance\"}").text())
                .contains("\"g4\"")
                .contains("\"end_time\":0");
        assertThat(ask("running_all", "{\"show_active\":true}").text()).isEqualTo("[\"rebalance[g4]\"]\n");
        assertThat(ask("qryxstats", "{\"kind\":\"rebalance\",\"show_active\":true}")
                        .text())
                .startsWith("{\"t1\":[{\"ext\":null,\"start-time\":\"0001-01-01T00:00:00Z\"")
                .endsWith("\"t3\":[]}\n");
        order("stop-maintenance", "{\"sid\":\"t3\"}");
        assertThat(ask("status", "{\"id\":\"g4\"}").text()).as("g5 takes over").contains("\"end_time\":0");
        settle();
        seen(new Rebalance(5, true, 3, 300, 0, 1, 100, 1_700_000_000_000L, 1_700_000_001_000L));
        assertThat(ask("status", "{\"id\":\"g5\"}").text()).contains("\"end_time\":1700000001000000000,");
        assertThat(ask("status", "{\"id\":\"g4\"}").text())
                .as("no node tells when")
                .contains("\"end_time\":" + TestCluster.NOW.toEpochMilli() + "000000,");
        assertThat(ask("running_all", "{}").text()).isEqualTo("[]\n");
        assertThat(ask("qryxstats", "{\"kind\":\"rebalance\",\"show_active\":true}")
                        .text())
                .isEqualTo("{\"t1\":[],\"t2\":[],\"t3\":[]}\n");
        assertThat(ask("qryxstats", "{\"id\":\"g5\"}").text())
                .contains("\"end-time\":\"2023-11-14T22:13:21Z\"")
                .contains("\"out-objs\":\"1\",\"out-bytes\":\"100\",\"in-objs\":\"2\",\"in-bytes\":\"200\"");
        assertThat(ask("qryxstats", "{\"id\":\"g4\"}").status()).isEqualTo(404);
        assertThat(ask("status", "{\"id\":\"g99\"}").status()).isEqualTo(404);
        assertThat(ask("status", "{\"id\":\"g5\",\"kind\":\"lru\"}").text()).contains("kind mismatch");
        assertThat(ask("qryxstats", "{\"bck\":{\"name\":\"b\"}}").text())
                .isEqualTo("{\"t1\":[],\"t2\":[],\"t3\":[]}\n");
    }

    @Test
    void rebalanceIsStartedByOrder() {
        assertThat(order("start", "{\"kind\":\"rebalance\"}").text()).isEqualTo("g4");
        assertThat(ask("running_all", "{}").text()).isEqualTo("[\"rebalance[g4]\"]\n");
        assertThat(order("start", "{\"kind\":\"rebalance\"}").text())
                .as("it is under way")
                .isEqualTo("g4");
        settle();
        assertThat(ask("running_all", "{}").text()).isEqualTo("[]\n");
        assertThat(order("start", "{\"kind\":\"rebalance\"}").text()).isEqualTo("g5");
    }

    @Test
    void rebalanceIsNeitherStartedTwiceNorStopped() {
        assertThat(order("stop", "{\"kind\":\"rebalance\"}").status()).isEqualTo(200);
        order("start-maintenance", "{\"sid\":\"t3\"}");
        assertThat(order("start", "{\"kind\":\"rebalance\"}").text()).isEqualTo("g4");
        Answer stop = order("stop", "{\"id\":\"g4\",\"kind\":\"rebalance\"}");
        assertThat(stop.status()).isEqualTo(501);
        assertThat(stop.text()).contains("cannot abort rebalance[g4]");
    }

    @Test
    void copiesAreAJobOfTheirBucket() {
        Answer made = cluster.call(Method.POST, "/v1/buckets/b", "{\"action\":\"make-n-copies\",\"value\":2}");
        assertThat(made.text()).isEqualTo("mirror-4-1");
        assertThat(Objects.requireNonNull(state().bucket(BucketName.of("b"))).copies())
                .isEqualTo(2);
        assertThat(cluster.call(Method.HEAD, "/v1/buckets/b").headers().find("Ais-Bucket-Props", ""))
                .contains("\"mirror\":{\"copies\":2,\"burst_buffer\":512,\"enabled\":true}");
        assertThat(ask("status", "{\"id\":\"mirror-4-1\"}").text())
                .isEqualTo("{\"kind\":\"make-n-copies\",\"uuid\":\"mirror-4-1\",\"err\":\"\",\"end_time\":0,"
                        + "\"aborted\":false}\n");
        assertThat(ask("qryxstats", "{\"id\":\"mirror-4-1\",\"kind\":\"mirror\"}")
                        .text())
                .contains("\"bck\":{\"name\":\"b\",\"provider\":\"ais\"")
                .contains("\"kind\":\"make-n-copies\"");
        settle();
        assertThat(ask("status", "{\"id\":\"mirror-4-1\"}").text()).doesNotContain("\"end_time\":0");
        assertThat(cluster.call(Method.POST, "/v1/buckets/b", "{\"action\":\"make-n-copies\",\"value\":2}")
                        .text())
                .as("nothing to do")
                .isEqualTo("mirror-4-1");
        String off = "{\"action\":\"set-bprops\",\"value\":{\"mirror\":{\"enabled\":false}}}";
        assertThat(cluster.call(Method.PATCH, "/v1/buckets/b", off).text()).isEqualTo("mirror-5-1");
        assertThat(Objects.requireNonNull(state().bucket(BucketName.of("b"))).copies())
                .isEqualTo(1);
        assertThat(ask("status", "{\"id\":\"mirror-9-1\"}").status()).isEqualTo(404);
        assertThat(ask("status", "{\"id\":\"mirror-x-1\"}").status()).isEqualTo(404);
    }

    private ClusterState state() {
        return cluster.state().current();
    }

    private Node.Phase phase(NodeId id) {
        return Objects.requireNonNull(state().node(id)).phase();
    }

    private void settle() {
        long epoch = state().newestEpoch().number();
        if (!state().newestEpoch().serves()) {
            cluster.commands().submit(new Command.Activate(epoch));
        }
        cluster.commands().submit(new Command.Settle(epoch));
        assertThat(state().isSettled()).isTrue();
    }

    /// From now on the leader has heard of each node, and `t1` tells that of its moving.
    private void seen(Rebalance progress) {
        cluster.seen(() -> {
            List<NodeStatus> nodes = new ArrayList<>();
            for (Node node : state().nodes().values()) {
                nodes.add(new NodeStatus(
                        node.id().value(),
                        node.role().name(),
                        node.phase().name(),
                        "boot-" + node.id(),
                        node.dataUrl(),
                        node.controlUrl(),
                        false,
                        1,
                        1,
                        10,
                        1000,
                        node.id().value().equals("t1") ? progress : Rebalance.NONE,
                        null));
            }
            return new NodeStatuses("cluster-id", 1, 1, 1, 1, nodes);
        });
    }

    private Answer order(String action, String value) {
        return cluster.call(Method.PUT, "/v1/cluster", "{\"action\":\"" + action + "\",\"value\":" + value + "}");
    }

    private Answer ask(String what, String query) {
        return cluster.call(Method.GET, "/v1/cluster?what=" + what, query);
    }
}
