package io.forebay.gateway.core;

import io.forebay.common.model.BucketName;
import io.forebay.gateway.listing.MergedListing;
import io.forebay.gateway.routing.Router;
import io.forebay.gateway.routing.Snapshot;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.UploadInfo;
import io.forebay.protocol.http.Exchange;
import java.util.List;

/// What a bucket holds, over all its owners. Listing waits for storage nodes: call it only where the exchange may
/// wait.
public final class Listings {
    private final Router router;
    private final MergedListing merged;

    public Listings(Router router, MergedListing merged) {
        this.router = router;
        this.merged = merged;
    }

    /// One page: complete and in UTF-8 byte order, each object and group once, full unless it is the last. Throws
    /// NO_SUCH_BUCKET.
    public Page page(Exchange outer, BucketName bucket, PageRequest request) {
        Snapshot snapshot = router.snapshot();
        snapshot.require(bucket);
        return merged.page(outer, snapshot, bucket, request);
    }

    /// Every multipart upload in progress, by name in UTF-8 byte order, then by id. Throws NO_SUCH_BUCKET.
    public List<UploadInfo> uploads(Exchange outer, BucketName bucket) {
        Snapshot snapshot = router.snapshot();
        snapshot.require(bucket);
        return merged.uploads(outer, snapshot, bucket);
    }

    /// Whether no owner holds an object of the bucket, asked at that state version or a newer one.
    boolean isEmpty(Exchange outer, BucketName bucket, long version) {
        Snapshot snapshot = router.await(version);
        PageRequest one = new PageRequest("", "", "", 1, false);
        return merged.page(outer, snapshot, bucket, one).entries().isEmpty();
    }
}
