package io.forebay.cluster.raft;

import io.forebay.cluster.peer.Peer;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.time.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.jspecify.annotations.Nullable;

/// Gets commands ordered, here or at whoever leads.
final class Ordering {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final RaftMember member;
    private final Members members;
    private final ClusterStateMachine machine;
    private final CurrentState state;
    private final Forwarding forwarding;
    private final RaftConfig config;

    Ordering(
            RaftMember member,
            Members members,
            ClusterStateMachine machine,
            CurrentState state,
            Forwarding forwarding,
            RaftConfig config) {
        this.member = member;
        this.members = members;
        this.machine = machine;
        this.state = state;
        this.forwarding = forwarding;
        this.config = config;
    }

    /// Sends the command to whoever leads until it is ordered. When a leadership ends meanwhile, it is sent
    /// again under the same name: Ratis knows it by that and applies it once.
    Applied order(CommandName name, Submission submission) {
        long deadline = deadline();
        String why = "no leader is known";
        while (!Thread.currentThread().isInterrupted()) {
            machine.check();
            Peer leader = members.leader();
            Applied applied = null;
            if (member.isLeader()) {
                applied = tryHere(name, submission, deadline);
            } else if (leader != null
                    && !leader.id().value().equals(member.self().toString())) {
                why = "gateway " + leader.id() + " leads, and did not take it";
                applied = forwarding.offer(leader.controlUrl(), name, submission, deadline);
            }
            if (applied != null) {
                return applied;
            }
            if (Ticker.SYSTEM.nanos() - deadline >= 0) {
                throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, late() + ": " + why);
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while a command was submitted");
    }

    /// For a command of another gateway, which asks elsewhere when this one does not lead. Throws NOT_LEADER
    /// then.
    Applied orderHere(CommandName name, Submission submission) {
        long deadline = deadline();
        while (member.isLeader()) {
            machine.check();
            Applied applied = tryHere(name, submission, deadline);
            if (applied != null) {
                return applied;
            }
            if (Ticker.SYSTEM.nanos() - deadline >= 0) {
                throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, late());
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        throw members.notLeader();
    }

    /// Orders a command in that term or not at all. Throws NOT_LEADER then.
    Applied orderIn(long term, CommandName name, Submission submission) {
        machine.check();
        if (!member.isReadyLeader() || member.term() != term) {
            throw members.notLeader();
        }
        Applied applied = tryHere(name, submission, deadline());
        if (applied == null) {
            throw members.notLeader();
        }
        return applied;
    }

    private long deadline() {
        return Ticker.SYSTEM.nanos() + config.patience().toNanos();
    }

    private String late() {
        return "the command was not ordered within " + config.patience().toMillis() + " ms; it still may be";
    }

    /// Null when the leadership has ended or has not quite begun.
    private @Nullable Applied tryHere(CommandName name, Submission submission, long deadline) {
        RaftClientReply reply =
                machine.await(member.send(member.command(name.client(), name.call(), submission)), deadline, late());
        if (reply.isSuccess()) {
            Applied applied = submission.applied();
            return applied == null ? Outcome.parse(reply.getMessage(), state.current()) : applied;
        }
        return switch (reply.getException()) {
            case LeaderNotReadyException early -> null;
            case LeaderSteppingDownException late -> null;
            case NotLeaderException elsewhere -> null;
            case StateMachineException over when !submission.isFor(member.term()) -> null;
            case null, default ->
                throw new StoreException(ErrorCode.INTERNAL, "the command log refused a command", reply.getException());
        };
    }
}
