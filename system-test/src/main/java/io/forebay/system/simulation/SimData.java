package io.forebay.system.simulation;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Epoch;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.storage.metadata.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What nodes do with keys: changes at all holders, asking earlier holders, gathering, giving copies and cleaning up.
/// A call between nodes is an instant; it may not come, come without its sender knowing, or come late.
final class SimData {
    private static final long MAX_LATE_NANOS = 20_000_000_000L;
    private static final long TOMBSTONE_NANOS = 60_000_000_000L;
    private static final long SILENCE_NANOS = 60_000_000_000L;

    private final VirtualTime time;
    private final Random random;
    private final Map<NodeId, SimNode> nodes;
    private final Set<Link> cut = new HashSet<>();
    private final Map<SimNode.Held, Long> removedAt = new HashMap<>();
    private boolean byClient;
    private int trouble;
    private long moves;

    private record Link(NodeId from, NodeId to) {}

    /// Why something cannot be done now.
    static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message, null, false, false); // Of many thousands nobody asks where they came from.
        }
    }

    SimData(VirtualTime time, Random random, Map<NodeId, SimNode> nodes) {
        this.time = time;
        this.random = random;
        this.nodes = nodes;
    }

    /// Of so many calls in a hundred something becomes from now on.
    void trouble(int percent) {
        trouble = percent;
    }

    void cut(NodeId from, NodeId to) {
        cut.add(new Link(from, to));
    }

    void heal() {
        trouble = 0;
        cut.clear();
    }

    /// How many values were brought to nodes that did not have them, by anything but a client's write.
    long moves() {
        return moves;
    }

    /// A client's write or, with the number of absence, removal. False when there was nothing to remove.
    boolean change(SimNode primary, int key, int number) throws Unavailable {
        if (number == Register.ABSENT) {
            consult(primary, key);
            SimNode.Held here = primary.held(key);
            if (here == null || !here.isObject()) {
                return false;
            }
        }
        byClient = true;
        try {
            commit(primary, key, number, Stamp.NONE);
        } finally {
            byClient = false;
        }
        return true;
    }

    /// What a client reads.
    int read(SimNode primary, int key) throws Unavailable {
        consult(primary, key);
        SimNode.Held here = primary.held(key);
        return here == null ? Register.ABSENT : here.number();
    }

    /// A change under a stamp that is newer than all known.
    private void commit(SimNode primary, int key, int number, Stamp floor) throws Unavailable {
        long epoch = primary.known.placements().serving().number();
        Stamp stamp = primary.stamp(key).or(floor).next(epoch);
        Stamp newer = replicate(primary, key, new SimNode.Held(stamp, number));
        if (newer != null) {
            stamp = stamp.or(newer).next(epoch);
            if (replicate(primary, key, new SimNode.Held(stamp, number)) != null) {
                throw new Unavailable("another holder has a newer change");
            }
        }
        put(primary, key, new SimNode.Held(stamp, number));
    }

    /// The newest stamp that stands in the way at another holder, or null.
    private @Nullable Stamp replicate(SimNode primary, int key, SimNode.Held value) throws Unavailable {
        Stamp newest = null;
        Unavailable failure = null;
        List<NodeId> holders = primary.known.place(key).holders();
        for (NodeId id : holders.subList(1, holders.size())) {
            try {
                Stamp newer = send(primary, id, key, value);
                newest = newer == null ? newest : newer.or(newest == null ? Stamp.NONE : newest);
            } catch (Unavailable e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return newest;
    }

    private @Nullable Stamp send(SimNode primary, NodeId id, int key, SimNode.Held value) throws Unavailable {
        long epoch = primary.known.placements().serving().number();
        SimNode holder = reach(primary, id);
        int boot = holder.boot;
        if (random.nextInt(100) < trouble) {
            switch (random.nextInt(3)) {
                case 0 -> receive(holder, primary.id, epoch, key, value);
                case 1 ->
                    time.after(random.nextLong(MAX_LATE_NANOS), () -> {
                        boolean allowed = holder.known.allows(key, primary.id, epoch, holder.prepared);
                        if (holder.up && holder.boot == boot && allowed) {
                            accept(holder, key, value);
                        }
                    });
                default -> {
                    // It does not come.
                }
            }
            throw new Unavailable(id + " did not answer");
        }
        if (holder.known.state().version() < primary.known.state().version()) {
            throw new Unavailable(id + " has yet to learn of the state");
        }
        return receive(holder, primary.id, epoch, key, value);
    }

    /// What a holder does with a copy: the stamp that stands in its way, or null.
    private @Nullable Stamp receive(SimNode holder, NodeId sender, long epoch, int key, SimNode.Held value)
            throws Unavailable {
        if (!holder.known.allows(key, sender, epoch, holder.prepared)) {
            throw new Unavailable(holder.id + " takes nothing of " + sender + " under epoch " + epoch);
        }
        return accept(holder, key, value);
    }

    private @Nullable Stamp accept(SimNode holder, int key, SimNode.Held value) {
        SimNode.Held here = holder.held(key);
        if (here != null && !value.stamp().isNewerThan(here.stamp())) {
            return here.equals(value) ? null : here.stamp();
        }
        put(holder, key, value);
        return null;
    }

    private void put(SimNode node, int key, SimNode.Held value) {
        SimNode.Held before = node.held.put(key, value);
        boolean had = before != null && before.isObject();
        moves += !byClient && !had && value.isObject() ? 1 : 0;
        if (!value.isObject()) {
            removedAt.put(value, time.now());
        }
    }

    /// A node that can be called now.
    private SimNode reach(SimNode from, NodeId id) throws Unavailable {
        SimNode node = nodes.get(id);
        if (node == null || !node.up || cut.contains(new Link(from.id, id))) {
            throw new Unavailable(id + " cannot be reached");
        }
        return node;
    }

    /// What a node has of a key, once it has prepared the asker's epoch.
    private SimNode ask(SimNode asker, NodeId id) throws Unavailable {
        if (id.equals(asker.id)) {
            return asker;
        }
        SimNode node = reach(asker, id);
        if (random.nextInt(100) < trouble
                || node.prepared < asker.known.placements().serving().number()) {
            throw new Unavailable(id + " does not say what it has");
        }
        return node;
    }

    /// Brings the newest value of a key to its primary, and to its other holders where they may disagree.
    void consult(SimNode primary, int key) throws Unavailable {
        Places known = primary.known;
        Places.Place place = known.place(key);
        long serving = known.placements().serving().number();
        Stamp local = primary.stamp(key);
        if (known.placements().areSettled()
                || place.run().isWhole()
                || primary.gathered >= serving
                || local.epoch() >= place.run().first()) {
            return;
        }
        if (primary.prepared < serving) {
            throw new Unavailable(primary.id + " has yet to prepare epoch " + serving);
        }
        SimNode.Held newest = primary.held(key);
        boolean agreed = true;
        boolean first = true;
        for (Places.Earlier step : place.earlier()) {
            if (newest != null && newest.stamp().epoch() >= step.epoch()) {
                agreed &= !(first
                        && newest.stamp().epoch() == step.epoch()
                        && step.nodes().size() > 1);
                break;
            }
            List<SimNode> answers = new ArrayList<>();
            for (NodeId id : step.nodes()) {
                try {
                    answers.add(ask(primary, id));
                } catch (Unavailable e) {
                    agreed = false;
                }
            }
            boolean told = step.sure().isEmpty()
                    || answers.stream().anyMatch(answer -> step.sure().contains(answer.id));
            if (!told) {
                throw new Unavailable("nobody says what was of the key under epoch " + step.epoch());
            }
            for (SimNode answer : answers) {
                SimNode.Held there = answer.held(key);
                if (there != null && (newest == null || there.stamp().isNewerThan(newest.stamp()))) {
                    newest = there;
                }
            }
            for (SimNode answer : answers) {
                SimNode.Held there = answer.held(key);
                agreed &= newest == null ? there == null : newest.equals(there);
            }
            first = false;
        }
        adopt(primary, key, newest, agreed);
    }

    private void adopt(SimNode primary, int key, SimNode.@Nullable Held newest, boolean agreed) throws Unavailable {
        if (newest == null) {
            return;
        }
        if (!newest.equals(primary.held(key))) {
            Stamp newer = replicate(primary, key, newest);
            if (newer != null) {
                commit(primary, key, newest.number(), newest.stamp().or(newer));
            } else {
                put(primary, key, newest);
            }
        } else if (!agreed) {
            commit(primary, key, newest.number(), newest.stamp());
        }
    }

    /// One run of a node's gathering; it reports what came of it.
    void gather(SimNode node) {
        Places known = node.known;
        node.obstacle = "";
        long epoch = known.placements().serving().number();
        boolean complete = fetch(node, known);
        if (complete) {
            node.gathered = epoch;
            for (int key : known.keysOf(node.id)) {
                complete &= share(node, key);
            }
        }
        node.progress = new Rebalance(epoch, complete, 0, 0, 0);
    }

    private boolean fetch(SimNode node, Places known) {
        Set<NodeId> silent = new HashSet<>();
        for (NodeId id : known.placements().members().keySet()) {
            try {
                ask(node, id);
                node.silentSince.remove(id);
            } catch (Unavailable e) {
                node.obstacle = id + ": " + e.getMessage();
                silent.add(id);
                node.silentSince.putIfAbsent(id, time.now());
            }
        }
        boolean complete = true;
        for (int key : known.keysOf(node.id)) {
            try {
                consult(node, key);
            } catch (Unavailable e) {
                node.obstacle = "key " + key + ": " + e.getMessage();
                complete = false;
            }
        }
        boolean excused = silent.isEmpty()
                || (silent.stream().allMatch(id -> isGivenUp(node, id))
                        && known.placements().covers(silent));
        return complete && excused;
    }

    private boolean isGivenUp(SimNode node, NodeId id) {
        Node there = node.known.state().node(id);
        return there == null
                || there.phase() == Node.Phase.OFFLINE
                || time.now() - node.silentSince.getOrDefault(id, time.now()) >= SILENCE_NANOS;
    }

    /// Gives the other holders what they lack. False when one may lack something.
    private boolean share(SimNode node, int key) {
        SimNode.Held here = node.held(key);
        List<NodeId> holders = node.known.place(key).holders();
        for (NodeId id : holders.subList(1, holders.size())) {
            try {
                SimNode holder = ask(node, id);
                SimNode.Held there = holder.held(key);
                boolean nothingToRemove = here != null && !here.isObject() && there == null;
                if (here != null && !here.equals(there) && !nothingToRemove) {
                    Stamp newer = send(node, id, key, here);
                    if (newer != null && here.isObject()) {
                        commit(node, key, here.number(), newer);
                    }
                }
            } catch (Unavailable e) {
                node.obstacle = "copy of key " + key + ": " + e.getMessage();
                return false;
            }
        }
        return true;
    }

    /// Removes what a settled base gives to others, and forgets removals of long ago.
    void clean(SimNode node) {
        Epoch base = node.known.placements().base();
        if (base.phase() != Epoch.Phase.SETTLED) {
            return;
        }
        if (base.number() > node.cleaned) {
            node.held
                    .entrySet()
                    .removeIf(entry -> entry.getValue().isObject()
                            && entry.getValue().stamp().epoch() <= base.number()
                            && !node.known.isBased(node.id, entry.getKey()));
            node.cleaned = base.number();
        }
        if (node.known.placements().areSettled()) {
            for (int key : List.copyOf(node.held.keySet())) {
                SimNode.Held here = node.held(key);
                if (here != null && !here.isObject() && isForgotten(node, key, here)) {
                    node.held.remove(key);
                }
            }
        }
    }

    private boolean isForgotten(SimNode node, int key, SimNode.Held removal) {
        boolean old = time.now() - removedAt.getOrDefault(removal, 0L) >= TOMBSTONE_NANOS;
        Bucket bucket = node.known.bucket();
        if (!old || bucket.most() > bucket.copies()) {
            return false;
        }
        List<NodeId> holders = node.known.place(key).holders();
        if (holders.indexOf(node.id) <= 0) {
            return true;
        }
        try {
            SimNode primary = ask(node, holders.getFirst());
            SimNode.Held there = primary.held(key);
            if (there == null || !there.isObject() || !removal.stamp().isNewerThan(there.stamp())) {
                return true;
            }
            if (primary.serves(key, time.now())) {
                commit(primary, key, there.number(), Stamp.NONE);
            }
            return false;
        } catch (Unavailable e) {
            return false;
        }
    }
}
