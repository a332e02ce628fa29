package io.forebay.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.process.ProcessLog;
import io.forebay.cluster.process.RunningProcess;
import io.forebay.cluster.process.RunningSettings;
import io.forebay.cluster.process.TestLog;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.cluster.watch.Lease;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.seal.MasterKeys;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.http.NetworkDoor;
import io.forebay.storage.object.VolumeFolders;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A storage node on temporary folders, called without sockets.
public final class NodeFixture implements AutoCloseable {
    public static final NodeId SELF = new NodeId("node1");
    public static final String SECRET = "the cluster's secret";

    public final CurrentState state = new CurrentState();
    public final InMemoryCommandLog log = new InMemoryCommandLog(state);
    public final Metrics metrics = new Metrics();
    private final TestLog logFiles = new TestLog("a line of the log\n");
    private final RunningSettings settingsOfProcess = new RunningSettings(
            Map.of("log.level", "info", "server.data", "/data"), Set.of("log.level"), values -> () -> {});
    private final Path folder;
    private final Map<String, String> settings;
    private StorageNode node;

    /// A node with the bucket `ais://b`.
    public NodeFixture(Path folder) {
        this(folder, Map.of());
    }

    /// A node whose bucket `ais://b` has its objects encrypted.
    public static NodeFixture encrypting(Path folder) {
        return new NodeFixture(folder, Map.of(), Map.of(Bucket.ENCRYPTION, "AES256"));
    }

    /// A node with settings that differ from their defaults.
    public NodeFixture(Path folder, Map<String, String> settings) {
        this(folder, settings, Map.of());
    }

    private NodeFixture(Path folder, Map<String, String> settings, Map<String, String> properties) {
        this.folder = folder;
        this.settings = new HashMap<>(Map.of("store.index.memory", "10MiB", "store.index.hot-share", "10%"));
        this.settings.putAll(settings);
        log.submit(new Command.Found("cluster1", 1_700_000_000_000L));
        log.submit(new Command.Join(new Node(
                new NodeId("gateway1"), Node.Role.GATEWAY, "http://127.0.0.1:1", "http://127.0.0.1:2", active())));
        log.submit(new Command.Join(new Node(SELF, Node.Role.STORAGE, "http://127.0.0.1:3", "", active())));
        createBucket("b", properties);
        this.node = started();
    }

    public void createBucket(String name, Map<String, String> properties) {
        log.submit(new Command.CreateBucket(BucketName.of(name), 1_700_000_000_000L, properties));
    }

    public Bucket bucket(String name) {
        return Objects.requireNonNull(state.current().bucket(BucketName.of(name)));
    }

    public StorageNode node() {
        return node;
    }

    /// How often the log of the node's process was moved aside.
    public int rotations() {
        return logFiles.rotations();
    }

    /// Stops the node and starts it again on the same folders.
    public void restart() {
        node.close();
        node = started();
    }

    public Reply send(Method method, String target) {
        return send(method, target, new Headers(), Body.empty());
    }

    public Reply send(Method method, String target, Headers headers) {
        return send(method, target, headers, Body.empty());
    }

    public Reply send(Method method, String target, Headers headers, String body) {
        return send(method, target, headers, MemoryBody.of(bytes(body)));
    }

    public Reply send(Method method, String target, Headers headers, Body body) {
        Request request = new Request(method, "/v1" + target, headers);
        return node.handler().handle(DirectExchange.of(request, body));
    }

    /// Sends it as an event loop does first: the handler may not wait.
    public Reply sendWithoutWaiting(Method method, String target, Headers headers) {
        Request request = new Request(method, "/v1" + target, headers);
        return node.handler()
                .handle(new DirectExchange(
                        request, Body.empty(), false, InetSocketAddress.createUnresolved("localhost", 1), false, "x"));
    }

    public Reply put(String name, String content) {
        return send(Method.PUT, "/objects/b/" + name, new Headers(), content);
    }

    /// The content of an object of bucket `b`; fails when it cannot be had.
    public String content(String name) {
        Reply reply = send(Method.GET, "/objects/b/" + name);
        String text = text(reply);
        if (reply.status() != 200) {
            throw new AssertionError("GET " + name + " answered " + reply.status() + ": " + text);
        }
        return text;
    }

    public Page page(PageRequest request) {
        byte[] message = WireJson.write(request);
        Reply reply = send(Method.GET, "/buckets/b?what=page", new Headers(), MemoryBody.of(message));
        if (reply.status() != 200) {
            throw NodeErrors.read(reply);
        }
        try (PayloadSource source = new PayloadSource(reply.payload())) {
            return PageCodec.decode(source.readAll(1 << 24));
        }
    }

    /// The names of all objects of bucket `b`.
    public List<String> names() {
        return page(new PageRequest("", "", "", 10_000, false)).entries().stream()
                .map(Page.Entry::name)
                .toList();
    }

    /// The headers by which a gateway asks for attributes.
    public static Headers extended() {
        return new Headers().add("Forebay-Attributes", "1");
    }

    /// A reply's payload, which is closed.
    public static String text(Reply reply) {
        try (PayloadSource source = new PayloadSource(reply.payload())) {
            return new String(source.readAll(1 << 24), StandardCharsets.UTF_8);
        }
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        node.close();
    }

    private static Node.Phase active() {
        return Node.Phase.ACTIVE;
    }

    private StorageNode started() {
        Lease lease = new Lease(Duration.ofSeconds(1), Ticker.SYSTEM, Timers.SYSTEM, metrics, "");
        lease.renew(System.nanoTime() + Duration.ofDays(1).toNanos());
        StorageNodeConfig config = Settings.of(StorageNodeConfig.class).bind(settings);
        StorageNode fresh = new StorageNode(
                config,
                new StorageNodeEnvironment(
                        SELF,
                        new VolumeFolders(null, List.of(folder)),
                        state,
                        lease,
                        (outer, id, request, body) -> {
                            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "node " + id + " is not there");
                        },
                        new Secret(SECRET),
                        MasterKeys.of(SECRET),
                        NetworkDoor.Access.OPEN,
                        metrics,
                        InstantSource.system(),
                        Ticker.SYSTEM,
                        "0.1.0",
                        new RunningProcess(new ProcessLog(logFiles, InstantSource.system()), settingsOfProcess)));
        CountDownLatch prepared = new CountDownLatch(1);
        fresh.fence().whenPrepared(prepared::countDown);
        fresh.start();
        try {
            assertThat(prepared.await(30, TimeUnit.SECONDS))
                    .as("the node has prepared the serving epoch, as one with a lease has")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return fresh;
    }
}
