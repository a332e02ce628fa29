package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.View;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Whether this node is the one to answer: the state that a request was routed by arrived here, gives it the
/// key, and this node's lease lives.
final class Ownership {
    private final Fence fence;
    private final StateWatch watch;
    private final Duration patience;
    private final NodeErrors errors;
    private final LongAdder notOwned;

    Ownership(Fence fence, StateWatch watch, Duration patience, NodeErrors errors, LongAdder notOwned) {
        this.fence = fence;
        this.watch = watch;
        this.patience = patience;
        this.errors = errors;
        this.notOwned = notOwned;
    }

    /// Where a request belongs.
    ///
    /// @param view the state that holds for it, and how this node acts on it
    /// @param owner another node that has to answer it; null when it is this one
    record Place(View view, Bucket bucket, @Nullable NodeId owner) {}

    /// The current state, at least as new as the one that the request was routed by. Null when that has not
    /// arrived and the exchange may not wait for it. Throws STALE_MAP when it does not arrive in time.
    @Nullable
    ClusterState stateFor(Exchange exchange, Query query) {
        ClusterState state = watch.current();
        String version = exchange.request().headers().find(NodeHeaders.STATE_VERSION);
        String wanted = version == null ? query.find(AisQuery.STATE_VERSION) : version;
        if (wanted == null) {
            return state;
        }
        long needed = number(wanted);
        if (state.version() >= needed) {
            return state;
        }
        return exchange.mayWait() ? watch.await(needed, patience) : null;
    }

    /// The bucket of that name. Throws NO_SUCH_BUCKET.
    static Bucket bucket(ClusterState state, BucketName name) {
        @Nullable Bucket bucket = state.bucket(name);
        if (bucket == null) {
            throw NodeErrors.noSuchBucket(name);
        }
        return bucket;
    }

    /// Who has to answer a request about a key now. Null when that cannot be said without waiting and the
    /// exchange may not wait. Throws NO_SUCH_BUCKET; NODE_UNAVAILABLE when the owner is not certain in time,
    /// or this node's lease does not live; and for a client that came here by itself, when the key is not
    /// this node's, what AIStore's node says: that the object does not exist, or that the request should have
    /// been redirected.
    @Nullable
    Place place(Exchange exchange, Query query, ObjectKey key) {
        if (stateFor(exchange, query) == null) {
            return null;
        }
        View view = fence.view();
        Bucket bucket = bucket(view.state(), key.bucket());
        View.Standing standing = fence.standing(view, bucket, key);
        if (standing == View.Standing.AWAITED) {
            if (!exchange.mayWait()) {
                return null;
            }
            view = fence.awaitActivation(bucket, key);
            bucket = bucket(view.state(), key.bucket());
            standing = fence.standing(view, bucket, key);
        }
        if (standing == View.Standing.PRIMARY) {
            return fence.lease().admits(exchange) ? new Place(view, bucket, null) : null;
        }
        notOwned.increment();
        refuseStray(exchange, query, key);
        return new Place(view, bucket, view.primary(key));
    }

    /// Where a key that was this node's belongs by now; waits for that. Throws NO_SUCH_BUCKET and
    /// NODE_UNAVAILABLE.
    Place placeAgain(ObjectKey key) {
        View view = fence.awaitActivation(bucket(fence.view().state(), key.bucket()), key);
        Bucket bucket = bucket(view.state(), key.bucket());
        if (fence.standing(view, bucket, key) != View.Standing.PRIMARY) {
            return new Place(view, bucket, view.primary(key));
        }
        fence.lease().require();
        return new Place(view, bucket, null);
    }

    /// The place of a read that the owner passed on to this node. Null as `place` has it.
    @Nullable
    Place held(Exchange exchange, Query query, ObjectKey key) {
        if (stateFor(exchange, query) == null) {
            return null;
        }
        View view = fence.view();
        return new Place(view, bucket(view.state(), key.bucket()), null);
    }

    /// Waits for the lease. Throws NODE_UNAVAILABLE when it does not come in time.
    void requireLease() {
        fence.lease().require();
    }

    /// Waits a moment for a newer state, where the present one led astray.
    void awaitChange() {
        fence.awaitChange();
    }

    /// Whether a gateway sent the request itself, which then routes it again.
    static boolean isRelayed(Exchange exchange) {
        return exchange.request().headers().contains(NodeHeaders.STATE_VERSION);
    }

    /// Whether this node answers for the key under the newest state.
    boolean owns(Bucket bucket, ObjectKey key) {
        return fence.standing(fence.view(), bucket, key) == View.Standing.PRIMARY;
    }

    /// The other node that serves the key under the newest state, as far as this one knows; null when this
    /// one does, or none.
    @Nullable
    NodeId otherOwner(ObjectKey key) {
        View view = fence.view();
        boolean here = view.placements().isPrimary(fence.self(), key);
        return here || view.placements().serving().owners().isEmpty() ? null : view.primary(key);
    }

    /// The newest state as this node acts on it.
    View view() {
        return fence.view();
    }

    /// The id of this node.
    NodeId node() {
        return fence.self();
    }

    StoreException notOwner(ObjectKey key) {
        return new StoreException(
                ErrorCode.NOT_OWNER,
                errors.node() + " does not own " + key + " under cluster state version " + currentVersion());
    }

    long currentVersion() {
        return watch.current().version();
    }

    private void refuseStray(Exchange exchange, Query query, ObjectKey key) {
        if (isRelayed(exchange) || query.contains(AisQuery.GATEWAY_ID)) {
            return;
        }
        Method method = exchange.request().method();
        if (method == Method.GET || method == Method.HEAD) {
            throw errors.noSuchObject(key);
        }
        throw new StoreException(
                ErrorCode.INVALID_ARGUMENT, errors.node() + ": " + method + "(obj) is expected to be redirected");
    }

    private static long number(String version) {
        try {
            return Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "cluster state version \"" + version + "\" is not a number", e);
        }
    }
}
