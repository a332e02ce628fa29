package io.forebay.cluster.watch;

import io.forebay.cluster.state.ClusterState;
import java.time.Duration;
import java.util.function.Consumer;

/// The newest cluster state that this process knows.
public interface StateWatch {
    /// One volatile read: a request takes it once, at its start.
    ClusterState current();

    /// Waits until the state has at least that version and returns it. Throws STALE_MAP when it does not arrive
    /// in time.
    ClusterState await(long version, Duration patience);

    /// Calls the listener with each newer state from now on, in order, on one thread of the watch's own,
    /// beginning with the current one. States that follow each other faster than the listener takes them may be
    /// left out, but for the newest. Closing the result ends that.
    Subscription subscribe(Consumer<ClusterState> listener);

    /// A listener's place at the watch. Closing it waits for a call that is under way, unless it is that call which
    /// closes; afterwards the listener is not called again.
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
