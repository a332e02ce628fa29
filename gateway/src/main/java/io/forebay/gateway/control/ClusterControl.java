package io.forebay.gateway.control;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.common.error.StoreException;
import java.time.InstantSource;

/// Submits commands to the log. Everything here waits for consensus: call it on a thread that may wait.
public final class ClusterControl {
    private final CommandLog log;
    private final InstantSource clock;

    public ClusterControl(CommandLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /// The time that a command is stamped with, in milliseconds since the epoch: decided here, before the log.
    public long nowMillis() {
        return clock.millis();
    }

    /// What became of the command, a refusal included.
    public Applied submit(Command command) {
        return log.submit(command);
    }

    /// The state that the command made. Throws the refusal's code and text.
    public ClusterState change(Command command) {
        return switch (log.submit(command)) {
            case Applied.Changed changed -> changed.state();
            case Applied.Refused refused -> throw new StoreException(refused.code(), refused.message());
        };
    }
}
