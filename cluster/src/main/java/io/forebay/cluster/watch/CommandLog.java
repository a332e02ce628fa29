package io.forebay.cluster.watch;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;

/// Orders commands for the whole cluster: the seam in front of consensus.
///
/// Implementations: the Raft group (`io.forebay.cluster.raft`) and `InMemoryCommandLog` for tests.
public interface CommandLog {
    /// Submits a command and waits until it is ordered, applied, and visible in this process's `StateWatch`. Throws
    /// NOT_LEADER, NODE_UNAVAILABLE or DEADLINE_EXCEEDED when it could not be ordered.
    Applied submit(Command command);
}
