package io.forebay.cluster.watch;

import io.forebay.cluster.codec.CommandCodec;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;

/// A command log of one process that forgets everything at its end: for tests and tools.
public final class InMemoryCommandLog implements CommandLog {
    private final CurrentState state;

    /// Applies commands to what is published there, and publishes the results.
    public InMemoryCommandLog(CurrentState state) {
        this.state = state;
    }

    @Override
    public synchronized Applied submit(Command command) {
        Applied applied = state.current().apply(command);
        state.publish(applied.state(), CommandCodec.encode(command));
        return applied;
    }
}
