package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.lifecycle.Service;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Follows the cluster state: refuses writes to sealed buckets, and removes what vanished buckets left, also those
/// that vanished while this node was down.
///
/// Only ids that the state has given out are removed: one that it does not know yet belongs to a newer state.
public final class BucketUpkeep implements Service {
    private final ObjectStore store;
    private final StateWatch watch;
    private final LongAdder dropped;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Long> sealed = new HashSet<>();
    private long sealsVersion = -1;
    private @Nullable AutoCloseable subscription;

    /// @param dropped counts the buckets removed
    public BucketUpkeep(ObjectStore store, StateWatch watch, LongAdder dropped) {
        this.store = store;
        this.watch = watch;
        this.dropped = dropped;
    }

    /// Returns when the seals of the current state hold; removal goes on beside.
    @Override
    public void start() {
        applySeals(watch.current());
        subscription = watch.subscribe(this::follow);
    }

    /// Returns when a state's seals hold: no commit to a sealed bucket can happen any more. A state older than the
    /// last one changes nothing.
    public void applySeals(ClusterState state) {
        lock.lock();
        try {
            if (state.version() < sealsVersion) {
                return;
            }
            Set<Long> wanted = state.buckets().values().stream()
                    .filter(Bucket::sealed)
                    .map(Bucket::id)
                    .collect(Collectors.toSet());
            Set<Long> known = state.buckets().values().stream().map(Bucket::id).collect(Collectors.toSet());
            for (Long id : wanted) {
                if (sealed.add(id)) {
                    store.refuseWrites(id);
                }
            }
            sealed.removeIf(id -> !wanted.contains(id) && unseal(id, known));
            sealsVersion = state.version();
        } finally {
            lock.unlock();
        }
    }

    /// Does once more what the current state asks for: a volume is back that did not take part.
    public void recheck() {
        follow(watch.current());
    }

    @Override
    public void close() {
        AutoCloseable current = subscription;
        if (current == null) {
            return;
        }
        try {
            current.close();
        } catch (Exception failure) {
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("the state's subscription did not close: " + failure.getMessage(), failure);
        }
    }

    private void follow(ClusterState state) {
        applySeals(state);
        Set<Long> known = state.buckets().values().stream().map(Bucket::id).collect(Collectors.toSet());
        for (long id : store.bucketIds()) {
            if (id < state.nextBucketId() && !known.contains(id)) {
                store.dropBucket(id);
                dropped.increment();
            }
        }
    }

    /// Writes to a bucket that is gone stay refused.
    private boolean unseal(long id, Set<Long> known) {
        if (known.contains(id)) {
            store.allowWrites(id);
        }
        return true;
    }
}
