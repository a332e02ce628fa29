package io.forebay.gateway.listing;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.Check;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.relay.Canvass;
import io.forebay.gateway.relay.Fanout;
import io.forebay.gateway.relay.Relay;
import io.forebay.gateway.routing.Snapshot;
import io.forebay.protocol.api.EntriesRequest;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.NodeReply;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.UploadInfo;
import io.forebay.protocol.api.VersionPage;
import io.forebay.protocol.api.VersionsRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Asks every node that may hold objects of a bucket for a page, and merges what they say.
///
/// While owners are settled each one lists the objects that it answers for. While they change, all nodes
/// tell all that they have, with stamps and tombstones, and what is the newest of a name is found out here,
/// or decided by its primary where it may yet be lost (`docs/decisions/0015`).
public final class MergedListing {
    private static final Comparator<UploadInfo> BY_NAME_AND_ID =
            Comparator.comparing(UploadInfo::name, NameOrder.INSTANCE).thenComparing(UploadInfo::id);

    private final Relay relay;
    private final Canvass canvass;
    private final int maxPageBytes;

    public MergedListing(Relay relay, int maxPageBytes) {
        this.relay = relay;
        this.canvass = relay.canvass();
        this.maxPageBytes = maxPageBytes;
    }

    /// One page of what one node answers for.
    public Page page(Exchange outer, Snapshot snapshot, Node owner, BucketName bucket, PageRequest request) {
        return askPage(outer, snapshot, owner, bucket, "page", request).value().page();
    }

    /// One page of all nodes, under that snapshot or a newer one: full unless it is the last. Throws what
    /// `Canvass.ask` does.
    public Page page(Exchange outer, Snapshot snapshot, BucketName bucket, PageRequest request) {
        Check.that(outer.mayWait(), "listing %s on a thread that may not wait", bucket);
        PageMerge merge = new PageMerge(request);
        Snapshot now = snapshot;
        while (!merge.isComplete()) {
            Canvass.Answers<Page> answers = canvass.ask(
                    now,
                    bucket,
                    (node, current) -> current.placements().areSettled()
                            ? askPage(outer, current, node, bucket, "page", merge.nextPage())
                            : askPage(outer, current, node, bucket, "holdings", merge.nextHoldings()),
                    (current, told) -> decided(outer, current, bucket, told, request.attributes()));
            now = answers.snapshot();
            if (now.placements().areSettled()) {
                merge.addPages(answers.values());
            } else {
                merge.addHoldings(answers.values());
            }
        }
        return merge.page();
    }

    /// One page of the versions of a bucket's objects, under that snapshot or a newer one: full unless it is the
    /// last. Throws as `page` does.
    public VersionPage versions(Exchange outer, Snapshot snapshot, BucketName bucket, VersionsRequest request) {
        Check.that(outer.mayWait(), "listing versions of %s on a thread that may not wait", bucket);
        VersionMerge merge = new VersionMerge(request);
        Snapshot now = snapshot;
        while (!merge.isComplete()) {
            VersionsRequest next = merge.next();
            Canvass.Answers<VersionRound> answers = canvass.ask(
                    now,
                    bucket,
                    (node, current) -> current.placements().areSettled()
                            ? askVersions(outer, current, node, bucket, "versions", next)
                            : askVersions(outer, current, node, bucket, "versionnames", next),
                    (current, told) -> List.of(
                            current.placements().areSettled()
                                    ? VersionRound.of(told)
                                    : versionsOf(outer, current, bucket, told, next)));
            now = answers.snapshot();
            answers.values().forEach(merge::add);
        }
        return merge.page();
    }

    private Canvass.Answer<VersionPage> askVersions(
            Exchange outer, Snapshot snapshot, Node node, BucketName bucket, String what, Object message) {
        Reply reply = ask(outer, snapshot, node, bucket, what, message);
        return new Canvass.Answer<>(label(reply), NodeReply.read(reply, VersionPage.class, maxPageBytes));
    }

