package io.forebay.system.simulation;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One seed's cluster: changes of its map and faults while clients write and read, then peace.
///
/// At every moment that is looked at: no two nodes serve a key, and whoever serves it is its primary under the newest
/// epoch that serves. Every answer is one that the acknowledged operations allow. In peace the owners settle in
/// bounded time, every holder has what it is to have and nobody anything else, and one more node's join moves what it
/// is to hold and nothing else.
public final class Simulation {
    private static final long SECOND = 1_000_000_000L;
    private static final long MAX_STATE_DELAY = 300_000_000L;
    private static final long PEACE_NANOS = 900 * SECOND;
    private static final int SHOWN = 120;
    private static final int SHOWN_NODES = 10;

    private final long seed;
    private final Size size;
    private final Random random;
    private final VirtualTime time = new VirtualTime();
    private final ArrayDeque<String> notes = new ArrayDeque<>();
    private final Map<NodeId, SimNode> nodes = new TreeMap<>();
    private final List<ObjectKey> keys = new ArrayList<>();
    private final List<Register> registers = new ArrayList<>();
    private final SimControl control;
    private final SimData data;
    private final Set<NodeId> resting = new HashSet<>();
    private int heartbeatLoss;
    private int joined;
    private int numbers;
    private int operations;

    /// How large a simulation is.
    ///
    /// @param nodes at first
    /// @param maxNodes that there are ever at a time
    /// @param changes of the map, faults included
    public record Size(int nodes, int maxNodes, int keys, int copies, int changes) {
        /// Most often small; of a thousand seeds a few have a thousand nodes.
        public static Size of(Random random) {
            int kind = random.nextInt(1000);
            if (kind < 3) {
                return new Size(900, 1000, 60, 1 + random.nextInt(3), 100);
            }
            if (kind < 30) {
                return new Size(60 + random.nextInt(100), 200, 60, 1 + random.nextInt(3), 40);
            }
            int nodes = 1 + random.nextInt(8);
            return new Size(nodes, nodes + 4, 10 + random.nextInt(30), 1 + random.nextInt(3), 5 + random.nextInt(30));
        }
    }

    /// What a simulation came to.
    ///
    /// @param moved values that the last join moved
    public record Result(Size size, int operations, int settled, int moved, long virtualSeconds) {}

    public Simulation(long seed) {
        this(seed, Size.of(new Random(seed ^ 0x5DEECE66DL)));
    }

    public Simulation(long seed, Size size) {
        this.seed = seed;
        this.size = size;
        this.random = new Random(seed);
        for (int key = 0; key < size.keys(); key++) {
            keys.add(new ObjectKey(Places.BUCKET, "key" + key));
            registers.add(new Register());
        }
        this.data = new SimData(time, random, nodes);
        this.control = new SimControl(time, random, keys, this::note, this::changed);
    }

    /// Throws AssertionError with what went wrong and what happened before.
    public Result run() {
        found();
        long spacing = (1 + random.nextInt(20)) * SECOND;
        for (int change = 0; change < size.changes(); change++) {
            live(random.nextLong(spacing));
            change();
        }
        live(spacing);
        peace();
        int moved = join();
        return new Result(size, operations, control.settled(), moved, time.now() / SECOND);
    }

    private void found() {
        apply(new Command.Found("cluster1", 0));
        for (int number = 0; number < size.nodes(); number++) {
            add();
        }
        apply(new Command.CreateBucket(Places.BUCKET, 0, Map.of(Bucket.COPIES, Integer.toString(size.copies()))));
        control.start();
        nodes.values().forEach(this::learn);
        await("is settled at first", this::isCalm);
    }

    private void apply(Command command) {
        if (!control.apply(command)) {
            throw failure(command + " is refused at the begin");
        }
    }

    private void add() {
        joined++;
        NodeId id = new NodeId("n" + joined);
        Command join = new Command.Join(new Node(id, Node.Role.STORAGE, "http://" + id + ":1", "", Node.Phase.ACTIVE));
        if (control.apply(join)) {
            double rate = 0.99 + random.nextDouble() / 50;
            SimNode node = new SimNode(id, rate, control.places());
            nodes.put(id, node);
            start(node);
        }
    }

