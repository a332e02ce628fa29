package io.forebay.gateway.listing;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.gateway.relay.Fanout;
import io.forebay.gateway.relay.Relay;
import io.forebay.gateway.routing.Snapshot;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.UploadInfo;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.BodyBytes;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Asks every owner for a page of a bucket and merges what they say.
///
/// One owner is asked on the calling thread, several at once on virtual threads, and all again where their pages
/// are too short. Any owner that fails fails the listing: a page with holes would be taken for the whole.
public final class MergedListing {
    private static final Comparator<UploadInfo> BY_NAME_AND_ID =
            Comparator.comparing(UploadInfo::name, NameOrder.INSTANCE).thenComparing(UploadInfo::id);

    private final Relay relay;
    private final int maxPageBytes;

    public MergedListing(Relay relay, int maxPageBytes) {
        this.relay = relay;
        this.maxPageBytes = maxPageBytes;
    }

    /// One page of one owner.
    public Page page(Exchange outer, Snapshot snapshot, Node owner, BucketName bucket, PageRequest request) {
        return ask(outer, snapshot, owner, bucket, request);
    }

    /// One page of all owners under that snapshot, full unless it is the last.
    public Page page(Exchange outer, Snapshot snapshot, BucketName bucket, PageRequest request) {
        Check.that(outer.mayWait(), "listing %s on a thread that may not wait", bucket);
        requireOwners(snapshot, bucket);
        Page merged = round(outer, snapshot, bucket, request);
        while (merged.truncated() && merged.entries().size() < request.limit()) {
            String last = merged.entries().getLast().name();
            int missing = request.limit() - merged.entries().size();
            Page more = round(
                    outer,
                    snapshot,
                    bucket,
                    new PageRequest(request.prefix(), last, request.delimiter(), missing, request.attributes()));
            List<Page.Entry> entries = new ArrayList<>(merged.entries());
            entries.addAll(more.entries());
            merged = new Page(entries, more.truncated());
        }
        return merged;
    }

    /// Every multipart upload in progress in the bucket, by name, then id.
    public List<UploadInfo> uploads(Exchange outer, Snapshot snapshot, BucketName bucket) {
        requireOwners(snapshot, bucket);
        List<List<UploadInfo>> lists = Fanout.ask(snapshot.owners(), node -> {
            String target = NativePath.target(bucket) + "&what=uploads";
            byte[] body = read(
                    relay.toNode(outer, node, snapshot, new Request(Method.GET, target, new Headers()), Body.empty()));
            return WireJson.readList(body, UploadInfo.class);
        });
        List<UploadInfo> uploads = new ArrayList<>();
        lists.forEach(uploads::addAll);
        uploads.sort(BY_NAME_AND_ID);
        return uploads;
    }

    /// Without owners nothing is known of a bucket, least of all that it is empty.
    private static void requireOwners(Snapshot snapshot, BucketName bucket) {
        if (snapshot.owners().isEmpty()) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "no storage targets for bucket " + bucket);
        }
    }

    private Page round(Exchange outer, Snapshot snapshot, BucketName bucket, PageRequest request) {
        List<Page> pages = Fanout.ask(snapshot.owners(), node -> ask(outer, snapshot, node, bucket, request));
        return pages.size() == 1 ? pages.getFirst() : PageMerge.merge(pages, request.limit());
    }

    private Page ask(Exchange outer, Snapshot snapshot, Node node, BucketName bucket, PageRequest request) {
        byte[] json = WireJson.write(request);
        Headers headers = new Headers().add("Content-Type", "application/json").add("Content-Length", json.length);
        Request head = new Request(Method.GET, NativePath.target(bucket) + "&what=page", headers);
        Page page = PageCodec.decode(read(relay.toNode(outer, node, snapshot, head, MemoryBody.of(json))));
        Check.that(
                !page.truncated() || !page.entries().isEmpty(),
                "node %s gave a truncated page of %s without entries",
                node.id(),
                bucket);
        return page;
    }

    private byte[] read(Reply reply) {
        if (reply.status() >= 400) {
            throw NodeErrors.read(reply);
        }
        try (PayloadSource body = new PayloadSource(reply.payload())) {
            return BodyBytes.readAll(body, maxPageBytes);
        }
    }
}
