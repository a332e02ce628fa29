package io.forebay.cluster.raft;

import io.forebay.cluster.peer.Peer;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.time.Ticker;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Brings a member that starts as far as whoever leads, on the caller's thread or on one of its own.
final class Entrance implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Entrance.class.getName());
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long GREET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final RaftMember member;
    private final Members members;
    private final ClusterStateMachine machine;
    private final Greetings greetings;
    private final List<String> seeds;
    private volatile @Nullable Thread thread;

    Entrance(RaftMember member, Members members, ClusterStateMachine machine, Greetings greetings, List<String> seeds) {
        this.member = member;
        this.members = members;
        this.machine = machine;
        this.greetings = greetings;
        this.seeds = seeds;
    }

    /// Runs the rest of a start on a thread that closing ends.
    void begin(Runnable rest) {
        Runnable logged = () -> {
            try {
                rest.run();
            } catch (StoreException e) {
                LOG.log(System.Logger.Level.INFO, "joining the cluster's gateways ended: " + e.text());
            }
        };
        thread = Thread.ofVirtual().name("raft-joining").start(logged);
    }

    /// Returns when this node leads, or is a member and has applied whatever the leader knows to be agreed:
    /// its states are then as new as any that it ever published.
    void awaitLeader(long deadline) {
        long greet = Ticker.SYSTEM.nanos() + GREET_NANOS;
        while (!machine.ready().isDone()) {
            machine.check();
            refuseLate(deadline);
            if (Ticker.SYSTEM.nanos() - greet >= 0) {
                // Nobody leads: the others may seek this node where it was before, as this node may seek them.
                greetings.greetAll(others());
                greet = Ticker.SYSTEM.nanos() + GREET_NANOS;
            }
            pollReady();
        }
        while (!isUpToDate()) {
            machine.check();
            refuseLate(deadline);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void pollReady() {
        try {
            CompletableFuture<Object> first = CompletableFuture.anyOf(machine.ready(), machine.failed());
            first.get(GREET_NANOS / 5, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The loop looks why.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Set<String> others() {
        Set<String> urls = new LinkedHashSet<>(seeds);
        for (Peer voter : members.voters()) {
            if (!voter.id().value().equals(member.self().toString())) {
                urls.add(voter.controlUrl());
            }
        }
        return urls;
    }

    private boolean isUpToDate() {
        if (member.isReadyLeader()) {
            return true;
        }
        Peer leader = members.leader();
        if (leader == null || member.isLeader() || !member.isConfigured()) {
            return false;
        }
        Hello hello = greetings.greet(leader.controlUrl());
        return hello != null && hello.leads() && hello.term() >= member.term() && hasApplied(hello.committed());
    }

    private boolean hasApplied(long index) {
        long patience = Ticker.SYSTEM.nanos() + GREET_NANOS;
        while (member.division().getInfo().getLastAppliedIndex() < index) {
            if (Ticker.SYSTEM.nanos() - patience >= 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    private static void refuseLate(long deadline) {
        if (Thread.currentThread().isInterrupted()) {
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while seeking the leader");
        }
        if (Ticker.SYSTEM.nanos() - deadline >= 0) {
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "the command log found no leader in time");
        }
    }

    @Override
    public void close() {
        Thread joining = thread;
        if (joining != null) {
            joining.interrupt();
            try {
                joining.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
