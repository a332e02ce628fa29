package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.system.server.ClassCache;
import io.forebay.system.server.RawHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clusters of real processes, as `scripts/cluster` starts and ends them.
@Timeout(300)
final class ClusterScriptIT {
    private static final Path SCRIPT =
            Path.of("..", "scripts", "cluster").toAbsolutePath().normalize();
    private static final Path LAYOUT = Path.of("..", "app", "target", "forebay", "lib");
    private static final int OBJECTS = 60;
    private static final long POLL_NANOS = 20_000_000;
    /// What tells the leader soon what it waits for.
    private static final List<String> QUICK =
            List.of("--set", "cluster.heartbeat=100ms", "--set", "storage.rebalance.retry=300ms");

    @TempDir
    private Path data;

    private final Map<String, URI> gateways = new HashMap<>();

    @BeforeAll
    static void prepare(@TempDir Path training) {
        ClassCache.train(LAYOUT, training);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        run("stop");
    }

    @Test
    void objectsSurviveTheCrashOfANodeAndARestartOfAll() throws IOException, InterruptedException {
        assertThat(run("start", "--gateways", "1", "--storage-nodes", "2").code())
                .isZero();
        assertThat(states())
                .containsExactly(
                        Map.entry("gateway-1", "serving"),
                        Map.entry("storage-node-1", "serving"),
                        Map.entry("storage-node-2", "serving"));
        putAll();
        assertAll();

        assertThat(run("kill", "storage-node-1").code()).isZero();
        assertThat(states()).containsEntry("storage-node-1", "dead");
        assertThat(run("start", "storage-node-1").code()).isZero();
        assertAll();

        assertThat(run("pause", "storage-node-2").code()).isZero();
        assertThat(states()).containsEntry("storage-node-2", "paused");
        assertThat(run("resume", "storage-node-2").code()).isZero();
        assertAll();

        String url = column("gateway-1", 2);
        assertThat(run("stop").code()).isZero();
        assertThat(states().values()).containsOnly("stopped");
        assertThat(run("start").code()).isZero();
        assertThat(column("gateway-1", 2)).isEqualTo(url);
        assertAll();
    }

    @Test
    void clusterGrowsByGatewaysAndOutlivesTheLossOfOne() throws IOException, InterruptedException {
        assertThat(run("start", "--gateways", "1", "--storage-nodes", "2").code())
                .isZero();
        putAll();
        assertThat(run("add", "gateway").output()).endsWith("gateway-2\n");
        assertThat(run("add", "gateway").output()).endsWith("gateway-3\n");
        for (String name : List.of("gateway-1", "gateway-2", "gateway-3")) {
            assertAll(name);
        }
        assertThat(run("kill", "gateway-1").code()).isZero();
        try (RawHttp http = gateway("gateway-2")) {
            assertThat(http.send("PUT", "/second").status()).isEqualTo(200);
        }
        assertAll("gateway-3");
        assertThat(run("start", "gateway-1").output()).isEmpty();
        try (RawHttp http = gateway("gateway-1")) {
            assertThat(http.send("GET", "/second?list-type=2").status()).isEqualTo(200);
        }
        assertThat(run("stop").code()).isZero();
        assertThat(run("start").output()).isEmpty();
        for (String name : List.of("gateway-1", "gateway-2", "gateway-3")) {
            assertAll(name);
        }
    }

    /// By AIStore's verbs, as its CLI sends them.
    @Test
    void storageNodesAreMaintainedShutDownAndLeave() throws IOException, InterruptedException {
        assertThat(run("start", "--gateways", "1", "--storage-nodes", "3").code())
                .isZero();
        putAll();
        String third = column("storage-node-3", 5);
        awaitJob(order("start-maintenance", third));
        assertThat(run("kill", "storage-node-3").code()).isZero();
        assertAll();
        assertThat(run("start", "storage-node-3").code()).isZero();
        awaitJob(order("stop-maintenance", third));
        assertAll();

        String second = column("storage-node-2", 5);
        awaitJob(order("decommission-node", second));
        awaitState("storage-node-2", "dead");
        try (RawHttp http = gateway("gateway-1")) {
            assertThat(http.send("GET", "/v1/daemon?what=smap").text())
                    .contains(third)
                    .doesNotContain(second);
        }
        assertAll();

        awaitJob(order("shutdown-node", third));
        awaitState("storage-node-3", "dead");
        assertAll();
        assertThat(run("start", "storage-node-3").code()).isZero();
        awaitJob(order("stop-maintenance", third));
        assertAll();
        assertThat(states()).containsEntry("storage-node-3", "serving");
    }

