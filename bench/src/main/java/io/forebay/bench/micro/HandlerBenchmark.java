package io.forebay.bench.micro;

import io.forebay.cluster.process.RunningProcess;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.cluster.watch.Lease;
import io.forebay.cluster.watch.QuorumContact;
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
import io.forebay.gateway.Gateway;
import io.forebay.gateway.GatewayConfig;
import io.forebay.gateway.GatewayParts;
import io.forebay.gateway.auth.OpenAuthorizer;
import io.forebay.gateway.auth.SecretSeal;
import io.forebay.gateway.auth.SessionTokens;
import io.forebay.gateway.auth.UserDirectory;
import io.forebay.gateway.auth.UserKeys;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.client.LocalNodes;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.StorageNode;
import io.forebay.storage.StorageNodeConfig;
import io.forebay.storage.StorageNodeEnvironment;
import io.forebay.storage.http.NetworkDoor;
import io.forebay.storage.object.VolumeFolders;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/// GET and PUT through the HTTP handlers of a server, as its engine calls them: face, routing, relay, storage
/// node, volume. What they allocate has one bound for every size, from an object in a segment to one with its
/// own file. All threads count, the log's too.
public class HandlerBenchmark extends MicroBenchmark {
    private static final NodeId GATEWAY = new NodeId("gateway1");
    private static final NodeId STORAGE = new NodeId("node1");
    private static final long CREATED_MILLIS = 1_700_000_000_000L;
    private static final InetSocketAddress CLIENT = InetSocketAddress.createUnresolved("localhost", 1);

    /// What the targets of a face begin with: AIStore's or S3's.
    @Param({"/v1/objects", ""})
    public String face = "";

    @Param({"1024", "102400", "1048576"})
    public int bytes;

    private String[] names = {};
    private ByteBuffer body = ByteBuffer.allocate(0);
    private int number;
    private @Nullable Path folder;
    private @Nullable StorageNode node;
    private @Nullable Gateway gateway;
    private @Nullable Handler handler;

    @Setup
    public void start() throws IOException {
        Path made = Files.createTempDirectory("forebay-bench");
        folder = made;
        CurrentState state = new CurrentState();
        InMemoryCommandLog log = new InMemoryCommandLog(state);
        log.submit(new Command.Found("bench", CREATED_MILLIS));
        log.submit(new Command.Join(
                new Node(GATEWAY, Node.Role.GATEWAY, "http://127.0.0.1:1", "http://127.0.0.1:2", Node.Phase.ACTIVE)));
        log.submit(new Command.Join(new Node(STORAGE, Node.Role.STORAGE, "http://127.0.0.1:1", "", Node.Phase.ACTIVE)));
        log.submit(new Command.CreateBucket(BucketName.of("bench"), CREATED_MILLIS, Map.of(Bucket.DURABILITY, "none")));
        StorageNode started = storageNode(made, state);
        node = started;
        started.start();
        Gateway wired = gateway(state, log, started.handler());
        gateway = wired;
        handler = wired.handler();
        body = ByteBuffer.allocateDirect(bytes);
        names = new String[1000];
        for (int index = 0; index < names.length; index++) {
            names[index] = face + "/bench/train/n0001/image_" + index + ".jpeg";
        }
        put();
    }

    @TearDown
    public void stop() throws IOException {
        if (gateway != null) {
            gateway.close();
        }
        if (node != null) {
            node.close();
        }
        if (folder != null) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /// From memory, or on a thread that may wait; the payload is opened, not sent. 1,700 to 1,850 by
    /// AIStore's face, 3,650 to 3,800 by S3's; up to 4,500 until the compiler has got to all of it.
    @Benchmark
    @Allocates(atMost = 6000)
    public long get() {
        Reply reply = answer(Method.GET, names[1], Body.empty(), false);
        if (reply.wouldWait()) {
            reply = answer(Method.GET, names[1], Body.empty(), true);
        }
        long length = reply.payload().length();
        reply.payload().close();
        if (reply.status() != 200 || length != bytes) {
            throw new IllegalStateException("status " + reply.status() + " with " + length + " bytes");
        }
        return length;
    }

    /// Overwrites one of a thousand objects, alone: a group of one, not synced. 7,600 and 13,000 for small
    /// ones, by AIStore's face and S3's; as for `LargeObjectBenchmark`, background work counts between two
    /// large ones.
    @Benchmark
    @Allocates(atMost = 32_000)
    public int put() {
        number = (number + 1) % (bytes > 1 << 17 ? 10 : names.length);
        Reply reply = answer(Method.PUT, names[number], new MemoryBody(body.clear()), true);
        reply.payload().close();
        if (reply.status() != 200) {
            throw new IllegalStateException("status " + reply.status());
        }
        return reply.status();
    }

    private Reply answer(Method method, String target, Body sent, boolean mayWait) {
        Handler called = handler;
        if (called == null) {
            throw new IllegalStateException("not started");
        }
        Headers headers = new Headers(2).add("Host", "127.0.0.1:1");
        if (sent.length() > 0) {
            headers.add("Content-Length", Long.toString(sent.length()));
        }
        return called.handle(
                new DirectExchange(new Request(method, target, headers), sent, mayWait, CLIENT, false, "bench"));
    }

    private static StorageNode storageNode(Path folder, CurrentState state) {
        Metrics metrics = new Metrics();
        Lease lease = new Lease(Duration.ofSeconds(1), Ticker.SYSTEM, Timers.SYSTEM, metrics, "node=\"bench\"");
        lease.renew(Ticker.SYSTEM.nanos() + Duration.ofDays(1).toNanos());
        NodeChannel nobody = (outer, node, request, body) -> {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "there is no node " + node);
        };
        return new StorageNode(
                Settings.defaults(StorageNodeConfig.class),
                new StorageNodeEnvironment(
                        STORAGE,
                        new VolumeFolders(null, List.of(folder)),
                        state,
                        lease,
                        nobody,
                        new Secret("bench"),
                        MasterKeys.of("bench"),
                        NetworkDoor.Access.OPEN,
                        metrics,
                        InstantSource.system(),
                        Ticker.SYSTEM,
                        "bench",
                        RunningProcess.none()));
    }

    private static Gateway gateway(CurrentState state, InMemoryCommandLog log, Handler storage) {
        return new Gateway(
                Settings.defaults(GatewayConfig.class),
                new GatewayParts(
                        GATEWAY,
                        state,
                        QuorumContact.ofOne(),
                        log,
                        () -> new NodeStatuses("bench", 0, 0, 0, 0, List.of()),
                        new LocalNodes(Map.of(STORAGE, storage), (outer, id, request, sent) -> {
                            throw new IllegalStateException("there is no other node");
                        }),
                        Set.of(STORAGE),
                        new UserDirectory(state),
                        new UserKeys(new SecretSeal(MasterKeys.of("bench"), "users")),
                        new SessionTokens(new SecretSeal(MasterKeys.of("bench"), "sessions"), InstantSource.system()),
                        new OpenAuthorizer(),
                        null,
                        Set.of(),
                        RunningProcess.none(),
                        new Metrics(),
                        InstantSource.system(),
                        Ticker.SYSTEM));
    }
}
