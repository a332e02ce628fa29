package io.forebay.storage.peer;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.process.RunningProcess;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Epoch;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.Lease;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Settings;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.seal.MasterKeys;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.NodeFixture;
import io.forebay.storage.StorageNode;
import io.forebay.storage.StorageNodeConfig;
import io.forebay.storage.StorageNodeEnvironment;
import io.forebay.storage.http.NetworkDoor;
import io.forebay.storage.object.VolumeFolders;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Several real storage nodes in one process, with states and leases that a test gives them by hand.
final class ClusterFixture implements AutoCloseable {
    static final String BUCKET = "b";
    private static final Duration LONG = Duration.ofDays(1);

    final Links links = new Links();
    final Metrics metrics = new Metrics();
    private final Path folder;
    private final Map<String, String> settings;
    private final Map<NodeId, Member> members = new TreeMap<>();
    private ClusterState state = ClusterState.EMPTY;

    ClusterFixture(Path folder, Map<String, String> more) {
        this.folder = folder;
        this.settings = new HashMap<>(Map.of(
                "store.index.memory", "10MiB",
                "store.index.hot-share", "10%",
                "store.compaction.garbage", "90%",
                "rebalance.parallel", "0",
                "state-patience", "400ms"));
        this.settings.remove("store.compaction.garbage");
        this.settings.putAll(more);
        apply(new Command.Found("cluster1", 1_700_000_000_000L));
    }

    /// One node, with what it knows of the world.
    final class Member {
        final NodeId id;
        final CurrentState watch = new CurrentState();
        final AtomicLong skew = new AtomicLong();
        private final Ticker clock = () -> System.nanoTime() + skew.get();
        Lease lease = newLease();
        private @Nullable StorageNode node;
        private boolean informed = true;

        private Member(NodeId id) {
            this.id = id;
        }

        StorageNode node() {
            return Objects.requireNonNull(node, id + " is down");
        }

        boolean isUp() {
            return node != null;
        }

        /// Gives it a lease for a day.
        void renew() {
            lease.renew(clock.nanos() + LONG.toNanos());
        }

        /// Lets its lease end.
        void expire() {
            skew.addAndGet(2 * LONG.toNanos());
        }

        private Lease newLease() {
            return new Lease(Duration.ofMillis(20), clock, Timers.SYSTEM, metrics, "node=\"" + id + "\"");
        }

        void start() {
            watch.publish(state);
            lease = newLease();
            StorageNode fresh = new StorageNode(
                    Settings.of(StorageNodeConfig.class).bind(settings),
                    new StorageNodeEnvironment(
                            id,
                            new VolumeFolders(folder.resolve(id + ".volumes"), List.of(folder.resolve(id.value()))),
                            watch,
                            lease,
                            links.from(id),
                            new Secret(NodeFixture.SECRET),
                            MasterKeys.of(NodeFixture.SECRET),
                            NetworkDoor.Access.OPEN,
                            metrics,
                            InstantSource.system(),
                            Ticker.SYSTEM,
                            "0.1.0",
                            RunningProcess.none()));
            fresh.start();
            node = fresh;
            links.connect(id, fresh.handler());
        }

        void stop() {
            links.disconnect(id);
            node().close();
            node = null;
        }
    }

    /// A cluster of nodes `n1`, `n2`, … in which everything is settled, with the bucket `b` of that many
    /// copies.
    static ClusterFixture of(Path folder, int nodes, int copies, Map<String, String> settings) {
        ClusterFixture cluster = new ClusterFixture(folder, settings);
        for (int number = 1; number <= nodes; number++) {
            cluster.add("n" + number);
        }
        cluster.submit(new Command.CreateBucket(
                BucketName.of(BUCKET), 1_700_000_000_000L, Map.of(Bucket.COPIES, Integer.toString(copies))));
        cluster.settleByForce();
        cluster.members.values().forEach(Member::renew);
        return cluster;
    }

    /// Has the bucket's objects encrypted from now on.
    void encrypt() {
        submit(new Command.SetBucketProperties(BucketName.of(BUCKET), Map.of(Bucket.ENCRYPTION, "AES256")));
    }

    ClusterState state() {
        return state;
    }

    Bucket bucket() {
        return Objects.requireNonNull(state.bucket(BucketName.of(BUCKET)));
    }

    Member member(String id) {
        return Objects.requireNonNull(members.get(new NodeId(id)), id);
    }

    Member member(NodeId id) {
        return Objects.requireNonNull(members.get(id), id.value());
    }

    List<Member> members() {
        return List.copyOf(members.values());
    }

    /// Starts a further node, which joins.
    Member add(String id) {
        NodeId name = new NodeId(id);
        Member member = new Member(name);
        members.put(name, member);
        apply(join(id));
        member.start();
        deliver();
        return member;
    }

    /// Applies a command, and tells every node that is up and not kept in the dark.
    void submit(Command command) {
        apply(command);
        deliver();
    }

