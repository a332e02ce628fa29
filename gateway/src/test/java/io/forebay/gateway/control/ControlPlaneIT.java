package io.forebay.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.ControlCalls;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.HeartbeatSender;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.cluster.watch.KnownGateways;
import io.forebay.cluster.watch.LeaderCalls;
import io.forebay.cluster.watch.Leadership;
import io.forebay.cluster.watch.Lease;
import io.forebay.cluster.watch.NodeProgress;
import io.forebay.cluster.watch.QuorumContact;
import io.forebay.cluster.watch.RemoteLeader;
import io.forebay.cluster.watch.SoleLeadership;
import io.forebay.cluster.watch.StateFeed;
import io.forebay.cluster.watch.StatePuller;
import io.forebay.cluster.watch.WatchConfig;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.control.JoinRequest;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.api.control.Space;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.netty.EventLoopConfig;
import io.forebay.protocol.http.netty.EventLoops;
import io.forebay.protocol.http.netty.HttpClientConfig;
import io.forebay.protocol.http.netty.NettyHttpClient;
import io.forebay.protocol.http.vertx.VertxHttpServer;
import io.forebay.protocol.http.vertx.VertxServerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A leading gateway, one that follows, and a storage node, each with its own state, over HTTP on loopback.
final class ControlPlaneIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final NodeId LEADER = new NodeId("g1");
    private static final NodeId FOLLOWER = new NodeId("g2");
    private static final NodeId NODE = new NodeId("t1");

    private final Closing closing = new Closing();
    private final Metrics metrics = new Metrics();
    private final CurrentState agreed = new CurrentState(100, 1 << 20);
    private final InMemoryCommandLog log = new InMemoryCommandLog(agreed);
    private final EventLoops loops = closing.add(new EventLoops(Settings.defaults(EventLoopConfig.class)));
    private final NettyHttpClient http = closing.add(new NettyHttpClient(HttpClientConfig.defaults(), loops, metrics));
    private final ControlCalls calls = new ControlCalls(http, new Secret("secret"), Timers.SYSTEM, 1 << 24);
    private final CurrentState nodeState = new CurrentState();
    private final Lease lease = new Lease(LONG, Ticker.SYSTEM, Timers.SYSTEM, metrics, "");
    private volatile NodeProgress progress = NodeProgress.NONE;

    @AfterEach
    void close() {
        closing.close();
    }

    @Test
    void storageNodeJoinsThroughAGatewayThatFollowsAndGetsItsLease() throws Exception {
        String follower = twoGateways();
        RemoteLeader leader = leader(new KnownGateways(nodeState, List.of(follower)));
        assertThat(leader.join(
                                new JoinRequest(
                                        NODE.value(), "STORAGE", "http://127.0.0.1:1", "http://127.0.0.1:2", "", 1, 0),
                                LONG)
                        .clusterId())
                .isEqualTo("c1");
        StatePuller puller = puller(List.of(follower));
        assertThat(nodeState.await(agreed.current().version(), LONG)).isEqualTo(agreed.current());
        HeartbeatSender sender = sender(leader, puller);
        progress = new NodeProgress(1, Rebalance.NONE, Space.NONE);
        sender.wake();
        lease.require();

        log.submit(new Command.CreateBucket(BucketName.of("bucket"), 1, Map.of()));
        log.submit(new Command.Join(
                new Node(new NodeId("t2"), Node.Role.STORAGE, "http://d:1", "http://c:1", Node.Phase.ACTIVE)));
        assertThat(nodeState
                        .await(agreed.current().version(), LONG)
                        .newestEpoch()
                        .serves())
                .isFalse();
        long before = agreed.current().version();
        progress = new NodeProgress(2, Rebalance.NONE, Space.NONE);
        sender.wake();
        assertThat(nodeState.await(before + 1, LONG).newestEpoch().serves()).isTrue();
        assertThat(leader.nodes().nodes())
                .filteredOn(status -> status.id().equals(NODE.value()))
                .singleElement()
                .satisfies(status -> {
                    assertThat(status.leaseMillis()).isPositive();
                    assertThat(status.preparedEpoch()).isEqualTo(2);
                });
        assertThat(leader.nodes().activeEpoch()).isEqualTo(2);
        assertThat(leader.nodes().settledEpoch()).isEqualTo(1);
    }

    @Test
    void refusalOfTheLeaderArrivesInItsWords() throws Exception {
        String follower = twoGateways();
        RemoteLeader leader = leader(new KnownGateways(nodeState, List.of(follower)));
        JoinRequest foreign =
                new JoinRequest("t9", "STORAGE", "http://127.0.0.1:1", "http://127.0.0.1:2", "other", 1, 0);
        assertThatThrownBy(() -> leader.join(foreign, LONG)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.IN_USE);
            assertThat(e.text()).contains("has data of cluster other");
        });
    }

    @Test
    void closingTheFeedEndsThePollsThatWait() throws Exception {
        StateFeed feed = new StateFeed(
                agreed, new QuorumContact(LONG, Ticker.SYSTEM, metrics), LONG, Ticker.SYSTEM, Timers.SYSTEM, metrics);
        feed.start();
        log.submit(new Command.Found("c1", 1));
        String url = serve(feed);
        FutureTask<@Nullable StoreException> poll = new FutureTask<>(() -> {
            try {
                calls.call(url, Method.GET, "/cluster/state?after=1&wait=30000", new byte[0], LONG.multipliedBy(2));
                return null;
            } catch (StoreException e) {
                return e;
            }
        });
        Thread.ofVirtual().start(poll);
        while (!metrics.text().contains("forebay_cluster_state_waiting 1")) {
            Thread.onSpinWait();
        }
        feed.close();
        assertThat(poll.get()).isNotNull();
    }

    /// The leader and a follower, both in the map; gives the follower's address.
    private String twoGateways() throws Exception {
        log.submit(new Command.Found("c1", 1));
        Leadership leads = new SoleLeadership(LEADER, log);
        Leadership follows = new Following();
        String leaderUrl = gateway(LEADER, leads);
        String followerUrl = gateway(FOLLOWER, follows);
        log.submit(new Command.Join(new Node(LEADER, Node.Role.GATEWAY, "http://d:1", leaderUrl, Node.Phase.ACTIVE)));
        log.submit(
                new Command.Join(new Node(FOLLOWER, Node.Role.GATEWAY, "http://d:2", followerUrl, Node.Phase.ACTIVE)));
        return followerUrl;
    }

    private String gateway(NodeId id, Leadership leadership) throws Exception {
        SupervisorConfig config = Settings.defaults(SupervisorConfig.class);
        QuorumContact contact = new QuorumContact(LONG, Ticker.SYSTEM, metrics);
        Supervisor supervisor = started(new Supervisor(
                id, config, new Supervisor.Parts(agreed, leadership, contact, Ticker.SYSTEM, Timers.SYSTEM, metrics)));
        StateFeed feed = new StateFeed(agreed, contact, Duration.ofSeconds(5), Ticker.SYSTEM, Timers.SYSTEM, metrics);
        Admission admission = new Admission(agreed, log, (gateway, url) -> false, 1, config, metrics);
        String url = serve(new LeaderDoor(id, supervisor, admission, feed, leadership, agreed));
        started(feed);
        return url;
    }

    private String serve(Handler handler) throws Exception {
        VertxHttpServer server = started(new VertxHttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                handler,
                VertxServerConfig.defaults(),
                metrics));
        return "http://127.0.0.1:" + server.address().getPort();
    }

    private RemoteLeader leader(KnownGateways gateways) {
        return new RemoteLeader(new LeaderCalls(gateways, calls), Duration.ofSeconds(5));
    }

    private StatePuller puller(List<String> gateways) {
        return started(new StatePuller(
                WatchConfig.defaults(),
                new StatePuller.Parts(
                        nodeState,
                        "",
                        new KnownGateways(nodeState, gateways),
                        calls,
                        Ticker.SYSTEM,
                        Timers.SYSTEM,
                        new Random(1),
                        metrics)));
    }

    private HeartbeatSender sender(RemoteLeader leader, StatePuller puller) {
        return started(new HeartbeatSender(
                NODE,
                WatchConfig.defaults(),
                new HeartbeatSender.Parts(
                        nodeState,
                        () -> progress,
                        leader,
                        lease,
                        new QuorumContact(LONG, Ticker.SYSTEM, metrics),
                        puller::expect,
                        Ticker.SYSTEM,
                        Timers.SYSTEM,
                        new Random(2),
                        metrics)));
    }

    private <T extends Service> T started(T service) {
        service.start();
        return closing.add(service);
    }

    /// Of a gateway that knows who leads.
    private static final class Following implements Leadership {
        @Override
        public boolean isLeader() {
            return false;
        }

        @Override
        public @Nullable NodeId leader() {
            return LEADER;
        }

        @Override
        public long confirm() {
            throw new StoreException(ErrorCode.NOT_LEADER, "g1 leads");
        }

        @Override
        public Applied submit(long term, Command command) {
            throw new StoreException(ErrorCode.NOT_LEADER, "g1 leads");
        }
    }
}
