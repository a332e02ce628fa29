package io.forebay.cluster.watch;

import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.ControlPaths;
import io.forebay.protocol.api.control.Heartbeat;
import io.forebay.protocol.api.control.HeartbeatReply;
import io.forebay.protocol.api.control.JoinReply;
import io.forebay.protocol.api.control.JoinRequest;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.http.Method;
import java.time.Duration;

/// The gateway that leads, in whichever process it is.
public final class RemoteLeader implements HeartbeatChannel {
    private final LeaderCalls leader;
    private final Duration deadline;

    /// @param deadline of a single call
    public RemoteLeader(LeaderCalls leader, Duration deadline) {
        this.leader = leader;
        this.deadline = deadline;
    }

    @Override
    public HeartbeatReply send(Heartbeat heartbeat) {
        return post(ControlPaths.HEARTBEAT, heartbeat, deadline, HeartbeatReply.class);
    }

    /// Asks for a place in the cluster map. Throws the leader's refusal.
    ///
    /// @param patience of a single call: the leader orders a command, and may move to another configuration
    ///     of voters
    public JoinReply join(JoinRequest request, Duration patience) {
        return post(ControlPaths.JOIN, request, patience, JoinReply.class);
    }

    /// What the leader knows of each node.
    public NodeStatuses nodes() {
        ControlCalls.Answer answer = leader.call(Method.GET, ControlPaths.NODES, new byte[0], deadline);
        return WireJson.read(answer.body(), NodeStatuses.class);
    }

    private <T> T post(String path, Object message, Duration patience, Class<T> reply) {
        return WireJson.read(
                leader.call(Method.POST, path, WireJson.write(message), patience)
                        .body(),
                reply);
    }
}