    private void start(SimNode node) {
        node.start(control.places());
        note("start " + node.id);
        int boot = node.boot;
        prepareSoon(node);
        time.after(random.nextLong(SECOND), () -> beat(node, boot));
        time.after(random.nextLong(SECOND), () -> work(node, boot));
    }

    /// Heartbeats go on for as long as this run of the node does.
    private void beat(SimNode node, int boot) {
        if (!node.up || node.boot != boot) {
            return;
        }
        double sent = node.clock(time.now());
        if (random.nextInt(100) >= heartbeatLoss) {
            control.beat(node, lease -> {
                if (node.up && node.boot == boot && lease > 0) {
                    node.renew(sent, lease);
                }
                learn(node);
            });
        }
        time.after(SECOND, () -> beat(node, boot));
    }

    /// A node hears of the newest state after a while.
    private void learn(SimNode node) {
        int boot = node.boot;
        time.after(random.nextLong(MAX_STATE_DELAY), () -> {
            Places newest = control.places();
            if (node.up
                    && node.boot == boot
                    && newest.state().version() > node.known.state().version()) {
                node.known = newest;
                prepareSoon(node);
                check(3);
            }
        });
    }

    private void prepareSoon(SimNode node) {
        int boot = node.boot;
        time.after(random.nextLong(MAX_STATE_DELAY), () -> {
            if (node.up && node.boot == boot && isFounded(node)) {
                data.clean(node);
                node.prepared = node.known.placements().newest().number();
                check(3);
            }
        });
    }

    private static boolean isFounded(SimNode node) {
        return node.known.state().bucket(Places.BUCKET) != null;
    }

    /// A node gathers, again and again, for as long as there is something to gather.
    private void work(SimNode node, int boot) {
        if (!node.up || node.boot != boot) {
            return;
        }
        if (isFounded(node)) {
            data.clean(node);
            Placements placements = node.known.placements();
            boolean gathers = !placements.areSettled()
                    && placements.newest().serves()
                    && placements.newest().owners().contains(node.id)
                    && node.prepared >= placements.newest().number()
                    && node.hasLease(time.now())
                    && !(node.progress.done()
                            && node.progress.epoch() == placements.newest().number());
            if (gathers) {
                data.gather(node);
            }
        }
        time.after(SECOND + random.nextLong(SECOND), () -> work(node, boot));
    }

    /// Lets that much time pass with clients at work.
    private void live(long nanos) {
        int count = random.nextInt(12);
        for (int number = 0; number < count; number++) {
            time.after(random.nextLong(nanos + 1), this::operate);
        }
        time.run(time.now() + nanos);
        check(5);
    }

    private void operate() {
        int key = random.nextInt(keys.size());
        SimNode node = server(key);
        if (node == null) {
            return;
        }
        operations++;
        Register register = registers.get(key);
        switch (random.nextInt(5)) {
            case 0, 1 -> write(node, key, ++numbers);
            case 2 -> write(node, key, Register.ABSENT);
            default -> {
                try {
                    tell(key, data.read(node, key));
                } catch (SimData.Unavailable e) {
                    note("read of " + key + ": " + e.getMessage() + "; " + register);
                }
            }
        }
        check(2);
    }

    private void write(SimNode node, int key, int number) {
        try {
            if (data.change(node, key, number)) {
                registers.get(key).done(number);
            } else {
                tell(key, Register.ABSENT);
            }
            note("wrote " + number + " to " + key + " at " + node.id);
        } catch (SimData.Unavailable e) {
            note("write of " + number + " to " + key + " at " + node.id + ": " + e.getMessage());
            registers.get(key).inDoubt(number);
        }
    }

    private void tell(int key, int number) {
        if (!registers.get(key).mayBe(number)) {
            throw failure("key " + key + " is read as " + number + ", and may be " + registers.get(key));
        }
    }

