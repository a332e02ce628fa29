package io.forebay.gateway;

import io.forebay.cluster.process.ProcessLog;
import io.forebay.cluster.process.RunningProcess;
import io.forebay.cluster.process.RunningSettings;
import io.forebay.cluster.process.TestLog;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.cluster.watch.QuorumContact;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.OpenAuthorizer;
import io.forebay.gateway.auth.UserDirectory;
import io.forebay.gateway.control.NodeTable;
import io.forebay.protocol.api.RedirectSignature;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A whole gateway in front of storage nodes in memory, called without a socket.
public final class TestCluster implements AutoCloseable {
    public static final NodeId GATEWAY = new NodeId("gateway1");
    public static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog commands = new InMemoryCommandLog(state);
    private final NativeNodes nodes = new NativeNodes(state);
    private final Metrics metrics = new Metrics();
    private final RunningSettings settings;
    private final Gateway gateway;
    private volatile NodeTable table = () -> {
        throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "nobody leads");
    };

    /// All nodes are called in this process, nobody has to authenticate.
    public static TestCluster local(String... nodeIds) {
        return new TestCluster(Set.of(nodeIds), new OpenAuthorizer(), null, nodeIds);
    }

    /// Clients are redirected to all nodes, nobody has to authenticate.
    public static TestCluster redirecting(String... nodeIds) {
        return new TestCluster(Set.of(), new OpenAuthorizer(), null, nodeIds);
    }

    /// One node called in this process, which answers as the channel does.
    public static TestCluster answering(NodeChannel channel) {
        return new TestCluster(Set.of("t1"), state -> new OpenAuthorizer(), null, channel, QuorumContact.ofOne(), "t1");
    }

    /// All nodes are called in this process, and the contact to those who vote may be lost.
    public static TestCluster withContact(QuorumContact contact, String... nodeIds) {
        return new TestCluster(Set.of(nodeIds), state -> new OpenAuthorizer(), null, null, contact, nodeIds);
    }

    /// All nodes are called in this process, and root and users have to authenticate.
    public static TestCluster authenticating(Credentials root, String... nodeIds) {
        return new TestCluster(
                Set.of(nodeIds),
                state -> TestUsers.of(root, state, InstantSource.fixed(NOW), new Metrics()),
                new RedirectSignature("cluster secret"),
                null,
                QuorumContact.ofOne(),
                nodeIds);
    }

    public TestCluster(
            Set<String> local, Authorizer authorizer, @Nullable RedirectSignature signature, String... nodeIds) {
        this(local, state -> authorizer, signature, null, QuorumContact.ofOne(), nodeIds);
    }

    private TestCluster(
            Set<String> local,
            Function<CurrentState, Authorizer> authorizer,
            @Nullable RedirectSignature signature,
            @Nullable NodeChannel channel,
            QuorumContact contact,
            String... nodeIds) {
        commands.submit(new Command.Found("cluster-id", 1_700_000_000_000L));
        join(GATEWAY, Node.Role.GATEWAY, 8080);
        List<NodeId> answered = new ArrayList<>();
        for (String nodeId : nodeIds) {
            NodeId id = new NodeId(nodeId);
            join(id, Node.Role.STORAGE, 9000 + answered.size());
            answered.add(id);
        }
        answered.removeIf(id -> !local.contains(id.value()));
        settings = new RunningSettings(
                Map.of(
                        "server.auth", signature == null ? "off" : "on",
                        "log.level", "info",
                        "log.max-size", "16MiB",
                        "log.max-total", "64MiB"),
                Set.of("log.level", "log.max-size", "log.max-total"),
                values -> () -> {});
        GatewayParts parts = new GatewayParts(
                GATEWAY,
                state,
                contact,
                commands,
                () -> table.nodes(),
                channel == null ? nodes : channel,
                Set.copyOf(answered),
                new UserDirectory(state),
                TestUsers.KEYS,
                TestUsers.sessions(InstantSource.fixed(NOW)),
                authorizer.apply(state),
                signature,
                Set.of(),
                new RunningProcess(new ProcessLog(new TestLog("the log"), InstantSource.fixed(NOW)), settings),
                metrics,
                InstantSource.fixed(NOW),
                () -> 1_000_000);
        gateway = new Gateway(Settings.defaults(GatewayConfig.class), parts);
    }

    private void join(NodeId id, Node.Role role, int port) {
        String url = "http://127.0.0.1:" + port;
        commands.submit(new Command.Join(new Node(id, role, url, url, Node.Phase.ACTIVE)));
    }

    /// From now on the leader knows that of the nodes.
    public void seen(NodeTable seen) {
        table = seen;
    }

    public Handler handler() {
        return gateway.handler();
    }

    public InMemoryCommandLog commands() {
        return commands;
    }

    public CurrentState state() {
        return state;
    }

    /// Of the gateway's process.
    public RunningSettings settings() {
        return settings;
    }

    public NativeNodes nodes() {
        return nodes;
    }

    public Metrics metrics() {
        return metrics;
    }

    /// Creates a bucket of that name with those property leaves.
    public TestCluster bucket(String name, Map<String, String> properties) {
        commands.submit(new Command.CreateBucket(BucketName.of(name), 1_700_000_000_001L, properties));
        return this;
    }

    public static ObjectKey key(String bucket, String name) {
        return new ObjectKey(BucketName.of(bucket), name);
    }

    public Answer call(Method method, String target) {
        return call(method, target, new Headers(), "");
    }

    public Answer call(Method method, String target, String body) {
        return call(method, target, new Headers(), body);
    }

    public Answer call(Method method, String target, Headers headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return call(new DirectExchange(
                new Request(method, target, headers),
                bytes.length == 0 ? Body.empty() : MemoryBody.of(bytes),
                true,
                InetSocketAddress.createUnresolved("client", 77),
                false,
                "request-1"));
    }

    public Answer call(DirectExchange exchange) {
        return answer(gateway.handler().handle(exchange));
    }

    /// A request to the control port.
    public Answer callAdmin(Method method, String target, Headers headers, String body) {
        Body bytes = body.isEmpty() ? Body.empty() : MemoryBody.of(body.getBytes(StandardCharsets.UTF_8));
        return answer(gateway.adminHandler().handle(DirectExchange.of(new Request(method, target, headers), bytes)));
    }

    private static Answer answer(Reply reply) {
        try (PayloadSource payload = new PayloadSource(reply.payload())) {
            return new Answer(reply.status(), reply.headers(), ByteBuffer.wrap(payload.readAll(1 << 24)));
        }
    }

    @Override
    public void close() {
        gateway.close();
    }

    /// A reply, its payload read.
    public record Answer(int status, Headers headers, ByteBuffer body) {
        public String text() {
            return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
        }
    }
}
