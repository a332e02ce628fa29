package io.forebay.cluster.watch;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.common.model.NodeId;

/// Leads a group of one, for ever: beside a command log of one process, for tests and tools.
public final class SoleLeadership implements Leadership {
    private final NodeId self;
    private final CommandLog log;

    public SoleLeadership(NodeId self, CommandLog log) {
        this.self = self;
        this.log = log;
    }

    @Override
    public boolean isLeader() {
        return true;
    }

    @Override
    public NodeId leader() {
        return self;
    }

    @Override
    public long confirm() {
        return 1;
    }

    @Override
    public Applied submit(long term, Command command) {
        return log.submit(command);
    }
}
