package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.app.ForebayConfig;
import io.forebay.app.GivenKeys;
import io.forebay.app.Server;
import io.forebay.app.ServerRole;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.tls.TestAuthority;
import io.forebay.protocol.tls.TestAuthority.NodeFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Gateways and storage nodes in this process, each with a certificate of its own and all ports in use as between
/// machines; and callers of them.
final class TlsNodes implements AutoCloseable {
    private static final Map<String, String> SETTINGS = Map.of(
            "server.listen", "127.0.0.1:0",
            "server.control", "127.0.0.1:0",
            "gateway.supervisor.lease", "3s",
            "gateway.supervisor.down-after", "1s",
            "gateway.route-patience", "30s",
            "cluster.heartbeat", "300ms",
            "cluster.tls.reload-every", "50ms",
            "storage.rebalance.retry", "200ms",
            "join.patience", "20s");

    private static final int START_ATTEMPTS = 5;

    private final Path folder;
    private final TestAuthority authority = new TestAuthority("cluster");
    private final Map<String, Server> running = new LinkedHashMap<>();
    private final HttpClient plain =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpClient administrator =
            client(authority.caller(Instant.now().plus(Duration.ofDays(1))));

    TlsNodes(Path folder) {
        this.folder = folder;
    }

    TestAuthority authority() {
        return authority;
    }

    /// An answer in full.
    @SuppressWarnings("ArrayRecordComponent") // A value of tests, never compared.
    record Answer(int status, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// The files of a node's certificate, which are made at the first call.
    NodeFiles files(String name) {
        Path own = folder.resolve("tls").resolve(name);
        return Files.exists(own)
                ? new NodeFiles(own.resolve(name + ".pem"), own.resolve(name + ".key"), own.resolve(name + ".ca"))
                : authority.issue(name, own);
    }

    /// Starts a node with its certificate: the first founds the cluster, every further one joins.
    Server start(String name, ServerRole role) {
        return start(name, role, files(name).settings());
    }

    /// Starts a node with further settings, those of TLS among them.
    Server start(String name, ServerRole role, Map<String, String> further) {
        Map<String, String> settings = new TreeMap<>(SETTINGS);
        settings.putAll(further);
        settings.put("server.data", folder.resolve(name).toString());
        if (!running.isEmpty()) {
            settings.putIfAbsent("join.gateways", gatewayUrl());
            settings.put("join.token", secret());
        }
        Server server = started(settings, role);
        running.put(name, server);
        return server;
    }

    /// Tries again where leaders changed meanwhile, as whatever starts nodes would.
    private static Server started(Map<String, String> settings, ServerRole role) {
        for (int attempt = 1; ; attempt++) {
            Server server = new Server(Settings.of(ForebayConfig.class).bind(settings), GivenKeys.NONE, role);
            try {
                server.start();
                return server;
            } catch (StoreException e) {
                if (e.code() != ErrorCode.NOT_LEADER || attempt == START_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    void stop(String name) {
        Objects.requireNonNull(running.remove(name)).close();
    }

    Server node(String name) {
        return Objects.requireNonNull(running.get(name), name);
    }

    /// Where nodes call a node's data port.
    static String encrypted(String dataUrl) {
        return dataUrl.replace("http://", "https://");
    }

    String secret() {
        try (Stream<Path> all = Files.list(folder)) {
            Path found = all.map(path -> path.resolve("cluster-secret"))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            return Files.readString(found).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a client gets that speaks plain HTTP, following redirects as AIStore's do.
    Answer send(String method, String url, byte[] body) {
        HttpResponse<byte[]> answer = exchange(plain, method, url, body, null);
        for (int hops = 0; answer.statusCode() / 100 == 3 && hops < 3; hops++) {
            answer = exchange(
                    plain, method, answer.headers().firstValue("Location").orElseThrow(), body, null);
        }
        return new Answer(answer.statusCode(), answer.body());
    }

    /// What a caller gets that shows a secret or none.
    ///
    /// @param tls of the connection, or null for a plain one
    Answer call(String method, String url, @Nullable SSLContext tls, @Nullable String secret) {
        HttpResponse<byte[]> answer = exchange(tls == null ? plain : client(tls), method, url, new byte[0], secret);
        return new Answer(answer.statusCode(), answer.body());
    }

    /// The control port of a gateway that runs.
    private String gatewayUrl() {
        return running.entrySet().stream()
                .filter(node -> node.getKey().startsWith("gateway"))
                .map(node -> node.getValue().controlUrl())
                .findFirst()
                .orElseThrow();
    }

    /// The cluster as its leader sees it, once there is one.
    NodeStatuses statuses() {
        String url = gatewayUrl() + "/admin/cluster";
        while (true) {
            HttpResponse<byte[]> answer = exchange(administrator, "GET", url, new byte[0], secret());
            if (answer.statusCode() == 200) {
                return WireJson.read(answer.body(), NodeStatuses.class);
            }
            assertThat(answer.statusCode()).isEqualTo(503);
        }
    }

    /// The name of the gateway that leads.
    String leader() {
        NodeStatus leading = statuses().nodes().stream()
                .filter(NodeStatus::leads)
                .findFirst()
                .orElseThrow();
        return running.entrySet().stream()
                .filter(entry -> entry.getValue().controlUrl().equals(leading.controlUrl()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    void awaitSettled(int owners) {
        await(Settling.with(owners));
    }

    /// Waits until the cluster is as wished.
    void await(Predicate<NodeStatuses> condition) {
        for (NodeStatuses now = statuses(); !condition.test(now); now = statuses()) {
            assertThat(Thread.currentThread().isInterrupted()).as("%s", now).isFalse();
            LockSupport.parkNanos(50_000_000);
        }
    }

    /// The sum of a metric of a node over its labels.
    long metric(String name, String metric) {
        String url = node(name).controlUrl() + "/metrics";
        return new String(exchange(administrator, "GET", url, new byte[0], null).body(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        List.copyOf(running.keySet()).reversed().forEach(this::stop);
        plain.close();
        administrator.close();
    }

    static HttpClient client(SSLContext tls) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .build();
    }

    private static HttpResponse<byte[]> exchange(
            HttpClient client, String method, String url, byte[] body, @Nullable String secret) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (method.equals("PATCH")) {
            request.header("Content-Type", "application/json");
        }
        if (secret != null) {
            request.header(NodeHeaders.NODE_SECRET, secret);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
