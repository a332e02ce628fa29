package io.forebay.gateway.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.TestCluster;
import io.forebay.protocol.api.NodeOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClusterAdminTest {
    private final TestCluster cluster = TestCluster.local("t1", "t2");

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void nodesAreWhatTheLeaderSeesOrElseWhatTheMapHas() {
        NodeStatuses known = WireJson.read(get(), NodeStatuses.class);
        assertThat(known.clusterId()).isEqualTo("cluster-id");
        assertThat(known.nodes()).extracting(NodeStatus::id).containsExactly("gateway1", "t1", "t2");
        assertThat(known.nodes()).extracting(NodeStatus::heardMillis).containsOnly(-1L);
        NodeStatuses seen = new NodeStatuses("cluster-id", 7, 1, 1, 1, List.of(status("t1", 3000)));
        cluster.seen(() -> seen);
        assertThat(WireJson.read(get(), NodeStatuses.class)).isEqualTo(seen);
    }

    @ParameterizedTest
    @CsvSource({"maintenance-on, MAINTENANCE", "decommission, DECOMMISSIONED", "maintenance-off, ACTIVE"})
    void ordersChangeThePhaseOfAStorageNode(String action, Node.Phase phase) {
        assertThat(post(action, "t2", false).status()).isEqualTo(200);
        Node node = cluster.state().current().node(new NodeId("t2"));
        assertThat(node).isNotNull().extracting(Node::phase).isEqualTo(phase);
    }

    @Test
    void deadNodeIsRemovedAndALivingOneOnlyByForce() {
        cluster.seen(() -> new NodeStatuses(
                "cluster-id", 7, 1, 1, 1, List.of(status("gateway1", 3000), status("t1", 3000), status("t2", 0))));
        assertThat(post("remove", "t1", false).status()).isEqualTo(409);
        assertThat(post("remove", "t1", false).text()).contains("node t1 lives: decommission it");
        assertThat(post("remove", "t2", false).status()).isEqualTo(200);
        assertThat(cluster.state().current().node(new NodeId("t2"))).isNull();
        assertThat(post("remove", "t1", true).status()).isEqualTo(200);
        assertThat(cluster.state().current().node(new NodeId("t1"))).isNull();
    }

    /// Whoever removes it has to know what that costs.
    @Test
    void deadNodeWithTheOnlyCopiesIsRemovedOnlyByForce() {
        cluster.commands().submit(new Command.CreateBucket(BucketName.of("twice"), 1, Map.of(Bucket.COPIES, "2")));
        cluster.seen(() -> new NodeStatuses("cluster-id", 7, 1, 1, 1, List.of(status("t2", 0))));
        cluster.commands().submit(new Command.CreateBucket(BucketName.of("once"), 1, Map.of()));
        assertThat(post("remove", "t2", false).status()).isEqualTo(409);
        assertThat(post("remove", "t2", false).text())
                .contains("only copies of objects")
                .contains("once")
                .doesNotContain("twice")
                .contains("--force");
        assertThat(post("remove", "t2", true).status()).isEqualTo(200);
        assertThat(cluster.state().current().node(new NodeId("t2"))).isNull();
    }

    @Test
    void rebalanceIsAnOrderToAll() {
        long before = cluster.state().current().newestEpoch().number();
        cluster.commands().submit(new Command.CreateBucket(BucketName.of("b"), 1, Map.of()));
        assertThat(post("rebalance", "t1", false).text()).contains("of all nodes, not of t1");
        assertThat(post("rebalance", "", false).status()).isEqualTo(200);
        assertThat(cluster.state().current().newestEpoch().number()).isEqualTo(before + 1);
    }

    @Test
    void senselessOrdersAreRefusedWithWords() {
        assertThat(post("remove", "t9", false).status()).isEqualTo(404);
        assertThat(post("explode", "t1", false).text()).contains("is none of maintenance-on");
        assertThat(post("remove", "", false).text()).contains("names no node");
        assertThat(post("decommission", "gateway1", false).text()).contains("is a gateway, which owns no objects");
        assertThat(cluster.callAdmin(Method.POST, "/admin/cluster", new Headers(), "{}")
                        .status())
                .isEqualTo(400);
        assertThat(cluster.callAdmin(Method.DELETE, "/admin/cluster", new Headers(), "")
                        .status())
                .isEqualTo(405);
    }

    private byte[] get() {
        return cluster.callAdmin(Method.GET, "/admin/cluster", new Headers(), "")
                .text()
                .getBytes(StandardCharsets.UTF_8);
    }

    private TestCluster.Answer post(String action, String node, boolean force) {
        String order = new String(WireJson.write(new NodeOrder(action, node, force)), StandardCharsets.UTF_8);
        Headers headers = new Headers().add("Content-Type", "application/json");
        return cluster.callAdmin(Method.POST, "/admin/cluster", headers, order);
    }

    private static NodeStatus status(String id, long lease) {
        return new NodeStatus(id, "STORAGE", "ACTIVE", "boot", "", "", false, 7, 1, 10, lease, null, null);
    }
}