    /// The node that answers for a key now, or null.
    private @Nullable SimNode server(int key) {
        SimNode found = null;
        for (SimNode node : nodes.values()) {
            if (node.up && isFounded(node) && node.serves(key, time.now())) {
                if (found != null) {
                    throw failure(found.id + " and " + node.id + " both serve key " + key);
                }
                found = node;
            }
        }
        if (found != null && !control.places().place(key).isPrimary(found.id)) {
            throw failure(found.id + " serves key " + key + " under an epoch that is over: its primary is "
                    + control.places().place(key).holders());
        }
        return found;
    }

    /// Looks at who serves some of the keys.
    private void check(int count) {
        int looked = nodes.size() > 100 ? 1 : count;
        for (int number = 0; number < looked; number++) {
            server(random.nextInt(keys.size()));
        }
    }

    /// Nodes hear of it; those that have left end.
    private void changed(Command command) {
        nodes.values().forEach(this::learn);
        if (command instanceof Command.Leave(NodeId id)) {
            SimNode node = nodes.remove(id);
            if (node != null) {
                node.stop();
            }
        }
    }

    private void change() {
        List<SimNode> all = List.copyOf(nodes.values());
        SimNode some = all.get(random.nextInt(all.size()));
        switch (random.nextInt(15)) {
            case 0, 1, 2 -> {
                if (nodes.size() < size.maxNodes()) {
                    add();
                }
            }
            case 3, 4 -> {
                if (some.up) {
                    note("kill " + some.id);
                    some.stop();
                } else {
                    start(some);
                }
            }
            case 5 -> all.stream().filter(node -> !node.up).forEach(this::start);
            case 6 -> rest(some, Node.Phase.DECOMMISSIONED);
            case 7 -> rest(some, Node.Phase.MAINTENANCE);
            case 8 -> wake();
            case 9 -> control.loseLeader();
            case 10 -> heartbeatLoss = random.nextInt(2) * random.nextInt(95);
            case 11 -> data.trouble(random.nextInt(2) * random.nextInt(50));
            case 12 -> data.cut(some.id, all.get(random.nextInt(all.size())).id);
            case 13 ->
                control.apply(new Command.SetBucketProperties(
                        Places.BUCKET, Map.of(Bucket.COPIES, Integer.toString(1 + random.nextInt(3)))));
            default -> lose(all);
        }
    }

    private void rest(SimNode node, Node.Phase phase) {
        if (control.state().owners().size() > 1 && control.apply(new Command.SetPhase(node.id, phase))) {
            resting.add(node.id);
        }
    }

    /// Ends the nodes' rest; those that are refused stay for the next time.
    private void wake() {
        resting.removeIf(id -> {
            Node there = control.state().node(id);
            boolean rests = there != null && there.phase() == Node.Phase.MAINTENANCE;
            return !rests || control.apply(new Command.SetPhase(id, Node.Phase.ACTIVE));
        });
    }

    /// As many nodes as there may be lose their disks, where every object is settled on all its holders.
    private void lose(List<SimNode> all) {
        int copies = control.places().bucket().established();
        boolean whole = control.state().isSettled()
                && all.stream().allMatch(node -> node.up)
                && control.state().nodes().values().stream().allMatch(Node::owns);
        int count = Math.min(copies, all.size()) - 1;
        if (!whole || count == 0) {
            return;
        }
        List<SimNode> lost = new ArrayList<>(all);
        Collections.shuffle(lost, random);
        for (SimNode node : lost.subList(0, 1 + random.nextInt(count))) {
            note("lose " + node.id);
            node.stop();
            node.held.clear();
            control.apply(new Command.Leave(node.id));
        }
    }

    /// Everything is well from now on: all has to come right.
    private void peace() {
        note("peace");
        heartbeatLoss = 0;
        data.heal();
        control.heal();
        wake();
        List.copyOf(nodes.values()).stream().filter(node -> !node.up).forEach(this::start);
        await("settles", () -> {
            wake();
            return isCalm();
        });
        readAll();
        checkHoldings();
    }

    private void await(String what, BooleanSupplier condition) {
        long end = time.now() + PEACE_NANOS;
        while (!condition.getAsBoolean()) {
            if (time.now() >= end) {
                throw failure("the cluster never " + what + obstacles());
            }
            time.run(time.now() + SECOND / 4);
        }
    }

