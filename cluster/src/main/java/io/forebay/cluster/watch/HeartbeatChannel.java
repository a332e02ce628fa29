package io.forebay.cluster.watch;

import io.forebay.protocol.api.control.Heartbeat;
import io.forebay.protocol.api.control.HeartbeatReply;

/// How a heartbeat reaches the leader: by a direct call in the same process, by HTTP in another.
@FunctionalInterface
public interface HeartbeatChannel {
    /// Throws NOT_LEADER, NODE_UNAVAILABLE or DEADLINE_EXCEEDED while there is no leader to be found,
    /// NO_SUCH_NODE for a node that the cluster map does not have, IN_USE when another process has taken
    /// over its id.
    HeartbeatReply send(Heartbeat heartbeat);
}
