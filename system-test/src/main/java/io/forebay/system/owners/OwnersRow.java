package io.forebay.system.owners;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One seed's row of rounds: in each, something becomes of nodes, links and owners while clients are at work. After
/// some, and at the end, nothing is in the way any more: then the owners have to settle, every key has to be there with
/// all its holders and nobody else, and what the clients saw must have been possible.
public final class OwnersRow {
    private static final Map<String, String> SETTINGS = Map.of(
            "rebalance.silence", "10s",
            "store.index.memory", "10MiB",
            "store.index.hot-share", "10%",
            "peer.inline", "8KiB",
            "peer.adopt", "64KiB",
            "rebalance.parallel", "2",
            "rebalance.retry", "10ms",
            "rebalance.page", "3",
            "state-patience", "120ms");
    private static final int CLIENTS = 3;
    private static final int MAX_NODES = 5;
    private static final int MAX_CHANGES = 18;
    private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final int SHOWN = 400;

    private final long seed;
    private final Random random;
    private final long started = System.nanoTime();
    private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
    private final OwnersCluster cluster;
    private final OwnersWork work;
    private final VersionWork versions;
    private final List<String> buckets = List.of("b", "c");
    private final List<ClusterState> known = new ArrayList<>();
    private final Set<OwnersNode> resting = new HashSet<>();
    private int changes;
    private int operations;

    /// @param folder empty; for the nodes' disks
    public OwnersRow(long seed, Path folder) {
        this.seed = seed;
        this.random = new Random(seed);
        this.cluster = new OwnersCluster(folder, SETTINGS, seed * 31, this::note);
        this.work = new OwnersWork(cluster, buckets, seed, this::note);
        this.versions = new VersionWork(cluster, this::note);
    }

    /// Returns how many operations clients asked for. Throws AssertionError with what was wrong, and what happened
    /// before.
    public int run() {
        try (cluster) {
            open();
            int rounds = 4 + random.nextInt(8);
            for (int round = 0; round < rounds; round++) {
                round(round);
                if (random.nextInt(4) == 0) {
                    calm();
                }
            }
            calm();
            moveOn();
            calm();
            check();
            return operations;
        } catch (RuntimeException e) {
            throw failure("it failed: " + e, e);
        }
    }

    private void open() {
        int nodes = 3 + random.nextInt(3);
        for (int number = 0; number < nodes; number++) {
            cluster.add();
        }
        for (String bucket : buckets) {
            cluster.createBucket(bucket, 1 + random.nextInt(3), random.nextInt(4) == 0 ? "group" : "none");
        }
        cluster.createBucket(VersionWork.BUCKET, 2 + (int) Math.floorMod(seed, 2L), "none");
        cluster.apply(new Command.SetBucketProperties(
                BucketName.of(VersionWork.BUCKET), Map.of(Bucket.VERSIONING, "Enabled")));
        settle("at first");
    }

    private void round(int round) {
        cluster.wire.weather(random.nextInt(3) == 0 ? 0 : random.nextInt(40));
        int loss = random.nextInt(3) == 0 ? random.nextInt(60) : 0;
        known.add(cluster.state());
        if (known.size() > 3) {
            known.removeFirst();
        }
        List<ClusterState> states = List.copyOf(known);
        List<Thread> clients = new ArrayList<>();
        int steps = 4 + random.nextInt(8);
        for (int number = 0; number < CLIENTS; number++) {
            OwnersWork.Client client = work.new Client("c" + number, states, seed * 1_000_003 + round * 101L + number);
            VersionWork.Client ofVersions = versions.new Client(states, seed * 1_000_033 + round * 103L + number);
            clients.add(Thread.ofVirtual().start(() -> {
                for (int step = 0; step < steps; step++) {
                    client.step();
                    ofVersions.step();
                }
            }));
            operations += 2 * steps;
        }
        int events = random.nextInt(4);
        int ticks = 0;
        while (clients.stream().anyMatch(Thread::isAlive) || ticks < 6) {
            if (events > 0 && random.nextInt(3) == 0) {
                events--;
                event();
            }
            cluster.tick(loss);
            ticks++;
            if (ticks % 40 == 39) {
                cluster.nodes().forEach(node -> cluster.wire.resume(node.id()));
            }
        }
        clients.forEach(Wire::join);
        requireNoFaults();
    }

    private void requireNoFaults() {
        Stream.concat(work.faults().stream(), versions.faults().stream())
                .findFirst()
                .ifPresent(fault -> {
                    throw failure(fault, null);
                });
    }

    /// Something becomes of the cluster.
    private void event() {
        List<OwnersNode> up = cluster.nodes().stream().filter(OwnersNode::isUp).toList();
        OwnersNode some = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
        switch (random.nextInt(14)) {
            case 0, 1 -> {
                if (cluster.nodes().size() < MAX_NODES && mayChange()) {
                    cluster.add();
                }
            }
            case 2, 3 -> {
                if (some.isUp() && up.size() > 1) {
                    cluster.kill(some);
                    if (random.nextBoolean()) {
                        cluster.restart(some);
                    }
                } else if (!some.isUp()) {
                    cluster.restart(some);
                }
            }
            case 4 -> {
                note("pause " + some.id());
                cluster.wire.pause(some.id());
            }
            case 5 -> cluster.nodes().forEach(node -> cluster.wire.resume(node.id()));
            case 6 -> {
                OwnersNode other =
                        cluster.nodes().get(random.nextInt(cluster.nodes().size()));
                note("cut " + some.id() + " -> " + other.id());
                cluster.wire.cut(some.id(), other.id());
            }
            case 7 -> {
                note("heal");
                cluster.wire.heal();
            }
            case 8 -> cluster.changeLeader(random.nextInt(15));
            case 9 -> note("late: " + cluster.wire.deliverLate());
            case 10 -> {
                if (mayChange()) {
                    int copies = 1 + random.nextInt(3);
                    cluster.apply(new Command.SetBucketProperties(
                            BucketName.of(buckets.get(random.nextInt(buckets.size()))),
                            Map.of(Bucket.COPIES, Integer.toString(copies))));
                }
            }
            case 11 -> {
                if (mayChange() && cluster.state().owners().size() > 1) {
                    Node.Phase phase = random.nextBoolean() ? Node.Phase.DECOMMISSIONED : Node.Phase.MAINTENANCE;
                    cluster.apply(new Command.SetPhase(some.id(), phase));
                    resting.add(some);
                }
            }
            case 12 -> wake();
            default -> {
                if (mayLose(up) && mayChange()) {
                    cluster.lose(some);
                }
            }
        }
    }

