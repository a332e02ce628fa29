package io.forebay.system.simulation;

import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.storage.metadata.Stamp;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A storage node: what it knows, what it has, and the fence that says what it may serve.
final class SimNode {
    final NodeId id;
    /// Of what it has of keys: its disk.
    final Map<Integer, Held> held = new HashMap<>();
    /// The settled epoch of which it has nothing that it does not hold; on its disk.
    long cleaned;

    /// How fast its clock goes, of 1.
    private final double rate;

    boolean up;
    int boot;
    Places known;
    long prepared;
    long gathered;
    Rebalance progress = Rebalance.NONE;
    /// What kept it from gathering everything the last time.
    String obstacle = "";
    final Map<NodeId, Long> silentSince = new HashMap<>();
    private double leaseEnd;

    /// An object or, with the number of absence, a tombstone.
    record Held(Stamp stamp, int number) {
        boolean isObject() {
            return number != Register.ABSENT;
        }
    }

    SimNode(NodeId id, double rate, Places known) {
        this.id = id;
        this.rate = rate;
        this.known = known;
    }

    void start(Places state) {
        up = true;
        boot++;
        known = state;
        prepared = 0;
        gathered = 0;
        progress = Rebalance.NONE;
        silentSince.clear();
        leaseEnd = Double.NEGATIVE_INFINITY;
    }

    void stop() {
        up = false;
    }

    /// What its clock shows.
    double clock(long now) {
        return now * rate;
    }

    void renew(double sent, long nanos) {
        leaseEnd = Math.max(leaseEnd, sent + nanos);
    }

    boolean hasLease(long now) {
        return leaseEnd - clock(now) > 0;
    }

    /// As the fence has it: whether it answers for the key now.
    boolean serves(int key, long now) {
        Places.Place place = known.place(key);
        boolean awaited = !known.placements().areSettled()
                && prepared >= known.placements().newest().number()
                && place.moving();
        return up && hasLease(now) && !awaited && place.isPrimary(id);
    }

    Stamp stamp(int key) {
        Held here = held.get(key);
        return here == null ? Stamp.NONE : here.stamp();
    }

    @Nullable
    Held held(int key) {
        return held.get(key);
    }
}
