package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.UploadInfo;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.listing.LocalPage;
import io.forebay.storage.metadata.Scan;
import io.forebay.storage.multipart.MultipartUploads;
import io.forebay.storage.object.BucketUpkeep;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Upload;
import java.util.ArrayList;
import java.util.List;

/// What this node holds of a bucket: a page of its objects, or its uploads.
final class BucketRequests {
    private final ObjectStore store;
    private final MultipartUploads uploads;
    private final BucketUpkeep upkeep;

    BucketRequests(ObjectStore store, MultipartUploads uploads, BucketUpkeep upkeep) {
        this.store = store;
        this.uploads = uploads;
        this.upkeep = upkeep;
    }

    /// A page of a sealed bucket is read when every write that was in flight has ended, so that an empty one stays
    /// empty.
    Reply page(ClusterState state, Bucket bucket, byte[] message) {
        PageRequest request = WireJson.read(message, PageRequest.class);
        if (bucket.sealed()) {
            upkeep.applySeals(state);
        }
        try (Scan scan = store.scan(bucket.id())) {
            Page page = LocalPage.read(request, scan);
            return Reply.of(200, PageCodec.CONTENT_TYPE, PageCodec.encode(page, request.attributes()));
        }
    }

    Reply uploads(Bucket bucket) {
        List<UploadInfo> infos = new ArrayList<>();
        for (Upload upload : uploads.list(bucket)) {
            infos.add(new UploadInfo(upload.name(), upload.id(), upload.createdMillis(), upload.note()));
        }
        return Reply.of(200, "application/json", WireJson.write(infos));
    }
}
