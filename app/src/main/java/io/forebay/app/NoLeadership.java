package io.forebay.app;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.Leadership;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import org.jspecify.annotations.Nullable;

/// Of a gateway that does not vote: it never leads, and others know who does.
final class NoLeadership implements Leadership {
    @Override
    public boolean isLeader() {
        return false;
    }

    @Override
    public @Nullable NodeId leader() {
        return null;
    }

    @Override
    public long confirm() {
        throw refusal();
    }

    @Override
    public Applied submit(long term, Command command) {
        throw refusal();
    }

    private static StoreException refusal() {
        return new StoreException(ErrorCode.NOT_LEADER, "this gateway has no vote: another one leads");
    }
}
