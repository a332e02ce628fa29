package io.forebay.gateway.core;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.gateway.control.ClusterControl;
import io.forebay.gateway.routing.Router;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.http.Exchange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Operations on buckets. Those that change one wait for consensus: call them only where the exchange may wait.
public final class Buckets {
    private static final Comparator<Bucket> BY_NAME =
            Comparator.comparing(bucket -> bucket.name().toString());

    private final Router router;
    private final ClusterControl control;
    private final Listings listings;

    public Buckets(Router router, ClusterControl control, Listings listings) {
        this.router = router;
        this.control = control;
        this.listings = listings;
    }

    public @Nullable Bucket find(BucketName name) {
        return router.snapshot().bucket(name);
    }

    /// Throws NO_SUCH_BUCKET with the text `bucket "ais://b" does not exist`.
    public Bucket require(BucketName name) {
        return router.snapshot().require(name);
    }

    /// Every bucket, by display name.
    public List<Bucket> list() {
        List<Bucket> buckets =
                new ArrayList<>(router.snapshot().state().buckets().values());
        buckets.sort(BY_NAME);
        return buckets;
    }

    /// Creates a bucket with these property leaves set. `Refused` has ALREADY_EXISTS when there is one of that name.
    public Applied create(BucketName name, Map<String, String> properties) {
        return control.submit(new Command.CreateBucket(name, control.nowMillis(), properties));
    }

    /// Removes a bucket with everything in it. Throws NO_SUCH_BUCKET.
    public void destroy(BucketName name) {
        Bucket bucket = require(name);
        control.change(new Command.DestroyBucket(name, bucket.id()));
    }

    /// Removes a bucket that holds no object. Writes are refused while every owner is asked for one, so that none can
    /// slip in. Throws NO_SUCH_BUCKET, or NOT_EMPTY with the bucket left as it was.
    public void removeIfEmpty(Exchange outer, BucketName name) {
        Bucket bucket = require(name);
        ClusterState sealed = control.change(new Command.SealBucket(name, bucket.id(), true));
        boolean removed = false;
        try {
            if (!listings.isEmpty(outer, name, sealed.version())) {
                throw new StoreException(ErrorCode.NOT_EMPTY, "bucket \"" + name + "\" is not empty");
            }
            control.change(new Command.DestroyBucket(name, bucket.id()));
            removed = true;
        } finally {
            if (!removed) {
                control.submit(new Command.SealBucket(name, bucket.id(), false));
            }
        }
    }

    /// Changes property leaves; an empty value sets one back to its default. Throws NO_SUCH_BUCKET.
    public Bucket setProperties(BucketName name, Map<String, String> changes) {
        return changed(name, new Command.SetBucketProperties(name, changes));
    }

    /// Sets every property back to its default. Throws NO_SUCH_BUCKET.
    public Bucket reset(BucketName name) {
        return changed(name, new Command.ResetBucketProperties(name));
    }

    private Bucket changed(BucketName name, Command command) {
        Bucket bucket = control.change(command).bucket(name);
        if (bucket == null) {
            throw NodeErrors.noSuchBucket(name);
        }
        return bucket;
    }
}
