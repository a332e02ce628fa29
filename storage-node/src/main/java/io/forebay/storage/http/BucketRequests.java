package io.forebay.storage.http;

import io.forebay.common.model.BucketName;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.UploadInfo;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.listing.HeldPage;
import io.forebay.storage.listing.LocalPage;
import io.forebay.storage.metadata.Scan;
import io.forebay.storage.multipart.MultipartUploads;
import io.forebay.storage.object.BucketUpkeep;
import io.forebay.storage.object.HeldScan;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Upload;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.Testimony;
import java.util.ArrayList;
import java.util.List;

/// What this node has of a bucket: a page of its objects, or its uploads. Each answer says under which
/// epochs of owners it holds; several nodes' answers fit together when they say the same.
final class BucketRequests {
    private final Fence fence;
    private final ObjectStore store;
    private final MultipartUploads uploads;
    private final BucketUpkeep upkeep;

    BucketRequests(Fence fence, ObjectStore store, MultipartUploads uploads, BucketUpkeep upkeep) {
        this.fence = fence;
        this.store = store;
        this.uploads = uploads;
        this.upkeep = upkeep;
    }

    /// The objects that this node answers for. Of a sealed bucket they are read when every write that was
    /// in flight has ended, so that an empty one stays empty.
    Reply page(BucketName name, byte[] message) {
        PageRequest request = WireJson.read(message, PageRequest.class);
        Testimony testimony = testimony(name);
        try (Scan scan = store.scan(testimony.bucket().id())) {
            Page page = testimony.answersForAll()
                    ? LocalPage.read(request, scan, any -> true)
                    : LocalPage.read(request, scan, testimony::answersFor);
            return told(testimony, encoded(page, request));
        }
    }

    /// All that this node has, tombstones included, while owners change.
    Reply holdings(BucketName name, byte[] message) {
        PageRequest request = WireJson.read(message, PageRequest.class);
        Testimony testimony = testimony(name);
        try (HeldScan scan = store.holdings().scan(testimony.bucket().id())) {
            return told(testimony, encoded(HeldPage.read(request, scan, testimony::weigh), request));
        }
    }

    Reply uploads(BucketName name) {
        Testimony testimony = testimony(name);
        List<UploadInfo> infos = new ArrayList<>();
        for (Upload upload : uploads.list(testimony.bucket())) {
            if (testimony.mayHaveUploads(upload.name())) {
                infos.add(new UploadInfo(upload.name(), upload.id(), upload.createdMillis(), upload.note()));
            }
        }
        return told(testimony, Reply.of(200, "application/json", WireJson.write(infos)));
    }

    private Testimony testimony(BucketName name) {
        Testimony testimony = Testimony.of(fence, name);
        if (testimony.bucket().sealed()) {
            upkeep.applySeals(testimony.view().state());
        }
        return testimony;
    }

    private static Reply told(Testimony testimony, Reply reply) {
        testimony.require();
        return reply.with(NodeHeaders.EPOCH, testimony.label());
    }

    private static Reply encoded(Page page, PageRequest request) {
        return Reply.of(200, PageCodec.CONTENT_TYPE, PageCodec.encode(page, request.attributes()));
    }
}
