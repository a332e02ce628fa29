package io.forebay.system.owners;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Epoch;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.gateway.control.Supervision;
import io.forebay.gateway.control.SupervisorConfig;
import io.forebay.protocol.api.control.Heartbeat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Storage nodes of one process under a leader that decides as `Supervision` does, by a clock which the test moves. One
/// thread steers it; the state and the losses can be read by all.
final class OwnersCluster implements AutoCloseable {
    private static final SupervisorConfig SUPERVISOR =
            new SupervisorConfig(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(200));
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long CREATED_MILLIS = 1_700_000_000_000L;

    final Wire wire;
    private final Path folder;
    private final Map<String, String> settings;
    private final Random random;
    private final Consumer<String> notes;
    private final AtomicLong skew = new AtomicLong();
    private final Ticker clock = () -> System.nanoTime() + skew.get();
    private final Map<NodeId, OwnersNode> nodes = new TreeMap<>();
    private Supervision supervision = new Supervision(SUPERVISOR);
    private long term = 1;
    private int leaderless;
    private int joined;
    private volatile ClusterState state = ClusterState.EMPTY;
    private final AtomicInteger losses = new AtomicInteger();

    OwnersCluster(Path folder, Map<String, String> settings, long seed, Consumer<String> notes) {
        this.folder = folder;
        this.settings = settings;
        this.random = new Random(seed);
        this.wire = new Wire(seed + 1);
        this.notes = notes;
        apply(new Command.Found("cluster1", CREATED_MILLIS));
    }

    ClusterState state() {
        return state;
    }

    /// How often nodes were given up for a while or for ever: what was nowhere else may be lost.
    int losses() {
        return losses.get();
    }

    List<OwnersNode> nodes() {
        return List.copyOf(nodes.values());
    }

    @Nullable
    OwnersNode node(NodeId id) {
        return nodes.get(id);
    }

    /// A further node joins.
    void add() {
        joined++;
        NodeId id = new NodeId("n" + joined);
        OwnersNode node = new OwnersNode(id, folder, settings, wire, clock, notes);
        if (apply(new Command.Join(new Node(id, Node.Role.STORAGE, "http://" + id + ":1", "", Node.Phase.ACTIVE)))) {
            nodes.put(id, node);
            node.start(state);
        }
    }

    void createBucket(String name, int copies, String durability) {
        apply(new Command.CreateBucket(
                BucketName.of(name),
                CREATED_MILLIS,
                Map.of(Bucket.COPIES, Integer.toString(copies), Bucket.DURABILITY, durability)));
    }

    /// False when it is refused.
    boolean apply(Command command) {
        Applied applied = state.apply(command);
        boolean changed = applied instanceof Applied.Changed;
        state = applied.state();
        notes.accept((changed ? "" : "refused: ") + command + " -> " + epochs());
        return changed;
    }

    /// The state's epochs in short.
    String epochs() {
        List<String> texts = new ArrayList<>();
        for (Epoch epoch : state.epochs()) {
            texts.add(epoch.number() + epoch.phase().name().substring(0, 1) + epoch.owners());
        }
        return "v" + state.version() + " " + texts;
    }

    void restart(OwnersNode node) {
        notes.accept("start " + node.id());
        node.start(state);
    }

    void kill(OwnersNode node) {
        notes.accept("kill " + node.id());
        node.stop();
    }

    /// The node's disk is lost with it; an operator takes it out of the map.
    void lose(OwnersNode node) {
        notes.accept("lose " + node.id());
        losses.incrementAndGet();
        node.stop();
        node.wipe();
        losses.incrementAndGet();
        apply(new Command.Leave(node.id()));
        nodes.remove(node.id());
    }

    /// Another gateway leads after so many ticks.
    void changeLeader(int ticks) {
        notes.accept("the leader changes");
        term++;
        leaderless = ticks;
        supervision = new Supervision(SUPERVISOR);
    }

    /// Lets a tenth of a second of the leases' clock pass, and a little real time for the work of the nodes.
    ///
    /// @param loss of so many heartbeats and states in a hundred
    void tick(int loss) {
        skew.addAndGet(TICK_NANOS);
        if (leaderless > 0) {
            leaderless--;
        } else {
            long now = clock.nanos();
            supervision.proven(term, now, now);
            nodes.values().forEach(node -> beat(node, loss));
            decide();
        }
        for (OwnersNode node : nodes.values()) {
            if (random.nextInt(100) >= loss && !wire.isPaused(node.id())) {
                node.learn(state);
            }
        }
        removeLeft();
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private void beat(OwnersNode node, int loss) {
        Heartbeat heartbeat = node.heartbeat();
        if (heartbeat == null || wire.isPaused(node.id()) || random.nextInt(100) < loss) {
            return;
        }
        long sent = clock.nanos();
        try {
            Supervision.Reported reported = supervision.report(heartbeat, state, sent);
            if (reported.leaseNanos() > 0 && random.nextInt(100) >= loss) {
                node.renew(sent + reported.leaseNanos());
            }
        } catch (StoreException e) {
            notes.accept("no heartbeat of " + node.id() + ": " + e.text());
        }
    }

    private void decide() {
        List<Command> commands = supervision.decide(state, clock.nanos());
        for (Command command : commands) {
            if (command instanceof Command.SetPhase(NodeId id, Node.Phase phase) && phase == Node.Phase.OFFLINE) {
                losses.incrementAndGet();
            }
            if (!apply(command)) {
                supervision.refused(command, clock.nanos());
            }
        }
    }

    /// Ends the nodes that the leader took out of the map: they have given everything away.
    private void removeLeft() {
        for (OwnersNode node : nodes()) {
            if (state.node(node.id()) == null) {
                notes.accept(node.id() + " has left");
                node.stop();
                node.wipe();
                nodes.remove(node.id());
            }
        }
    }

    @Override
    public void close() {
        for (OwnersNode node : nodes.values()) {
            wire.resume(node.id());
        }
        nodes.values().forEach(OwnersNode::stop);
    }
}