    /// What keeps some nodes from being done.
    private String obstacles() {
        long newest = control.state().newestEpoch().number();
        List<String> texts = new ArrayList<>();
        for (SimNode node : nodes.values()) {
            if (!node.progress.done() || node.progress.epoch() < newest) {
                texts.add("\n  " + node.id + " in epoch " + node.prepared + ": " + node.obstacle);
            }
        }
        return ": " + texts.size() + " nodes are not done"
                + String.join("", texts.subList(0, Math.min(SHOWN_NODES, texts.size())));
    }

    private boolean isCalm() {
        ClusterState state = control.state();
        return state.isSettled()
                && state.nodes().values().stream().allMatch(Node::owns)
                && nodes.values().stream()
                        .allMatch(node -> node.known.state().version() == state.version()
                                && node.prepared >= state.newestEpoch().number()
                                && node.cleaned >= state.newestEpoch().number()
                                && node.hasLease(time.now()));
    }

    private void readAll() {
        for (int key = 0; key < keys.size(); key++) {
            SimNode node = server(key);
            if (node == null) {
                throw failure("nobody serves key " + key);
            }
            try {
                tell(key, data.read(node, key));
            } catch (SimData.Unavailable e) {
                throw failure("key " + key + " cannot be read: " + e.getMessage());
            }
        }
    }

    /// Each holder has what the primary has, or a newer change that was never acknowledged; nobody else anything.
    private void checkHoldings() {
        for (int key = 0; key < keys.size(); key++) {
            List<NodeId> holders = control.places().place(key).holders();
            SimNode.Held served = server(holders, key);
            for (SimNode node : nodes.values()) {
                SimNode.Held has = node.held(key);
                boolean isHolder = holders.contains(node.id);
                if (isHolder
                        && served != null
                        && served.isObject()
                        && served.stamp().isNewerThan(node.stamp(key))) {
                    throw failure(node.id + " has " + has + " of key " + key + ", and the primary " + served);
                }
                if (!isHolder && has != null && has.isObject()) {
                    throw failure(node.id + " has " + has + " of key " + key + ", which " + holders + " hold");
                }
            }
        }
    }

    private SimNode.@Nullable Held server(List<NodeId> holders, int key) {
        SimNode primary = nodes.get(holders.getFirst());
        return primary == null ? null : primary.held(key);
    }

    /// One more node joins in peace: it gets what it is to hold, and nothing else moves. Returns how much that was.
    private int join() {
        Map<Integer, List<NodeId>> before = new HashMap<>();
        for (int key = 0; key < keys.size(); key++) {
            before.put(key, control.places().place(key).holders());
        }
        equalise();
        long moves = data.moves();
        int settled = control.settled();
        add();
        await("settles with one node more", () -> control.settled() > settled && isCalm());
        NodeId added = new NodeId("n" + joined);
        int due = 0;
        for (int key = 0; key < keys.size(); key++) {
            List<NodeId> now = control.places().place(key).holders();
            boolean moved = now.contains(added);
            Set<NodeId> others = new HashSet<>(now);
            others.removeAll(before.get(key));
            others.remove(added);
            if (!others.isEmpty()) {
                throw failure("a join moved key " + key + " to " + others);
            }
            SimNode.Held held = server(now, key);
            due += moved && held != null && held.isObject() ? 1 : 0;
        }
        if (data.moves() - moves != due) {
            throw failure("a join moved " + (data.moves() - moves) + " values, not " + due);
        }
        readAll();
        checkHoldings();
        return due;
    }

    /// Writes every object once more, so that no holder has a change that was never acknowledged.
    private void equalise() {
        for (int key = 0; key < keys.size(); key++) {
            SimNode node = server(key);
            if (node != null) {
                write(node, key, ++numbers);
            }
        }
    }

    private void note(String text) {
        notes.add("%10.3f %s".formatted(time.now() / 1e9, text));
        if (notes.size() > SHOWN) {
            notes.removeFirst();
        }
    }

    private AssertionError failure(String what) {
        return new AssertionError("simulation of seed " + seed + " (" + size + "): " + what
                + "\nwhat happened (virtual seconds):\n" + String.join("\n", notes));
    }
}
