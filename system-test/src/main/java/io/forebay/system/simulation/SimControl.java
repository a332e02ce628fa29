package io.forebay.system.simulation;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Epoch;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.control.Supervision;
import io.forebay.protocol.api.control.Heartbeat;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// The log of commands, and three gateways of which one leads: elections, proofs of leadership, what is decided, and
/// leases.
final class SimControl {
    private static final int GATEWAYS = 3;
    private static final long PROOF_NANOS = SimGateway.CONFIG.confirmInterval().toNanos();
    private static final long MAX_DELAY_NANOS = 40_000_000L;
    private static final long ELECTION_NANOS = 1_500_000_000L;

    private final VirtualTime time;
    private final Random random;
    private final List<ObjectKey> keys;
    private final Consumer<String> notes;
    private final Consumer<Command> changed;
    private final List<SimGateway> gateways = new ArrayList<>();
    private Places places;
    private long term = 1;
    private int leader;
    private int settled;

    /// @param changed is told of each command that took effect
    SimControl(
            VirtualTime time, Random random, List<ObjectKey> keys, Consumer<String> notes, Consumer<Command> changed) {
        this.time = time;
        this.random = random;
        this.keys = keys;
        this.notes = notes;
        this.changed = changed;
        this.places = new Places(ClusterState.EMPTY, keys);
        for (int number = 0; number < GATEWAYS; number++) {
            gateways.add(new SimGateway(number, places));
        }
        gateways.getFirst().term = term;
    }

    /// Begins the proofs of leadership.
    void start() {
        gateways.forEach(this::prove);
    }

    /// Where everything is by the newest state.
    Places places() {
        return places;
    }

    ClusterState state() {
        return places.state();
    }

    /// How often owners were settled.
    int settled() {
        return settled;
    }

    /// False when it is refused.
    boolean apply(Command command) {
        Applied applied = state().apply(command);
        places = new Places(applied.state(), keys);
        if (!(applied instanceof Applied.Changed)) {
            notes.accept("refused: " + command);
            return false;
        }
        if (command instanceof Command.Settle) {
            settled++;
        }
        notes.accept(command + " -> " + epochs());
        for (SimGateway gateway : gateways) {
            if (gateway.connected) {
                gateway.known = places;
            }
        }
        changed.accept(command);
        return true;
    }

    private String epochs() {
        List<String> texts = new ArrayList<>();
        for (Epoch epoch : state().epochs()) {
            texts.add(epoch.number()
                    + epoch.phase().name().substring(0, 1)
                    + epoch.owners().size());
        }
        return texts.toString();
    }

    /// The leading gateway is cut off from the others, which elect another one; it goes on believing for a while.
    void loseLeader() {
        gateways.forEach(this::reconnect);
        SimGateway lost = gateways.get(leader);
        lost.connected = false;
        notes.accept("gateway " + lost.number + " is cut off in term " + term);
        time.after(random.nextLong(ELECTION_NANOS), () -> {
            if (!lost.connected) {
                leader = (leader + 1 + random.nextInt(GATEWAYS - 1)) % GATEWAYS;
                term++;
                gateways.get(leader).term = term;
                notes.accept("gateway " + leader + " leads in term " + term);
            }
        });
    }

    void heal() {
        gateways.forEach(this::reconnect);
    }

    private void reconnect(SimGateway gateway) {
        gateway.connected = true;
        gateway.known = places;
    }

    private void prove(SimGateway gateway) {
        long begun = time.now();
        // A proof is a round to the other gateways: it counts from when it began.
        time.after(random.nextLong(MAX_DELAY_NANOS), () -> {
            if (gateway.connected && gateway.term == term) {
                gateway.supervision.proven(term, begun, time.now());
                gateway.known = places;
                decide(gateway);
            }
            time.after(PROOF_NANOS, () -> prove(gateway));
        });
    }

    private void decide(SimGateway gateway) {
        for (Command command : gateway.supervision.decide(gateway.known.state(), time.now())) {
            if (!apply(command)) {
                gateway.supervision.refused(command, time.now());
            }
        }
    }

    /// A node tells a gateway that it lives, one that was replaced and has not noticed included.
    void beat(SimNode node, Consumer<Long> replied) {
        Heartbeat heartbeat = new Heartbeat(
                node.id.value(),
                node.id + "-" + node.boot,
                node.known.state().version(),
                node.prepared,
                node.progress,
                null);
        List<SimGateway> believers = gateways.stream()
                .filter(gateway -> gateway.supervision.isConfirmed(time.now()))
                .toList();
        if (believers.isEmpty()) {
            return;
        }
        SimGateway gateway = believers.get(random.nextInt(believers.size()));
        time.after(random.nextLong(MAX_DELAY_NANOS), () -> {
            try {
                Supervision.Reported reported =
                        gateway.supervision.report(heartbeat, gateway.known.state(), time.now());
                time.after(random.nextLong(MAX_DELAY_NANOS), () -> replied.accept(reported.leaseNanos()));
            } catch (StoreException e) {
                notes.accept("no heartbeat: " + e.text());
            }
        });
    }
}