    /// The id of the rebalance that follows.
    private String order(String action, String node) throws IOException, InterruptedException {
        String message = "{\"action\":\"" + action + "\",\"name\":\"\",\"value\":{\"sid\":\"\",\"sids\":[\"" + node
                + "\"],\"skip_rebalance\":false,\"rm_user_data\":false,\"keep_initial_config\":false,"
                + "\"no_shutdown\":false}}";
        try (RawHttp http = gateway("gateway-1")) {
            RawHttp.Answer answer = http.send("PUT", "/v1/cluster", "", message.getBytes(StandardCharsets.UTF_8));
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.text()).matches("g\\d+");
            return answer.text();
        }
    }

    private void awaitJob(String id) throws IOException, InterruptedException {
        byte[] query = ("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
        try (RawHttp http = gateway("gateway-1")) {
            RawHttp.Answer answer = http.send("GET", "/v1/cluster?what=status", "", query);
            while (answer.text().contains("\"end_time\":0,")) {
                LockSupport.parkNanos(POLL_NANOS);
                answer = http.send("GET", "/v1/cluster?what=status", "", query);
            }
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        }
    }

    private void awaitState(String name, String state) throws IOException, InterruptedException {
        while (!state.equals(states().get(name))) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Test
    void nodePortsRefuseWhoeverHasNoSecret() throws IOException, InterruptedException {
        assertThat(run("start", "--gateways", "1", "--storage-nodes", "1").code())
                .isZero();
        for (String name : List.of("gateway-1", "storage-node-1")) {
            try (RawHttp control = new RawHttp(URI.create(column(name, 6)))) {
                assertThat(control.send("GET", "/cluster/state").status()).isEqualTo(403);
                assertThat(control.send("POST", "/cluster/heartbeat").status()).isEqualTo(403);
            }
        }
        try (RawHttp node = new RawHttp(URI.create(column("storage-node-1", 2)))) {
            assertThat(node.send("GET", "/v1/daemon/volumes").status()).isEqualTo(403);
            assertThat(node.send("GET", "/v1/daemon?what=smap").text()).contains(column("storage-node-1", 5));
        }
    }

    @Test
    void nodesSpeakTlsWithCertificatesThatTheScriptMakes() throws IOException, InterruptedException {
        assertThat(run("start", "--tls", "--gateways", "1", "--storage-nodes", "2")
                        .output())
                .isEmpty();
        putAll();
        assertAll();
        String control = column("gateway-1", 6);
        assertThat(control).startsWith("https://");
        try (RawHttp plain = new RawHttp(URI.create(control))) {
            assertThatThrownBy(() -> plain.send("GET", "/health")).isInstanceOf(UncheckedIOException.class);
        }
        String address = URI.create(control).getAuthority();
        Path settings = data.resolve("tls").resolve("client.properties");
        assertThat(forebay("cluster", "status", "--control", address, "--config", settings.toString())
                        .output())
                .contains(column("storage-node-2", 5));
        assertThat(forebay("cluster", "status", "--control", address).output())
                .contains("does not answer")
                .contains("name a node's settings file with --config");

        assertThat(run("add", "storage-node").output()).endsWith("storage-node-3\n");
        assertThat(run("stop").code()).isZero();
        assertThat(run("start").output()).isEmpty();
        assertThat(column("gateway-1", 6)).isEqualTo(control);
        assertAll();
        assertThat(run("add", "gateway", "--tls").output()).contains("--tls is for scripts/cluster start");
    }

    @Test
    void nodesAndMistakesAreNamed() throws IOException, InterruptedException {
        assertThat(run("add", "storage-node").output()).contains("has no cluster");
        assertThat(run("kill", "storage-node-9").output()).contains("has no node storage-node-9");
        assertThat(run("start", "--gateways", "x").output()).contains("\"x\" is not a number");
        assertThat(run("frobnicate").code()).isEqualTo(1);
    }

    private void putAll() throws IOException, InterruptedException {
        try (RawHttp http = gateway("gateway-1")) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            for (int index = 0; index < OBJECTS; index++) {
                String path = index % 2 == 0 ? "/bucket/" + index : "/s3/bucket/" + index;
                assertThat(http.send("PUT", path, "", Content.of(1 + 997 * index, index))
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    private void assertAll() throws IOException, InterruptedException {
        assertAll("gateway-1");
    }

    private void assertAll(String name) throws IOException, InterruptedException {
        int redirects = 0;
        try (RawHttp http = gateway(name)) {
            for (int index = 0; index < OBJECTS; index++) {
                RawHttp.Answer answer = http.send("GET", "/bucket/" + index);
                assertThat(answer.status())
                        .as("object %s: %s", index, answer.text())
                        .isEqualTo(200);
                assertThat(answer.body()).isEqualTo(Content.of(1 + 997 * index, index));
                redirects += http.send("GET", "/v1/objects/bucket/" + index).status() / 100 == 3 ? 1 : 0;
            }
            assertThat(http.send("GET", "/bucket?list-type=2").text()).contains("<KeyCount>" + OBJECTS + "</KeyCount>");
        }
        assertThat(redirects).isEqualTo(OBJECTS);
    }

    /// A node keeps its ports.
    private RawHttp gateway(String name) throws IOException, InterruptedException {
        URI url = gateways.get(name);
        if (url == null) {
            url = URI.create(column(name, 2));
            gateways.put(name, url);
        }
        return new RawHttp(url);
    }

    private Map<String, String> states() throws IOException, InterruptedException {
        Map<String, String> states = new LinkedHashMap<>();
        for (String line : run("status").output().lines().skip(1).toList()) {
            String[] cells = line.strip().split(" +", -1);
            states.put(cells[0], cells[4]);
        }
        return states;
    }

    private String column(String name, int column) throws IOException, InterruptedException {
        return run("status")
                .output()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.strip().split(" +", -1)[column])
                .findFirst()
                .orElseThrow();
    }

    private static Ended forebay(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(SCRIPT.resolveSibling("forebay").toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private record Ended(int code, String output) {}

    private Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString()));
        if (arguments[0].equals("start") && arguments.length > 2) {
            command.addAll(QUICK);
        }
        return run(command);
    }

    private static Ended run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("FOREBAY_NO_BUILD", "1");
        builder.environment().put("FOREBAY_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }
}
