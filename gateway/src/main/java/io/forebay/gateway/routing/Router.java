package io.forebay.gateway.routing;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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

    /// Waits for a state that is newer than that version; null when none arrives within that time.
    public @Nullable Snapshot awaitNewer(long version, Duration wait) {
        try {
            return of(watch.await(version + 1, wait));
        } catch (StoreException e) {
            if (e.code() == ErrorCode.STALE_MAP) {
                return null;
            }
            throw e;
        }
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
