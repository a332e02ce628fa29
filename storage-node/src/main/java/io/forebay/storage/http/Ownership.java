package io.forebay.storage.http;

import io.forebay.cluster.placement.Placement;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
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
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Whether this node is the one to answer: the state that a request was routed by arrived here, and gives it the key.
final class Ownership {
    private final NodeId self;
    private final StateWatch watch;
    private final Duration patience;
    private final NodeErrors errors;
    private final LongAdder notOwned;
    private volatile Placed placed = new Placed(ClusterState.EMPTY.version(), Placement.of(ClusterState.EMPTY));

    Ownership(NodeId self, StateWatch watch, Duration patience, NodeErrors errors, LongAdder notOwned) {
        this.self = self;
        this.watch = watch;
        this.patience = patience;
        this.errors = errors;
        this.notOwned = notOwned;
    }

    /// The placement under one state, kept because making it hashes every node's id.
    private record Placed(long version, Placement placement) {}

    /// The current state, at least as new as the one that the request was routed by. Null when that has not arrived
    /// and the exchange may not wait for it. Throws STALE_MAP when it does not arrive in time.
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

    /// Throws NOT_OWNER when another node owns the key, and what AIStore's node says to a client that came here by
    /// itself: that the object does not exist, or that the request should have been redirected.
    void require(ClusterState state, ObjectKey key, Exchange exchange, Query query) {
        if (owns(state, key)) {
            return;
        }
        notOwned.increment();
        boolean routed =
                exchange.request().headers().contains(NodeHeaders.STATE_VERSION) || query.contains(AisQuery.GATEWAY_ID);
        if (routed) {
            throw notOwner(key, state);
        }
        Method method = exchange.request().method();
        if (method == Method.GET || method == Method.HEAD) {
            throw errors.noSuchObject(key);
        }
        throw new StoreException(
                ErrorCode.INVALID_ARGUMENT, errors.node() + ": " + method + "(obj) is expected to be redirected");
    }

    /// Whether this node owns the key under that state.
    boolean owns(ClusterState state, ObjectKey key) {
        Node owner = placement(state).owner(key);
        return owner.id().equals(self);
    }

    StoreException notOwner(ObjectKey key, ClusterState state) {
        return new StoreException(
                ErrorCode.NOT_OWNER,
                errors.node() + " does not own " + key + " under cluster state version " + state.version());
    }

    long currentVersion() {
        return watch.current().version();
    }

    private Placement placement(ClusterState state) {
        Placed known = placed;
        if (known.version() != state.version()) {
            known = new Placed(state.version(), Placement.of(state));
            placed = known;
        }
        return known.placement();
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