    /// What the primaries say for certain of the names that nodes told.
    private VersionRound versionsOf(
            Exchange outer, Snapshot snapshot, BucketName bucket, List<VersionPage> told, VersionsRequest request) {
        VersionRound.Names names = VersionRound.Names.of(told);
        Map<Node, List<String>> byPrimary = new LinkedHashMap<>();
        for (String name : names.names()) {
            Node primary = snapshot.owner(new ObjectKey(bucket, name));
            byPrimary.computeIfAbsent(primary, node -> new ArrayList<>()).add(name);
        }
        List<VersionPage> pages = byPrimary.isEmpty()
                ? List.of()
                : Fanout.ask(List.copyOf(byPrimary.keySet()), node -> {
                    EntriesRequest asked = new EntriesRequest(byPrimary.getOrDefault(node, List.of()), true);
                    return askVersions(outer, snapshot, node, bucket, "versionsof", asked)
                            .value();
                });
        return names.certain(pages, request);
    }

    /// Every multipart upload in progress in the bucket, by name, then id.
    public List<UploadInfo> uploads(Exchange outer, Snapshot snapshot, BucketName bucket) {
        NavigableSet<UploadInfo> uploads = new TreeSet<>(BY_NAME_AND_ID);
        Canvass.Answers<List<UploadInfo>> last = askUploads(outer, snapshot, bucket);
        last.values().forEach(uploads::addAll);
        boolean certain = last.snapshot().placements().areSettled();
        while (!certain) {
            // An upload that goes from one node to another in between may be seen at neither, but not twice: under one
            // label each goes to one node only, and stays there.
            Canvass.Answers<List<UploadInfo>> next = askUploads(outer, last.snapshot(), bucket);
            certain = next.snapshot().placements().areSettled()
                    || next.snapshot().epochLabel().equals(last.snapshot().epochLabel());
            next.values().forEach(uploads::addAll);
            last = next;
        }
        return List.copyOf(uploads);
    }

    private Canvass.Answers<List<UploadInfo>> askUploads(Exchange outer, Snapshot snapshot, BucketName bucket) {
        return canvass.ask(snapshot, bucket, (node, now) -> {
            Request request = new Request(Method.GET, NativePath.target(bucket, "what=uploads"), new Headers());
            Reply reply = relay.toNode(outer, node, now, request, Body.empty());
            return new Canvass.Answer<>(label(reply), WireJson.readList(read(reply), UploadInfo.class));
        });
    }

    private Canvass.Answer<NodePage> askPage(
            Exchange outer, Snapshot snapshot, Node node, BucketName bucket, String what, PageRequest request) {
        Reply reply = ask(outer, snapshot, node, bucket, what, request);
        Page page = PageCodec.decode(read(reply));
        Check.that(
                !page.truncated() || !page.entries().isEmpty(),
                "node %s gave a truncated page of %s without entries",
                node.id(),
                bucket);
        return new Canvass.Answer<>(label(reply), new NodePage(node.id(), page));
    }

    /// What all told, and what the primaries say for certain of names that are in doubt.
    private List<Page> decided(
            Exchange outer, Snapshot snapshot, BucketName bucket, List<NodePage> told, boolean attributes) {
        Map<Node, List<String>> names = new LinkedHashMap<>();
        for (String name : Doubts.among(told, snapshot.placements(), snapshot.require(bucket))) {
            Node primary = snapshot.owner(new ObjectKey(bucket, name));
            names.computeIfAbsent(primary, node -> new ArrayList<>()).add(name);
        }
        List<Page> pages = new ArrayList<>();
        told.forEach(page -> pages.add(page.page()));
        if (!names.isEmpty()) {
            pages.addAll(Fanout.ask(List.copyOf(names.keySet()), node -> {
                EntriesRequest request = new EntriesRequest(names.getOrDefault(node, List.of()), attributes);
                return PageCodec.decode(read(ask(outer, snapshot, node, bucket, "entries", request)));
            }));
        }
        return pages;
    }

    private Reply ask(Exchange outer, Snapshot snapshot, Node node, BucketName bucket, String what, Object message) {
        byte[] json = WireJson.write(message);
        Headers headers = new Headers().add("Content-Type", "application/json").add("Content-Length", json.length);
        Request head = new Request(Method.GET, NativePath.target(bucket, "what=" + what), headers);
        return relay.toNode(outer, node, snapshot, head, MemoryBody.of(json));
    }

    private static String label(Reply reply) {
        return reply.headers().find(NodeHeaders.EPOCH, "unknown");
    }

    private byte[] read(Reply reply) {
        return NodeReply.read(reply, maxPageBytes);
    }
}
