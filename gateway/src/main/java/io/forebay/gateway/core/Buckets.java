package io.forebay.gateway.core;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterSettings;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.common.error.Check;
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
import java.util.TreeMap;
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

    /// Creates a bucket with these property leaves set, and for others the defaults that the cluster has.
    /// `Refused` has ALREADY_EXISTS when there is one of that name. Throws INVALID_ARGUMENT for more copies
    /// than there are nodes to hold them.
    public Applied create(BucketName name, Map<String, String> properties) {
        Map<String, String> set =
                new TreeMap<>(ClusterSettings.buckets(router.snapshot().state()));
        set.putAll(properties);
        Bucket wanted = new Bucket(name, 0, 0, new TreeMap<>(), false).changed(set);
        requireHolders(wanted, 1);
        return control.submit(new Command.CreateBucket(name, control.nowMillis(), set));
    }

    /// Removes a bucket with everything in it. Throws NO_SUCH_BUCKET, and FORBIDDEN for one whose versions may be
    /// locked.
    public void destroy(BucketName name) {
        Bucket bucket = require(name);
        if (bucket.isLockable()) {
            throw new StoreException(
                    ErrorCode.FORBIDDEN,
                    "bucket \"" + name + "\" may have locked versions: remove them, then the bucket when it is empty");
        }
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

    /// A bucket whose properties were changed.
    ///
    /// @param copies the job that makes its copies as many as are asked for now; null when they were before
    public record Changed(Bucket bucket, @Nullable CopiesJob copies) {}

    /// Changes property leaves; an empty value sets one back to its default. Throws NO_SUCH_BUCKET, INVALID_ARGUMENT
    /// for more copies than there are nodes to hold them.
    public Changed setProperties(BucketName name, Map<String, String> changes) {
        Bucket before = require(name);
        requireHolders(before.changed(changes), before.copies());
        return changed(before, new Command.SetBucketProperties(name, changes));
    }

    /// Has so many copies of each object kept; gives the job that makes them, or would if there were not as many
    /// already. Throws as `setProperties`.
    public CopiesJob makeCopies(BucketName name, int copies) {
        Changed changed = setProperties(name, Map.of(Bucket.COPIES, Integer.toString(copies)));
        CopiesJob begun = changed.copies();
        return begun == null
                ? CopiesJob.of(
                        changed.bucket(),
                        router.snapshot().state().newestEpoch().number())
                : begun;
    }

    /// Sets every property back to its default, but for what S3 clients have configured, which AIStore's do not see.
    /// Throws NO_SUCH_BUCKET.
    public Changed reset(BucketName name) {
        Bucket before = require(name);
        Map<String, String> changes = new TreeMap<>();
        for (String property : before.properties().keySet()) {
            if (!property.startsWith(Bucket.S3)) {
                changes.put(property, "");
            }
        }
        return changed(
                before,
                changes.size() == before.properties().size()
                        ? new Command.ResetBucketProperties(name)
                        : new Command.SetBucketProperties(name, changes));
    }

    private Changed changed(Bucket before, Command command) {
        ClusterState state = control.change(command);
        Bucket bucket = state.bucket(before.name());
        if (bucket == null) {
            throw NodeErrors.noSuchBucket(before.name());
        }
        boolean begun = bucket.copies() != before.copies() && !state.isSettled();
        return new Changed(
                bucket, begun ? CopiesJob.of(bucket, state.newestEpoch().number()) : null);
    }

    private void requireHolders(Bucket wanted, int before) {
        ClusterState state = router.snapshot().state();
        int owners = state.owners().size();
        int copies = wanted.copies();
        Check.argument(
                copies <= before || copies <= Math.max(1, owners),
                "bucket %s cannot have %s copies: %s storage nodes own objects",
                wanted.name(),
                copies,
                owners);
    }
}
