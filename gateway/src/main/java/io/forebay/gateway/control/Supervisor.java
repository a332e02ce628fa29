package io.forebay.gateway.control;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.HeartbeatChannel;
import io.forebay.cluster.watch.Leadership;
import io.forebay.cluster.watch.QuorumContact;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Recurring;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.control.Heartbeat;
import io.forebay.protocol.api.control.HeartbeatReply;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.api.control.Space;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Watches over the nodes of the cluster while this gateway leads: answers their heartbeats with leases,
/// and submits what `Supervision` decides. Safe to share between threads.
public final class Supervisor implements HeartbeatChannel, Service {
    /// So many rounds of decisions follow each other at once: one is made by what the one before did.
    private static final int MAX_ROUNDS = 8;

    private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());

    private final NodeId self;
    private final long intervalNanos;
    private final Parts parts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Supervision supervision;
    private final ReentrantLock proving = new ReentrantLock();
    private final LongAdder proofs;
    private final LongAdder failedProofs;
    private final LongAdder heartbeats;
    private final LongAdder leaseless;
    private final Recurring work;

    /// What it works with.
    ///
    /// @param contact is confirmed by each proof of leadership
    public record Parts(
            StateWatch watch,
            Leadership leadership,
            QuorumContact contact,
            Ticker ticker,
            Timers timers,
            Metrics metrics) {}

    public Supervisor(NodeId self, SupervisorConfig config, Parts parts) {
        this.self = self;
        this.intervalNanos = config.confirmInterval().toNanos();
        this.parts = parts;
        this.supervision = new Supervision(config);
        this.proofs = parts.metrics.counter(ControlMetric.PROOFS, "outcome=\"leads\"");
        this.failedProofs = parts.metrics.counter(ControlMetric.PROOFS, "outcome=\"failed\"");
        this.heartbeats = parts.metrics.counter(ControlMetric.HEARTBEATS, "");
        this.leaseless = parts.metrics.counter(ControlMetric.LEASELESS, "");
        this.work = new Recurring("the supervisor", parts.timers, intervalNanos, this::supervise);
    }

    @Override
    public void start() {
        work.start();
    }

    @Override
    public void close() {
        work.close();
    }

    /// Answers a node as the leader. Otherwise as the interface says; NOT_LEADER where another gateway
    /// leads.
    @Override
    public HeartbeatReply send(Heartbeat heartbeat) {
        requireProof();
        heartbeats.increment();
        ClusterState state = parts.watch.current();
        Supervision.Reported reported;
        lock.lock();
        try {
            reported = supervision.report(heartbeat, state, parts.ticker.nanos());
        } finally {
            lock.unlock();
        }
        if (reported.leaseNanos() <= 0) {
            leaseless.increment();
        }
        if (reported.isNews()) {
            work.wake();
        }
        return new HeartbeatReply(reported.leaseNanos(), state.version());
    }

    /// What this gateway knows of every node, as the leader. Throws NOT_LEADER where another gateway leads.
    public NodeStatuses nodes() {
        requireProof();
        ClusterState state = parts.watch.current();
        lock.lock();
        try {
            long now = parts.ticker.nanos();
            return Statuses.of(state, node -> status(node, now));
        } finally {
            lock.unlock();
        }
    }

    private NodeStatus status(Node node, long now) {
        Supervision.@Nullable Member member = supervision.member(node.id());
        Heartbeat last = member == null ? null : member.last();
        return new NodeStatus(
                node.id().value(),
                node.role().name(),
                node.phase().name(),
                last == null ? "" : last.boot(),
                node.dataUrl(),
                node.controlUrl(),
                node.id().equals(self),
                last == null ? 0 : last.stateVersion(),
                last == null ? 0 : last.preparedEpoch(),
                member == null ? -1 : TimeUnit.NANOSECONDS.toMillis(now - member.heardNanos()),
                member == null ? 0 : Math.max(0, TimeUnit.NANOSECONDS.toMillis(member.leaseEnd() - now)),
                last == null ? Rebalance.NONE : last.rebalance(),
                last == null ? Space.NONE : last.space());
    }

    /// Makes sure that this process was lately proven to lead. Throws NOT_LEADER where it does not.
    void requireProof() {
        if (!parts.leadership.isLeader()) {
            NodeId leader = parts.leadership.leader();
            throw new StoreException(
                    ErrorCode.NOT_LEADER,
                    "gateway " + self + " does not lead" + (leader == null ? "" : ": " + leader + " does"));
        }
        lock.lock();
        try {
            if (supervision.isConfirmed(parts.ticker.nanos())) {
                return;
            }
        } finally {
            lock.unlock();
        }
        prove();
    }

    /// One at a time: whoever comes meanwhile waits for the result.
    private long prove() {
        proving.lock();
        try {
            long begun = parts.ticker.nanos();
            long term = parts.leadership.confirm();
            proofs.increment();
            parts.contact.confirm(begun);
            lock.lock();
            try {
                supervision.proven(term, begun, parts.ticker.nanos());
            } finally {
                lock.unlock();
            }
            return term;
        } catch (StoreException e) {
            failedProofs.increment();
            throw e;
        } finally {
            proving.unlock();
        }
    }

    private long supervise() {
        if (!parts.leadership.isLeader()) {
            return intervalNanos;
        }
        long term = prove();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<Command> commands = decide();
            if (commands.isEmpty()) {
                return intervalNanos;
            }
            commands.forEach(command -> submit(term, command));
        }
        return 0;
    }

    private List<Command> decide() {
        ClusterState state = parts.watch.current();
        lock.lock();
        try {
            return supervision.decide(state, parts.ticker.nanos());
        } finally {
            lock.unlock();
        }
    }

    private void submit(long term, Command command) {
        String kind = "command=\"" + command.getClass().getSimpleName() + "\",outcome=";
        LOG.log(System.Logger.Level.INFO, "the supervisor orders {0}", command);
        switch (parts.leadership.submit(term, command)) {
            case Applied.Changed changed ->
                parts.metrics
                        .counter(ControlMetric.DECISIONS, kind + "\"changed\"")
                        .increment();
            case Applied.Refused refused -> {
                parts.metrics
                        .counter(ControlMetric.DECISIONS, kind + "\"refused\"")
                        .increment();
                LOG.log(System.Logger.Level.WARNING, "{0} was refused: {1}", command, refused.message());
                lock.lock();
                try {
                    supervision.refused(command, parts.ticker.nanos());
                } finally {
                    lock.unlock();
                }
            }
        }
    }
}
