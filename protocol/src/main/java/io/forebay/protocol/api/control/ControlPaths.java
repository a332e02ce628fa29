package io.forebay.protocol.api.control;

/// Where a node's control port answers the other nodes of its cluster.
public final class ControlPaths {
    /// `GET ?after=VERSION&wait=MILLIS`: newer commands, or the whole state.
    public static final String STATE = "/cluster/state";

    /// `POST Heartbeat`, answered by the leader with a `HeartbeatReply`.
    public static final String HEARTBEAT = "/cluster/heartbeat";

    /// `POST JoinRequest`, answered by the leader with a `JoinReply`.
    public static final String JOIN = "/cluster/join";

    /// `GET`, answered by the leader with a `NodeStatuses`.
    public static final String NODES = "/cluster/nodes";

    private ControlPaths() {}
}
