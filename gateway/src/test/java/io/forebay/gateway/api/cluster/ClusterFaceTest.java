package io.forebay.gateway.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.placement.Placement;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.TestCluster;
import io.forebay.gateway.TestCluster.Answer;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterFaceTest {
    private final TestCluster cluster = TestCluster.local("t1", "t2");

    @Test
    void mapIsGolden() {
        Answer answer = get("daemon?what=smap");
        String gateway =
                node("gateway1", "proxy", 8080, 2, Long.toUnsignedString(Placement.digestOf(TestCluster.GATEWAY)));
        assertThat(answer.text())
                .isEqualTo("{\"pmap\":{\"gateway1\":" + gateway + "},\"tmap\":{\"t1\":"
                        + node("t1", "target", 9000, 0, "14214570646889990061") + ",\"t2\":"
                        + node("t2", "target", 9001, 0, "17780131176456335389") + "},\"proxy_si\":" + gateway
                        + ",\"uuid\":\"cluster-id\",\"creation_time\":\"2023-11-14T22:13:20Z\",\"version\":\"4\"}\n");
        assertThat(get("cluster?what=smap").text()).isEqualTo(answer.text());
    }

    @Test
    void nodesInMaintenanceStayInTheMapWithAFlag() {
        cluster.commands().submit(new Command.SetPhase(new NodeId("t1"), Node.Phase.MAINTENANCE));
        cluster.commands().submit(new Command.SetPhase(new NodeId("t2"), Node.Phase.DECOMMISSIONED));
        assertThat(get("daemon?what=smap").text())
                .contains("\"daemon_id\":\"t1\",\"flags\":4,")
                .contains("\"daemon_id\":\"t2\",\"flags\":8,");
    }

    @Test
    void bucketMapHasBucketsByProviderAndNamespace() {
        assertThat(get("daemon?what=bmd").text())
                .isEqualTo("{\"providers\":{},\"uuid\":\"cluster-id\",\"version\":\"4\"}\n");
        cluster.bucket("b", Map.of());
        assertThat(get("daemon?what=bmd").text())
                .startsWith("{\"providers\":{\"ais\":{\"@#\":{\"b\":{\"extra\":{")
                .endsWith("\"uuid\":\"cluster-id\",\"version\":\"5\"}\n");
    }

    @Test
    void healthHasUptimesAndNoBody() {
        Answer answer = get("health");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEmpty();
        assertThat(answer.headers().find("Ais-Node-Uptime")).isEqualTo("0");
        assertThat(answer.headers().find("Ais-Cluster-Uptime")).isEqualTo("0");
        assertThat(get("health?prr=true").status()).isEqualTo(200);
        assertThat(get("health?readiness=true").status()).isEqualTo(200);
        assertThat(get("health?apr=true").status()).isEqualTo(200);
        assertThat(get("health?cii=true").text())
                .startsWith("{\"smap\":{\"Primary\":{\"pub_url\":")
                .contains("\"flags\":6");
    }

    @ParameterizedTest
    @ValueSource(strings = {"health?prr=true&cii=true", "health?cii-apr=true&cii=true", "health?cii-apr=true&apr=true"})
    void contradictingHealthQueriesAreRefused(String query) {
        assertThat(get(query).status()).isEqualTo(400);
    }

    @Test
    void anotherPrimaryIsNotDenied() {
        NodeId first = new NodeId("a-gateway");
        cluster.commands()
                .submit(new Command.Join(
                        new Node(first, Node.Role.GATEWAY, "http://h:1", "http://h:1", Node.Phase.ACTIVE)));
        assertThat(get("health?apr=true").status()).isEqualTo(400);
        assertThat(get("daemon?what=smap").text()).contains("\"proxy_si\":{\"public_net\":{\"node_ip_addr\":\"h\"");
    }

    @Test
    void nodesOfAistoreAreRefused() {
        Headers headers = new Headers().add("Ais-Caller-Id", "t7");
        assertThat(cluster.call(Method.GET, "/v1/health", headers, "").status()).isEqualTo(403);
        assertThat(cluster.call(Method.GET, "/v1/daemon?what=smap", headers, "").status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    daemon?what=snode            | "daemon_id":"gateway1"
                    daemon?what=config           | "host_net":{"hostname":"127.0.0.1"
                    daemon?what=config           | "primary_url":"http://127.0.0.1:8080"
                    daemon?what=smapvote         | {"smap":{"pmap":
                    daemon?what=node_stats       | "tracker":{"state.flags":6,"up.ns.time":0}
                    daemon?what=node_status      | "ais_version":"5.0.0"
                    daemon?what=node_status      | "smap_version":"4"
                    daemon?what=metrics          | up.ns.time
                    daemon?what=sysinfo          | "load_avg":{"One":
                    daemon?what=log&severity=info | the log
                    daemon?what=software_version | 5.0.0
                    daemon?what=remote           | {"a":[],"ver":0}
                    cluster?what=cluster_config  | "client_auth_required":false
                    cluster?what=cluster_config  | "space":{"cleanupwm":65
                    cluster?what=snode           | "daemon_id":"gateway1"
                    cluster?what=sysinfo         | "target":{"t1":{
                    cluster?what=node_stats      | "asked":"node_stats"
                    cluster?what=mountpaths      | "asked":"mountpaths"
                    cluster?what=backends        | []
                    cluster?what=remote          | {"a":[],"ver":0}
                    cluster?what=target_ips      | 127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1
                    cluster?what=status_all      | []
                    cluster?what=running_all     | []
                    cluster?what=qryxstats       | {"t1":[],"t2":[]}
                    etl                          | []
                    sort                         | []
                    download                     | []
                    """)
    void queriesAreAnswered(String path, String text) {
        Answer answer = get(path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).contains(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GET  | daemon                     | -  | 400 | unexpected query \\"what=\\"
                    GET  | daemon?what=mountpaths     | -  | 400 | what=mountpaths
                    GET  | daemon?what=log&offset=x   | -  | 400 | invalid offset
                    GET  | daemon?what=log&offset=99  | -  | 400 | log likely rotated
                    GET  | daemon?what=log&severity=x | -  | 400 | unknown log severity
                    GET  | cluster?what=x             | -  | 400 | unexpected query
                    GET  | cluster?what=status        | {} | 400 | neither id nor kind
                    GET  | cluster?what=status        | {"ID":"xyz","Kind":""} | 404 | job [xyz] does not exist
                    GET  | cluster?what=qryxstats     | {"ID":"xyz"} | 404 | [xyz]
                    GET  | cluster?what=qryxstats     | {"kind":"nonsense"} | 400 | unknown job kind
                    GET  | cluster?what=qryxstats     | {"bck":{"name":"nope"}} | 404 | bucket \\"ais://nope\\" does not exist
                    GET  | reverse/daemon?what=smap   | -  | 400 | missing node ID
                    GET  | reverse/other              | -  | 400 | invalid URL path
                    POST | reverse/daemon             | {} | 501 | not offered
                    PUT  | reverse/daemon             | {} | 400 | missing node ID
                    PUT  | daemon                     | {"action":"dance"} | 501 | \\"dance\\" is not offered
                    PUT  | daemon/dance               | -  | 501 | not offered
                    POST | daemon                     | {} | 501 | not offered
                    PUT  | cluster                    | {"action":"shutdown"} | 501 | \\"shutdown\\" is not offered
                    PUT  | cluster                    | {"action":"dance"} | 400 | unknown cluster action
                    PUT  | cluster                    | {"action":"set-config","value":{"dance":{"x":1}}} | 400 | dance.x
                    PUT  | cluster                    | {"action":"set-config","value":{"space":{"highwm":80}}} | 501 | \\"space.highwm\\" cannot be changed
                    PUT  | cluster                    | {"action":"start","value":{"Kind":"lru"}} | 501 | kind \\"lru\\" are not offered
                    PUT  | cluster                    | {"action":"start","value":{"Kind":"list"}} | 400 | not startable
                    PUT  | cluster                    | {"action":"start","value":{"Kind":"x"}} | 400 | unknown job kind
                    PUT  | cluster                    | {"action":"stop","value":{}} | 400 | cannot stop
                    PUT  | cluster                    | [] | 400 | invalid JSON message
                    PUT  | cluster/set-config?dance.x=1 | - | 400 | unknown setting \\"dance.x\\"
                    PUT  | cluster/set-config?space.highwm=80&transient=true | - | 501 | \\"space.highwm\\" cannot be changed
                    PUT  | cluster/set-config         | -  | 400 | no setting is named
                    POST | cluster/join-by-admin      | {} | 400 | names no address of a node
                    POST | cluster/keepalive          | {} | 501 | not offered
                    PUT  | etl                        | {} | 501 | not offered
                    GET  | sort?uuid=x                | -  | 501 | not offered
                    GET  | ml/moss                    | {} | 400 | a batch without entries
                    GET  | ml/other                   | {} | 404 | no such API: \\"/v1/ml/other\\"
                    POST | tokens                     | {} | 501 | not offered
                    GET  | nonsense                   | -  | 404 | no such API: \\"/v1/nonsense\\"
                    """)
    void wrongOrUnofferedRequestsAreTold(Method method, String path, String body, int status, String text) {
        Answer answer = cluster.call(method, "/v1/" + path, body.equals("-") ? "" : body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text()).contains(text).contains("\"node\":\"p[gateway1]\"");
    }

    @Test
    void stoppingWhatDoesNotRunIsFine() {
        String body = "{\"action\":\"stop\",\"name\":\"\",\"value\":{\"ID\":\"x\",\"Kind\":\"\",\"Bck\":null}}";
        assertThat(cluster.call(Method.PUT, "/v1/cluster", body).status()).isEqualTo(200);
    }

    @Test
    void otherMethodsAreRefusedWithThoseAllowed() {
        Answer answer = cluster.call(Method.PATCH, "/v1/cluster?what=smap");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers().find("Allow")).isEqualTo("DELETE, GET, POST, PUT");
        assertThat(answer.text()).isEqualTo("Method Not Allowed\n");
        assertThat(cluster.call(Method.DELETE, "/v1/health").headers().find("Allow"))
                .isEqualTo("GET");
    }

    @Test
    void otherNodesAreAskedThroughTheGateway() {
        assertThat(reverse("t2").text()).contains("\"asked\":\"sysinfo\"");
        assertThat(cluster.nodes().requests().getFirst().node()).isEqualTo(new NodeId("t2"));
        assertThat(reverse("gateway1").text()).contains("mem_used");
        assertThat(reverse("t99").status()).isEqualTo(404);
        assertThat(reverse("t99").text()).contains("errNodeNotFound");
        assertThat(reverse("!").status()).isEqualTo(400);
    }

    private Answer reverse(String id) {
        return cluster.call(Method.GET, "/v1/reverse/daemon?what=sysinfo", new Headers().add("Ais-Node-Id", id), "");
    }

    private Answer get(String path) {
        return cluster.call(Method.GET, "/v1/" + path);
    }

    private static String node(String id, String type, int port, int flags, String digest) {
        String net = "{\"node_ip_addr\":\"127.0.0.1\",\"daemon_port\":\"" + port
                + "\",\"direct_url\":\"http://127.0.0.1:" + port + "\"}";
        return "{\"public_net\":" + net + ",\"intra_control_net\":" + net + ",\"intra_data_net\":" + net
                + ",\"daemon_type\":\"" + type + "\",\"daemon_id\":\"" + id + "\",\"flags\":" + flags
                + ",\"id_digest\":" + digest + "}";
    }
}
