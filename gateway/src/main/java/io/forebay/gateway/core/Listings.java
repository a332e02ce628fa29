package io.forebay.gateway.core;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Versioning;
import io.forebay.gateway.listing.MergedListing;
import io.forebay.gateway.routing.Router;
import io.forebay.gateway.routing.Snapshot;
import io.forebay.protocol.api.MembersPage;
import io.forebay.protocol.api.MembersRequest;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.UploadInfo;
import io.forebay.protocol.api.VersionPage;
import io.forebay.protocol.api.VersionsRequest;
import io.forebay.protocol.http.Exchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a bucket holds, over all its owners. Listing waits for storage nodes: call it only where the exchange may
/// wait.
public final class Listings {
    private final Router router;
    private final MergedListing merged;
    private final ArchiveMembers members;

    public Listings(Router router, MergedListing merged, ArchiveMembers members) {
        this.router = router;
        this.merged = merged;
        this.members = members;
    }

    /// One page: complete and in UTF-8 byte order, each object and group once, full unless it is the last. Throws
    /// NO_SUCH_BUCKET.
    public Page page(Exchange outer, BucketName bucket, PageRequest request) {
        Snapshot snapshot = router.snapshot();
        snapshot.require(bucket);
        return merged.page(outer, snapshot, bucket, request);
    }

    /// One page of what one storage node holds, in the same order. Throws NO_SUCH_NODE when no active one has
    /// that id.
    public Page page(Exchange outer, NodeId owner, BucketName bucket, PageRequest request) {
        Snapshot snapshot = router.snapshot();
        snapshot.require(bucket);
        for (Node node : snapshot.owners()) {
            if (node.id().equals(owner)) {
                return merged.page(outer, snapshot, node, bucket, request);
            }
        }
        throw new StoreException(
                ErrorCode.NO_SUCH_NODE, "node " + owner + " is not present among the active storage nodes");
    }

    /// One page of objects and of what is in archives among them, in UTF-8 byte order; fewer than the limit
    /// only at the end. Throws NO_SUCH_BUCKET.
    ///
    /// @param owner the storage node whose objects are listed; null for all
    /// @param groups whether rolled-up groups are listed
    public List<Listed> contents(
            Exchange outer, @Nullable NodeId owner, BucketName bucket, PageRequest request, boolean groups) {
        return new ArchiveListing(
                        request,
                        groups,
                        asked -> owner == null ? page(outer, bucket, asked) : page(outer, owner, bucket, asked),
                        (archive, asked) -> members(outer, owner, new ObjectKey(bucket, archive), asked))
                .page();
    }

    private @Nullable MembersPage members(
            Exchange outer, @Nullable NodeId owner, ObjectKey archive, MembersRequest request) {
        boolean elsewhere =
                owner != null && !router.snapshot().owner(archive).id().equals(owner);
        return elsewhere ? null : members.page(outer, archive, request);
    }

    /// One page of the versions of the bucket's objects, in UTF-8 byte order of the names and the newest version of
    /// each first; a bucket without versions has one of each object. Throws NO_SUCH_BUCKET.
    public VersionPage versions(Exchange outer, BucketName bucket, VersionsRequest request) {
        Snapshot snapshot = router.snapshot();
        snapshot.require(bucket);
        return merged.versions(outer, snapshot, bucket, request);
    }

    /// Every multipart upload in progress, by name in UTF-8 byte order, then by id. Throws NO_SUCH_BUCKET.
    public List<UploadInfo> uploads(Exchange outer, BucketName bucket) {
        Snapshot snapshot = router.snapshot();
        snapshot.require(bucket);
        return merged.uploads(outer, snapshot, bucket);
    }

    /// Whether no owner holds an object of the bucket, or a version of one, asked at that state version or a newer
    /// one.
    boolean isEmpty(Exchange outer, BucketName bucket, long version) {
        Snapshot snapshot = router.await(version);
        PageRequest one = new PageRequest("", "", "", 1, false);
        return merged.page(outer, snapshot, bucket, one).entries().isEmpty()
                && (snapshot.require(bucket).versioning() == Versioning.OFF
                        || merged.versions(outer, snapshot, bucket, new VersionsRequest(one, ""))
                                .entries()
                                .isEmpty());
    }
}
