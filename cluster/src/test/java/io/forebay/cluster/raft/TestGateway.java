package io.forebay.cluster.raft;

import io.forebay.cluster.peer.Peer;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Settings;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.netty.EventLoopConfig;
import io.forebay.protocol.http.netty.EventLoops;
import io.forebay.protocol.http.netty.HttpClientConfig;
import io.forebay.protocol.http.netty.NettyHttpClient;
import io.forebay.protocol.http.vertx.VertxHttpServer;
import io.forebay.protocol.http.vertx.VertxServerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// One gateway's command log with a control port and a client of its own, which can be cut off from all others.
final class TestGateway implements AutoCloseable {
    static final Secret SECRET = new Secret("secret");

    final NodeId id;
    final CurrentState state = new CurrentState();
    final Metrics metrics = new Metrics();
    final RaftCommandLog log;
    final String url;
    private final Closing parts = new Closing();
    private volatile Handler behind = exchange -> Reply.of(503);
    private volatile boolean cut;

    TestGateway(String name, Path folder, Membership membership) {
        this(name, folder, membership, SECRET, config(4096), 0);
    }

    TestGateway(String name, Path folder, Membership membership, Secret secret, RaftConfig config, int port) {
        this.id = new NodeId(name);
        VertxHttpServer server = new VertxHttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                exchange -> cut ? Reply.of(503) : behind.handle(exchange),
                Settings.of(VertxServerConfig.class).bind(Map.of("grace", "0s")),
                metrics);
        server.start();
        parts.add(server);
        this.url = "http://127.0.0.1:" + server.address().getPort();
        EventLoops loops =
                parts.add(new EventLoops(Settings.of(EventLoopConfig.class).bind(Map.of("count", "1"))));
        NettyHttpClient client = parts.add(new NettyHttpClient(HttpClientConfig.defaults(), loops, metrics));
        this.log = new RaftCommandLog(
                config,
                new RaftParts(
                        new Peer(id, url),
                        folder,
                        (base, request, body) -> client.send(cut ? "http://127.0.0.1:1" : base, request, body),
                        secret,
                        state,
                        metrics),
                membership);
        this.behind = log.handler();
    }

    static RaftConfig config(int snapshotEvery) {
        RaftConfig defaults = Settings.defaults(RaftConfig.class);
        return new RaftConfig(
                Duration.ofSeconds(30), defaults.messagePatience(), 5, snapshotEvery, defaults.startPatience());
    }

    static Membership joining(TestGateway... seeds) {
        return new Membership.Joining(
                List.of(seeds).stream().map(seed -> seed.url).toList());
    }

    /// Nobody reaches it, and it reaches nobody.
    void cut(boolean isCut) {
        cut = isCut;
    }

    Applied createBucket(String name) {
        return log.submit(new Command.CreateBucket(BucketName.of(name), 1, Map.of()));
    }

    @Override
    public void close() {
        try (parts) {
            log.close();
        }
    }
}
