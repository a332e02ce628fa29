package io.forebay.gateway.auth;

import io.forebay.cluster.state.Bucket;
import java.util.concurrent.ConcurrentHashMap;

/// What buckets say of who may do what, read once for each version of a bucket.
final class BucketAccesses {
    private static final int MAX_KEPT = 10_000;

    private final ConcurrentHashMap<Long, Entry> kept = new ConcurrentHashMap<>();

    private record Entry(Bucket bucket, BucketAccess access) {}

    BucketAccess of(Bucket bucket) {
        Entry entry = kept.get(bucket.id());
        if (entry != null && entry.bucket.properties().equals(bucket.properties())) {
            return entry.access;
        }
        BucketAccess access = BucketAccess.of(bucket);
        if (kept.size() >= MAX_KEPT) {
            kept.clear();
        }
        kept.put(bucket.id(), new Entry(bucket, access));
        return access;
    }
}
