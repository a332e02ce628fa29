package io.forebay.gateway.control;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Epoch;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.control.Heartbeat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the leading gateway knows of the nodes, and what it decides by it: who gets a lease, who owns, when
/// an owner set serves and when it is settled.
///
/// Deterministic: time is an argument, commands are results, and nothing waits, so that a simulation drives
/// it as well as a `Supervisor` does. Not safe to share between threads.
public final class Supervision {
    /*
     * Why nobody serves a key that another node serves: a lease that was granted here ends at `Member.leaseEnd` or
     * before; one that an earlier leader granted rests on a proof which that leader began before this one was elected,
     * so it ends a lease after `ledSince` or before. An epoch is activated only when each owner of the one before has
     * said that it prepared it, or has no such lease left; from the decision on, nobody gets a lease that has not
     * prepared the epoch. Clocks may differ in rate by a twentieth.
     *
     * A node that is to serve first has to be ready for it: one that comes back owns again when it has prepared the
     * epoch that serves, and an epoch waits for those of its owners that have yet to prepare it. One that lives and
     * never does so is taken out like one that is down. So is one that has lost a disk, where others may have copies of
     * what was there: what an owner has not got is taken for gone only while it owns. It comes back when all its volumes
     * serve, or the lost one was removed, and is filled from the copies then.
     */
    private static final long DRIFT_SHARE = 20;

    private final long leaseNanos;
    private final long downNanos;
    private final Map<NodeId, Member> members = new HashMap<>();
    private final Map<NodeId, Long> known = new HashMap<>();
    private final Map<Command, Long> refusedUntil = new HashMap<>();
    private long term;
    private long ledSince;
    private long confirmed;
    private long activating;

    /// A node that was heard of in this term.
    static final class Member {
        private Heartbeat last;
        private long heardNanos;
        private long leaseEnd;
        private @Nullable String supersededBoot;
        private boolean lacksDisk;
        private long lacksSince;

        Member(Heartbeat first, long now) {
            this.last = first;
            this.heardNanos = now;
            this.leaseEnd = now;
        }

        Heartbeat last() {
            return last;
        }

        long heardNanos() {
            return heardNanos;
        }

        long leaseEnd() {
            return leaseEnd;
        }

        private void heard(Heartbeat heartbeat, long now) {
            last = heartbeat;
            heardNanos = now;
            boolean lacks = heartbeat.space().failedVolumes() > 0;
            if (lacks && !lacksDisk) {
                lacksSince = now;
            }
            lacksDisk = lacks;
        }
    }

    /// What a heartbeat led to.
    ///
    /// @param leaseNanos how long the node's lease lives from now on; 0 when it gets none
    /// @param isNews whether there may be something to decide
    public record Reported(long leaseNanos, boolean isNews) {}

    public Supervision(SupervisorConfig config) {
        this.leaseNanos = config.lease().toNanos();
        this.downNanos = config.downAfter().toNanos();
    }

    /// It is proven that this process leads in that term, by a proof that began then.
    public void proven(long provenTerm, long begun, long now) {
        if (provenTerm != term) {
            term = provenTerm;
            ledSince = now;
            confirmed = begun;
            activating = 0;
            members.clear();
            known.clear();
            refusedUntil.clear();
        } else if (begun - confirmed > 0) {
            confirmed = begun;
        }
    }

    /// The term of the last proof; 0 before there was one.
    public long term() {
        return term;
    }

    /// Whether the last proof still carries leases.
    public boolean isConfirmed(long now) {
        return term != 0 && confirmed + leaseNanos - now > 0;
    }

    /// A node lives. Throws NO_SUCH_NODE for one that the map does not have, IN_USE for a process whose id
    /// another one has taken over.
    public Reported report(Heartbeat heartbeat, ClusterState state, long now) {
        NodeId id = new NodeId(heartbeat.node());
        Node node = state.node(id);
        if (node == null) {
            throw new StoreException(
                    ErrorCode.NO_SUCH_NODE,
                    "node " + id + " is not in the cluster map: it has left the cluster, or has yet to join it");
        }
        Member member = members.get(id);
        boolean isNews = member == null
                || node.phase() == Node.Phase.OFFLINE
                || member.lacksDisk
                || member.last.preparedEpoch() != heartbeat.preparedEpoch()
                || member.last.rebalance().epoch() != heartbeat.rebalance().epoch()
                || member.last.rebalance().done() != heartbeat.rebalance().done();
        if (member == null) {
            member = new Member(heartbeat, now);
            members.put(id, member);
        }
        supersede(member, heartbeat);
        member.heard(heartbeat, now);
        long end = confirmed + leaseNanos;
        boolean isGateway = node.role() == Node.Role.GATEWAY;
        if (!isConfirmed(now) || (!isGateway && heartbeat.preparedEpoch() < requiredEpoch(state))) {
            return new Reported(0, isNews && !isGateway);
        }
        if (end - member.leaseEnd > 0) {
            member.leaseEnd = end;
        }
        return new Reported(end - now, isNews && !isGateway);
    }

    /// Two processes of one id cannot both be the node: the one that began later is.
    private static void supersede(Member member, Heartbeat heartbeat) {
        if (heartbeat.boot().equals(member.supersededBoot)) {
            throw new StoreException(
                    ErrorCode.IN_USE,
                    "another process has taken over node id " + heartbeat.node() + ": was its data folder copied?");
        }
        if (!heartbeat.boot().equals(member.last.boot())) {
            member.supersededBoot = member.last.boot();
        }
    }

    /// Under an older epoch than this nobody may serve any longer.
    private long requiredEpoch(ClusterState state) {
        Epoch serving = serving(state);
        return Math.max(serving == null ? 0 : serving.number(), activating);
    }

