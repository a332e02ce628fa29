package io.forebay.protocol.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.WireJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterMessagesTest {
    private static final NodeMessage NODE =
            NodeMessage.of(new NodeId("t1"), NodeMessage.STORAGE, "http://127.0.0.1:8081", 0, 0xc5444cb0fa9287adL);

    @Test
    void nodeHasAnUnsignedDigestAndThreeNets() {
        String net =
                "{\"node_ip_addr\":\"127.0.0.1\",\"daemon_port\":\"8081\",\"direct_url\":\"http://127.0.0.1:8081\"}";
        assertThat(text(NODE))
                .isEqualTo("{\"public_net\":" + net + ",\"intra_control_net\":" + net + ",\"intra_data_net\":" + net
                        + ",\"daemon_type\":\"target\",\"daemon_id\":\"t1\",\"flags\":0,"
                        + "\"id_digest\":14214570646889990061}");
    }

    @Test
    void mapHasItsVersionAsText() {
        ClusterMap map = new ClusterMap(Map.of(), Map.of("t1", NODE), NODE, "cid", "2026", "7");
        assertThat(text(map))
                .startsWith("{\"pmap\":{},\"tmap\":{\"t1\":{\"public_net\":")
                .endsWith("\"uuid\":\"cid\",\"creation_time\":\"2026\",\"version\":\"7\"}");
    }

    @Test
    void addressOfIpv6IsSplitAtItsPort() {
        assertThat(NetInfo.of("https://[::1]:8080")).isEqualTo(new NetInfo("::1", "8080", "https://[::1]:8080"));
    }

    @Test
    void stateOfANodeNamesThePrimaryWithACapital() {
        assertThat(text(NodeState.started(NODE, "cid", "7")))
                .isEqualTo("{\"smap\":{\"Primary\":{\"pub_url\":\"http://127.0.0.1:8081\","
                        + "\"control_url\":\"http://127.0.0.1:8081\",\"id\":\"t1\"},\"uuid\":\"cid\",\"version\":\"7\"},"
                        + "\"bmd\":{\"uuid\":\"cid\",\"version\":\"7\"},\"rmd\":{\"version\":\"7\"},"
                        + "\"config\":{\"version\":\"7\"},\"etlmd\":{\"version\":\"7\"},\"flags\":6}");
    }

    @Test
    void configurationHasEverySection() {
        Map<String, Object> config = ClusterConfig.json(
                "cid",
                "http://h:1",
                "now",
                "7",
                new ConfigValues(key -> key.equals("server.auth") ? "on" : "", Map.of()));
        assertThat(config)
                .containsKeys(
                        "write_policy checksum tcb tco arch lso rate_limit keepalivetracker rebalance log ec get_batch"
                                .split(" "))
                .containsKeys(
                        ("space transport disk fshc chunks lru mirror periodic client downloader auth backend uuid"
                                        + " lastupdate_time proxy net timeout memsys features config_version versioning"
                                        + " resilver")
                                .split(" "));
        assertThat(text(config)).contains("\"client_auth_required\":true").contains("\"primary_url\":\"http://h:1\"");
        assertThat(ClusterConfig.ofNode(config, NODE, "/data"))
                .containsKeys("fspaths", "host_net", "confdir")
                .containsEntry("log_dir", "/data");
    }

    @Test
    void jobQueriesReadWithoutCase() {
        JobQuery query = WireJson.read(
                "{\"ID\":\"x\",\"Kind\":\"dsort\",\"DaemonID\":\"\",\"Bck\":null,\"Buckets\":null}"
                        .getBytes(StandardCharsets.UTF_8),
                JobQuery.class);
        assertThat(query.idText()).isEqualTo("x");
        assertThat(query.kindText()).isEqualTo("dsort");
        assertThat(JobKinds.find("copy-bucket")).isEqualTo("copy-bck");
        assertThat(JobKinds.find("nonsense")).isEmpty();
    }

    private static String text(Object message) {
        return new String(WireJson.write(message), StandardCharsets.UTF_8);
    }
}
