package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.Check;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.EntriesRequest;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.UploadInfo;
import io.forebay.protocol.api.VersionPage;
import io.forebay.protocol.api.VersionsRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.listing.HeldPage;
import io.forebay.storage.listing.LocalPage;
import io.forebay.storage.listing.VersionPages;
import io.forebay.storage.metadata.Scan;
import io.forebay.storage.multipart.MultipartUploads;
import io.forebay.storage.object.BucketUpkeep;
import io.forebay.storage.object.HeldScan;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.VersionScan;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.peer.Consult;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.Testimony;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What this node has of a bucket: a page of its objects, or its uploads. Each answer says under which
/// epochs of owners it holds; several nodes' answers fit together when they say the same.
final class BucketRequests {
    private final Fence fence;
    private final ObjectStore store;
    private final MultipartUploads uploads;
    private final BucketUpkeep upkeep;
    private final Consult consult;

    BucketRequests(Fence fence, Consult consult, ObjectStore store, MultipartUploads uploads, BucketUpkeep upkeep) {
        this.fence = fence;
        this.consult = consult;
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
            return told(testimony, encoded(page, request.attributes()));
        }
    }

    /// All that this node has, tombstones included, while owners change.
    Reply holdings(BucketName name, byte[] message) {
        PageRequest request = WireJson.read(message, PageRequest.class);
        Testimony testimony = testimony(name);
        try (HeldScan scan = store.holdings().scanObjects(testimony.bucket().id())) {
            return told(testimony, encoded(HeldPage.read(request, scan, testimony::weigh), request.attributes()));
        }
    }

    /// The newest values of some names, which every holder of them has then. Throws NOT_OWNER when another
    /// node is the primary of one, INVALID_ARGUMENT when there are too many.
    Reply entries(BucketName name, byte[] message) {
        EntriesRequest request = WireJson.read(message, EntriesRequest.class);
        int count = request.names().size();
        Check.argument(count <= LocalPage.MAX_LIMIT, "%s names are more than %s", count, LocalPage.MAX_LIMIT);
        Testimony testimony = testimony(name);
        List<Page.Entry> entries = new ArrayList<>(count);
        for (String object : request.names()) {
            entries.add(entry(testimony, new ObjectKey(name, object), request.attributes()));
        }
        return told(testimony, encoded(new Page(entries, false), request.attributes()));
    }

    /// The versions of the objects that this node answers for. Otherwise as `page`.
    Reply versions(BucketName name, byte[] message) {
        VersionsRequest request = WireJson.read(message, VersionsRequest.class);
        Testimony testimony = testimony(name);
        try (VersionScan scan = store.scanVersions(testimony.bucket().id())) {
            Predicate<String> listed = testimony.answersForAll() ? any -> true : testimony::answersFor;
            return told(testimony, JsonReply.of(VersionPages.read(request, scan, listed)));
        }
    }

    /// The names of all of which this node has a version, while owners change.
    Reply versionNames(BucketName name, byte[] message) {
        VersionsRequest request = WireJson.read(message, VersionsRequest.class);
        Testimony testimony = testimony(name);
        try (VersionScan scan = store.scanVersions(testimony.bucket().id())) {
            return told(testimony, JsonReply.of(VersionPages.readNames(request, scan, any -> true)));
        }
    }

    /// All versions of some names, once they are here. Throws as `entries` does.
    Reply versionsOf(BucketName name, byte[] message) {
        EntriesRequest request = WireJson.read(message, EntriesRequest.class);
        Testimony testimony = testimony(name);
        Bucket bucket = testimony.bucket();
        List<VersionPage.Entry> entries = new ArrayList<>();
        for (String object : request.names()) {
            ObjectKey key = new ObjectKey(name, object);
            if (!testimony.answersFor(object)) {
                throw fence.movedAway(key);
            }
            consult.find(testimony.view(), bucket, key, Consult.Purpose.CHANGE, Waiting.ALLOWED);
            consult.findVersions(testimony.view(), bucket, key);
            entries.addAll(VersionPages.entries(object, store.versions(bucket, key)));
        }
        return told(testimony, JsonReply.of(new VersionPage(entries, false)));
    }

    private Page.Entry entry(Testimony testimony, ObjectKey key, boolean attributes) {
        if (!testimony.answersFor(key.name())) {
            throw fence.movedAway(key);
        }
        Bucket bucket = testimony.bucket();
        consult.find(testimony.view(), bucket, key, Consult.Purpose.LIST, Waiting.ALLOWED);
        return store.find(bucket, key, Waiting.ALLOWED) instanceof ReadOutcome.Found found
                ? LocalPage.entry(key.name(), found.record(), attributes)
                : Page.Entry.removed(key.name(), 0, 0);
    }

    Reply uploads(BucketName name) {
        Testimony testimony = testimony(name);
        List<UploadInfo> infos = new ArrayList<>();
        for (Upload upload : uploads.list(testimony.bucket())) {
            if (testimony.mayHaveUploads(upload.name())) {
                infos.add(new UploadInfo(
                        upload.name(), upload.id(), upload.createdMillis(), upload.note(), upload.system()));
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

    private static Reply encoded(Page page, boolean attributes) {
        return Reply.of(200, PageCodec.CONTENT_TYPE, PageCodec.encode(page, attributes));
    }
}