    private boolean mayChange() {
        return changes++ < MAX_CHANGES;
    }

    /// Whether everything that a node has is elsewhere too.
    private boolean mayLose(List<OwnersNode> up) {
        return cluster.state().isSettled()
                && up.size() == cluster.nodes().size()
                && up.size() > 2
                && cluster.state().nodes().values().stream().allMatch(Node::owns)
                && cluster.state().buckets().values().stream().allMatch(bucket -> bucket.established() > 1);
    }

    /// Nodes that were taken out for a while own again.
    private void wake() {
        for (OwnersNode node : resting) {
            Node there = cluster.state().node(node.id());
            if (there != null && there.phase() == Node.Phase.MAINTENANCE) {
                cluster.apply(new Command.SetPhase(node.id(), Node.Phase.ACTIVE));
            }
        }
        resting.clear();
    }

    /// Lets everything go well, waits until the owners are settled, and looks at what there is.
    private void calm() {
        note("calm");
        cluster.wire.weather(0);
        cluster.wire.heal();
        wake();
        for (OwnersNode node : cluster.nodes()) {
            cluster.wire.resume(node.id());
            if (!node.isUp()) {
                cluster.restart(node);
            }
        }
        settle("after all was well again");
        note("late: " + cluster.wire.deliverLate());
        OwnersWork.Client reader = work.new Client("reader", List.of(cluster.state()), seed);
        for (KeyLog log : work.keys()) {
            long deadline = System.nanoTime() + SETTLING_NANOS;
            while (!reader.get(log)) {
                if (System.nanoTime() > deadline) {
                    throw failure(log.key() + " is not served", null);
                }
                cluster.tick(0);
            }
        }
        VersionWork.Client ofVersions = versions.new Client(List.of(cluster.state()), seed);
        long deadline = System.nanoTime() + SETTLING_NANOS;
        while (!ofVersions.check()) {
            requireNoFaults();
            if (System.nanoTime() > deadline) {
                throw failure("versions are not served", null);
            }
            cluster.tick(0);
        }
        check();
        holdings();
    }

    private void settle(String when) {
        long deadline = System.nanoTime() + SETTLING_NANOS;
        while (!isQuiet()) {
            cluster.tick(0);
            if (System.nanoTime() > deadline) {
                throw failure("the owners do not settle " + when + ": " + cluster.epochs(), null);
            }
        }
    }

    private boolean isQuiet() {
        ClusterState state = cluster.state();
        return state.isSettled()
                && state.nodes().values().stream().allMatch(Node::owns)
                && cluster.nodes().stream().allMatch(node -> node.stateVersion() == state.version() && node.isClean());
    }

    /// One more change of owners: what is left over of former ones must not show.
    private void moveOn() {
        if (cluster.nodes().size() > 1) {
            OwnersNode node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
            List<OwnersNode> up = cluster.nodes();
            if (mayLose(up)) {
                cluster.lose(node);
            } else {
                cluster.apply(new Command.SetPhase(node.id(), Node.Phase.DECOMMISSIONED));
            }
        }
        cluster.add();
    }

    private void check() {
        for (KeyLog log : work.keys()) {
            String fault = log.fault();
            if (fault != null) {
                throw failure(fault, null);
            }
        }
        requireNoFaults();
    }

    /// Every holder of a key has what its primary has, or a change of it that was never acknowledged; nobody else has
    /// anything.
    private void holdings() {
        Placements placements = Placements.of(cluster.state());
        for (KeyLog log : work.keys()) {
            ObjectKey key = log.key();
            Bucket bucket = Objects.requireNonNull(cluster.state().bucket(key.bucket()));
            List<NodeId> holders =
                    placements.holders(key, bucket).stream().map(Node::id).toList();
            long epoch = placements.serving().number();
            OwnersNode primary = Objects.requireNonNull(cluster.node(holders.getFirst()));
            OwnersNode.Held served = primary.held(key, epoch);
            for (OwnersNode node : cluster.nodes()) {
                OwnersNode.Held has = node.held(key, epoch);
                boolean holds = holders.contains(node.id());
                if (holds && served.isObject() && has.isOlderThan(served)) {
                    throw failure(
                            node.id() + " has " + has + " of " + key + " and " + primary.id() + " " + served, null);
                }
                if (!holds && has.isObject()) {
                    throw failure(node.id() + " has " + has + " of " + key + ", which " + holders + " hold", null);
                }
            }
        }
    }

    private synchronized void note(String text) {
        notes.add("%9.1f %s".formatted((System.nanoTime() - started) / 1e6, text));
    }

    private AssertionError failure(String what, @Nullable Throwable cause) {
        List<String> all = List.copyOf(notes);
        Stream<String> last = all.stream().skip(Math.max(0, all.size() - SHOWN));
        return new AssertionError(
                "seed " + seed + ": " + what + "\nwhat happened (ms):\n" + String.join("\n", last.toList()), cause);
    }
}
