package io.forebay.cluster.watch;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.common.model.NodeId;
import org.jspecify.annotations.Nullable;

/// This process's place in the group that orders commands. Safe to share between threads.
///
/// Implementations: the Raft group (`io.forebay.cluster.raft`) and `SoleLeadership` for tests and tools.
public interface Leadership {
    /// Whether this process leads, as far as it knows: cheap, and wrong for a while when others have
    /// elected another.
    boolean isLeader();

    /// The gateway that leads, as far as known; null while there is none.
    @Nullable
    NodeId leader();

    /// Proves that this process leads, and gives the term: a majority has confirmed it after this call
    /// began, and the `StateWatch` of this process shows everything that was ordered before. Waits. Throws
    /// NOT_LEADER when another leads or none does, NODE_UNAVAILABLE or DEADLINE_EXCEEDED when a majority
    /// cannot be reached.
    long confirm();

    /// Orders a command as the leader of that term or not at all: it is never forwarded, nor sent again
    /// after an election, because it rests on what only this leader knew. Otherwise as `CommandLog.submit`.
    /// Throws NOT_LEADER when this process does not lead in that term (any longer).
    Applied submit(long term, Command command);
}