    /// The commands to submit under that state, which is no older than the last proof; most often none. One
    /// that does not come about is decided again.
    public List<Command> decide(ClusterState state, long now) {
        if (!isConfirmed(now)) {
            return List.of();
        }
        List<Command> commands = worthTrying(phases(state, now), now);
        if (commands.isEmpty() && !state.epochs().isEmpty()) {
            // Also while a change of phase is refused: what refuses it may be that epochs are not settled.
            commands = worthTrying(epochs(state, now), now);
        }
        for (Command command : commands) {
            if (command instanceof Command.Activate(long epoch)) {
                activating = epoch;
            }
        }
        return commands;
    }

    private List<Command> worthTrying(List<Command> commands, long now) {
        return commands.stream()
                .filter(command -> refusedUntil.getOrDefault(command, now) - now <= 0)
                .toList();
    }

    /// The command was refused: it is not worth trying again at once.
    public void refused(Command command, long now) {
        refusedUntil.put(command, now + Math.max(downNanos, TimeUnit.SECONDS.toNanos(1)));
    }

    private List<Command> phases(ClusterState state, long now) {
        List<Command> commands = new ArrayList<>();
        int owners = state.owners().size();
        boolean begins = known.isEmpty();
        known.keySet().retainAll(state.nodes().keySet());
        for (Node node : state.nodes().values()) {
            if (node.role() == Node.Role.GATEWAY) {
                continue;
            }
            known.putIfAbsent(node.id(), begins ? ledSince : now);
            // Nobody could own in the place of the last one.
            boolean isLost = isDown(node.id(), now) || (lacksDisk(node.id(), now) && state.hasCopies());
            if (node.phase() == Node.Phase.ACTIVE && owners > 1 && isLost) {
                commands.add(new Command.SetPhase(node.id(), Node.Phase.OFFLINE));
                owners--;
            } else if (node.phase() == Node.Phase.OFFLINE && isReady(node.id(), state, now)) {
                commands.add(new Command.SetPhase(node.id(), Node.Phase.ACTIVE));
            }
        }
        return commands;
    }

    private boolean isDown(NodeId id, long now) {
        return now - leaseEnd(id) - downNanos > 0;
    }

    private boolean lacksDisk(NodeId id, long now) {
        Member member = members.get(id);
        return member != null && member.lacksDisk && now - member.lacksSince - downNanos > 0;
    }

    private boolean isReady(NodeId id, ClusterState state, long now) {
        Member member = members.get(id);
        return member != null && !member.lacksDisk && isHeard(id, now) && hasPrepared(id, state.servingEpoch());
    }

    private boolean isHeard(NodeId id, long now) {
        Member member = members.get(id);
        return member != null && now - member.heardNanos < leaseNanos;
    }

    /// No lease of the node ends later, whoever granted it, by this process's clock. A node that has just
    /// joined is given as much time.
    private long leaseEnd(NodeId id) {
        long earlier = known.getOrDefault(id, ledSince) + leaseNanos;
        Member member = members.get(id);
        long end = member != null && member.leaseEnd - earlier > 0 ? member.leaseEnd : earlier;
        return end + leaseNanos / DRIFT_SHARE;
    }

    private List<Command> epochs(ClusterState state, long now) {
        Epoch newest = state.newestEpoch();
        if (!newest.serves()) {
            return mayActivate(state, newest, now) ? List.of(new Command.Activate(newest.number())) : List.of();
        }
        if (newest.phase() != Epoch.Phase.SETTLED) {
            return isMoved(newest) ? List.of(new Command.Settle(newest.number())) : List.of();
        }
        return leaving(state, newest);
    }

    private boolean mayActivate(ClusterState state, Epoch pending, long now) {
        return state.servingEpoch().owners().stream().allMatch(owner -> isFenced(owner, pending, now))
                && pending.owners().stream().allMatch(owner -> isFenced(owner, pending, now));
    }

    /// Whether the node serves by no older epoch any more.
    private boolean isFenced(NodeId owner, Epoch pending, long now) {
        return hasPrepared(owner, pending) || now - leaseEnd(owner) >= 0;
    }

    private boolean hasPrepared(NodeId id, Epoch epoch) {
        Member member = members.get(id);
        return member != null && member.last.preparedEpoch() >= epoch.number();
    }

    /// Whether each owner has said that it has everything that the epoch places on it: from all that may
    /// have held it, but for those that copies elsewhere make up for.
    private boolean isMoved(Epoch newest) {
        return !newest.owners().isEmpty() && newest.owners().stream().allMatch(id -> isDone(id, newest));
    }

    private boolean isDone(NodeId id, Epoch epoch) {
        Member member = members.get(id);
        return member != null
                && member.last.rebalance().done()
                && member.last.rebalance().epoch() == epoch.number();
    }

    /// Nodes whose data is elsewhere by now, as they were told to leave.
    private static List<Command> leaving(ClusterState state, Epoch newest) {
        List<Command> commands = new ArrayList<>();
        for (Node node : state.nodes().values()) {
            if (node.role() == Node.Role.STORAGE
                    && node.phase() == Node.Phase.DECOMMISSIONED
                    && !newest.owners().isEmpty()) {
                commands.add(new Command.Leave(node.id()));
            }
        }
        return commands;
    }

    /// The newest epoch that serves.
    static @Nullable Epoch serving(ClusterState state) {
        for (Epoch epoch : state.epochs().reversed()) {
            if (epoch.serves()) {
                return epoch;
            }
        }
        return null;
    }

    /// What was heard of a node in this term.
    @Nullable
    Member member(NodeId id) {
        return members.get(id);
    }
}
