package io.forebay.gateway.routing;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.watch.StateWatch;
import java.time.Duration;

/// Gives the newest snapshot of the cluster: placement is computed once for each state version.
public final class Router {
    private final StateWatch watch;
    private final Duration patience;
    private volatile Snapshot last;

    /// `patience` is how long a request waits for a state that another node already has.
    public Router(StateWatch watch, Duration patience) {
        this.watch = watch;
        this.patience = patience;
        this.last = new Snapshot(watch.current());
    }

    /// The snapshot of the newest state: two volatile reads while the state stays.
    public Snapshot snapshot() {
        return of(watch.current());
    }

    /// Waits for a state of at least that version. Throws STALE_MAP when it does not arrive in time.
    public Snapshot await(long version) {
        return of(watch.await(version, patience));
    }

    private Snapshot of(ClusterState state) {
        Snapshot newest = last;
        long known = newest.state().version();
        if (known == state.version()) {
            return newest;
        }
        Snapshot snapshot = new Snapshot(state);
        if (state.version() > known) {
            last = snapshot;
        }
        return snapshot;
    }
}
