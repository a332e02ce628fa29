package io.forebay.cluster.raft;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/// This node's part of the Raft group, as Ratis runs it.
record RaftMember(RaftGroupId group, RaftServer server) {

    /// Throws NODE_UNAVAILABLE when the server is closed.
    RaftServer.Division division() {
        try {
            return server.getDivision(group);
        } catch (IOException e) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the command log is closed", e);
        }
    }

    RaftPeerId self() {
        return server.getId();
    }

    RaftConfiguration configuration() {
        return division().getRaftConf();
    }

    boolean isLeader() {
        return division().getInfo().isLeader();
    }

    /// Whether this node leads and has applied whatever was agreed before.
    boolean isReadyLeader() {
        return isLeader() && division().getInfo().isLeaderReady();
    }

    /// The leader that this node follows, or this node itself; null while none is known.
    @Nullable
    RaftPeerId leader() {
        return division().getInfo().getLeaderId();
    }

    long term() {
        return division().getInfo().getCurrentTerm();
    }

    /// Whether the newest configuration in the log has this node.
    boolean isConfigured() {
        return configuration().getAllPeers().stream()
                .anyMatch(peer -> peer.getId().equals(self()));
    }

    /// Whether the newest configuration keeps this node, though it may not be agreed yet.
    boolean isKept() {
        return configuration().getCurrentPeers().stream()
                .anyMatch(peer -> peer.getId().equals(self()));
    }

    RaftClientRequest command(ClientId client, long call, Message command) {
        return RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(self())
                .setGroupId(group)
                .setCallId(call)
                .setMessage(command)
                .setType(RaftClientRequest.writeRequestType())
                .build();
    }

    CompletableFuture<RaftClientReply> send(RaftClientRequest request) {
        try {
            return server.submitClientRequestAsync(request);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
