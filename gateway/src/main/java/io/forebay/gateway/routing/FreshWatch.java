package io.forebay.gateway.routing;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.watch.QuorumContact;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The cluster state of a gateway that may have lost contact to those who change it: for a while its last
/// state is as good as any, since every storage node holds requests to its own, and then it is refused.
public final class FreshWatch implements StateWatch {
    private final StateWatch watch;
    private final QuorumContact contact;
    private final long maxAgeNanos;

    /// @param maxAge how long the last state counts without contact
    public FreshWatch(StateWatch watch, QuorumContact contact, Duration maxAge) {
        this.watch = watch;
        this.contact = contact;
        this.maxAgeNanos = maxAge.toNanos();
    }

    /// Throws NODE_UNAVAILABLE when there has been no contact for too long.
    @Override
    public ClusterState current() {
        requireFresh();
        return watch.current();
    }

    /// As `current` while the state of that version is waited for.
    @Override
    public ClusterState await(long version, Duration patience) {
        requireFresh();
        return watch.await(version, patience);
    }

    /// Listeners get every state, whatever its age.
    @Override
    public Subscription subscribe(Consumer<ClusterState> listener) {
        return watch.subscribe(listener);
    }

    private void requireFresh() {
        long age = contact.ageNanos();
        if (age > maxAgeNanos) {
            throw new StoreException(
                    ErrorCode.NODE_UNAVAILABLE,
                    "this gateway has had no contact to a majority of the cluster's gateways for "
                            + TimeUnit.NANOSECONDS.toSeconds(age)
                            + " s, longer than gateway.state-max-age: it does not answer by so old a cluster state");
        }
    }
}