    /// Keeps a node from learning of new states, or lets it learn again.
    void inform(Member member, boolean informed) {
        member.informed = informed;
        deliver();
    }

    void deliver() {
        for (Member member : members.values()) {
            if (member.isUp() && member.informed) {
                member.watch.publish(state);
            }
        }
    }

    /// Waits until the nodes have prepared the newest epoch.
    void awaitPrepared(Member... nodes) {
        long newest = state.newestEpoch().number();
        for (Member member : nodes) {
            while (member.node().fence().preparedEpoch() < newest) {
                Thread.onSpinWait();
            }
        }
    }

    /// Activates the newest epoch as the leader does: when every node that is up and informed has prepared
    /// it; the others have no lease by then. Gives leases to the new owners.
    void activate() {
        for (Member member : members.values()) {
            if (!member.isUp() || !member.informed) {
                member.expire();
            } else {
                awaitPrepared(member);
            }
        }
        if (state.newestEpoch().phase() == Epoch.Phase.PENDING) {
            submit(new Command.Activate(state.newestEpoch().number()));
        }
        for (Member member : members.values()) {
            if (member.isUp() && member.informed) {
                awaitPrepared(member);
                member.renew();
            }
        }
    }

    /// Says that all is settled, of a cluster without objects.
    void settleByForce() {
        if (!state.newestEpoch().serves()) {
            activate();
        }
        if (!state.isSettled()) {
            submit(new Command.Settle(state.newestEpoch().number()));
        }
    }

    ObjectKey key(String name) {
        return new ObjectKey(BucketName.of(BUCKET), name);
    }

    /// The node that serves a key.
    Member primary(String name) {
        return member(Placements.of(state).primary(key(name)).id());
    }

    /// A name that one node serves now, and another one will when it has joined.
    String nameThatWillMove(String from, String to) {
        return nameThatMoves(Placements.of(state.apply(join(to)).state()), from, to);
    }

    private static Command join(String id) {
        return new Command.Join(
                new Node(new NodeId(id), Node.Role.STORAGE, "http://" + id + ":1", "", Node.Phase.ACTIVE));
    }

    /// A name that one node serves now, and another one will under the newest epoch.
    String nameThatMoves(String from, String to) {
        return nameThatMoves(Placements.of(state), from, to);
    }

    private String nameThatMoves(Placements placements, String from, String to) {
        for (int index = 0; ; index++) {
            String name = "name" + index;
            if (placements.primary(key(name)).id().value().equals(from)
                    && placements
                            .newestHolders(key(name), bucket())
                            .getFirst()
                            .id()
                            .value()
                            .equals(to)) {
                return name;
            }
        }
    }

    /// Sends a request to a node, as a gateway does that has this state.
    Reply send(Member member, Method method, String name, Headers headers, Body body) {
        return send(member, method, "/v1/objects/" + BUCKET + "/" + name, headers, body, "direct");
    }

    private Reply send(Member member, Method method, String target, Headers headers, Body body, String id) {
        headers.set("Forebay-State-Version", Long.toString(member.informed ? state.version() : 0));
        Request request = new Request(method, target, headers);
        DirectExchange exchange = DirectExchange.of(request, body);
        return member.node()
                .handler()
                .handle(new DirectExchange(exchange.request(), exchange.body(), true, exchange.remote(), false, id));
    }

    /// Sends a request as a client does that a gateway has redirected.
    Reply redirected(Member member, Method method, String name, Body body) {
        String target = "/v1/objects/" + BUCKET + "/" + name + "?pid=gateway1&utm=abc";
        return member.node().handler().handle(DirectExchange.of(new Request(method, target, new Headers()), body));
    }

    Reply put(Member member, String name, String content) {
        return send(member, Method.PUT, name, new Headers(), MemoryBody.of(NodeFixture.bytes(content)));
    }

    Reply get(Member member, String name) {
        return send(member, Method.GET, name, new Headers(), Body.empty());
    }

    Reply delete(Member member, String name) {
        return send(member, Method.DELETE, name, new Headers(), Body.empty());
    }

    /// The status of a reply, and its text behind a blank.
    static String told(Reply reply) {
        return reply.status() + " " + NodeFixture.text(reply);
    }

    /// What all nodes together count of something.
    long count(String metric) {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith(metric + "{"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    private void apply(Command command) {
        Applied applied = state.apply(command);
        if (applied instanceof Applied.Refused refused) {
            throw new AssertionError(command + ": " + refused.message());
        }
        state = applied.state();
    }

    @Override
    public void close() {
        List<RuntimeException> failures = new ArrayList<>();
        for (Member member : members.values()) {
            if (member.isUp()) {
                try {
                    member.stop();
                } catch (RuntimeException e) {
                    failures.add(e);
                }
            }
        }
        failures.forEach(failure -> {
            throw failure;
        });
    }
}
