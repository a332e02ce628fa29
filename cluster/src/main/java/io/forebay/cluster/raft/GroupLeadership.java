package io.forebay.cluster.raft;

import io.forebay.cluster.peer.Peer;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.common.model.NodeId;
import org.jspecify.annotations.Nullable;

/// This process's place in the Raft group.
public final class GroupLeadership implements io.forebay.cluster.watch.Leadership {
    private final RaftCommandLog log;

    public GroupLeadership(RaftCommandLog log) {
        this.log = log;
    }

    @Override
    public boolean isLeader() {
        return log.isLeader();
    }

    @Override
    public @Nullable NodeId leader() {
        Peer leader = log.leader();
        return leader == null ? null : leader.id();
    }

    @Override
    public long confirm() {
        return log.confirmLeadership().term();
    }

    @Override
    public Applied submit(long term, Command command) {
        return log.submit(term, command);
    }
}
