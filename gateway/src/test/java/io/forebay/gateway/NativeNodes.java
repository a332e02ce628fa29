package io.forebay.gateway;

import io.forebay.cluster.placement.Placement;
import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageCodec;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Storage nodes in memory behind a channel: plain reads, writes, removals and pages of the native object
/// API, with the ownership rule. Every request is kept, so that tests see what a gateway sent.
public final class NativeNodes implements NodeChannel {
    private final StateWatch watch;
    private final Map<NodeId, Map<ObjectKey, Stored>> nodes = new ConcurrentHashMap<>();
    private final List<Sent> requests = new CopyOnWriteArrayList<>();

    public NativeNodes(StateWatch watch) {
        this.watch = watch;
    }

    /// One request as it reached a node.
    public record Sent(NodeId node, Request request) {}

    private record Stored(ByteBuffer bytes, ObjectAttributes attributes) {}

    /// What reached the nodes, in order.
    public List<Sent> requests() {
        return requests;
    }

    /// The keys that a node holds.
    public List<ObjectKey> keys(NodeId node) {
        return List.copyOf(objects(node).keySet());
    }

    @Override
    public Reply call(Exchange outer, NodeId node, Request request, Body body) {
        requests.add(new Sent(node, request));
        Exchange exchange = DirectExchange.within(outer, request, body);
        try {
            return answer(node, exchange);
        } catch (StoreException e) {
            return new NodeErrors("t[" + node + "]").render(e, exchange);
        }
    }

    private Reply answer(NodeId node, Exchange exchange) {
        Request request = exchange.request();
        NativePath path = NativePath.parse(request.rawPath());
        Query query = request.query();
        if (path.collection().equals("daemon")) {
            return Reply.of(
                    200,
                    "application/json",
                    WireJson.write(Map.of("fs_capacity", "1000", "asked", query.find("what", ""))));
        }
        if (path.collection().equals(NativePath.BUCKETS)) {
            return page(node, exchange, path, query);
        }
        ObjectKey key = path.key(query);
        ClusterState state = watch.current();
        NodeId owner = Placement.of(state).owner(key).id();
        if (!owner.equals(node)) {
            Reply reply = new NodeErrors("t[" + node + "]")
                    .render(new StoreException(ErrorCode.NOT_OWNER, "owner is " + owner), exchange);
            return reply.with(NodeHeaders.STATE_VERSION, Long.toString(state.version()));
        }
        return switch (request.method()) {
            case GET, HEAD -> read(node, key, request);
            case PUT -> write(node, key, exchange);
            case DELETE -> remove(node, key, request);
            case PATCH, POST, OPTIONS ->
                Reply.text(
                        200,
                        request.method() + " " + new String(exchange.body().readAll(1 << 16), StandardCharsets.UTF_8));
        };
    }

    private Reply read(NodeId node, ObjectKey key, Request request) {
        Stored stored = require(node, key);
        Headers headers = new Headers();
        if (request.headers().contains(NodeHeaders.ATTRIBUTES)) {
            AttributeHeaders.write(stored.attributes, headers);
        }
        Payload payload = request.method() == Method.HEAD
                ? new Payload.Described(stored.bytes.remaining())
                : new Payload.Memory(stored.bytes.duplicate());
        return new Reply(200, headers, payload);
    }

    private Reply write(NodeId node, ObjectKey key, Exchange exchange) {
        byte[] bytes = exchange.body().readAll(1 << 20);
        Headers headers = exchange.request().headers();
        Checksum checksum = Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(bytes));
        for (Checksum expected : AttributeHeaders.readChecksums(headers, NodeHeaders.CHECKSUM)) {
            if (!expected.equals(Checksummers.of(expected.type(), ByteBuffer.wrap(bytes)))) {
                throw new StoreException(ErrorCode.CHECKSUM_MISMATCH, expected.type() + " differs");
            }
        }
        ObjectAttributes attributes = new ObjectAttributes(
                bytes.length,
                1_700_000_000_000L,
                1,
                checksum.hex() + "-x",
                List.of(checksum),
                null,
                0,
                AttributeHeaders.readSystem(headers),
                AttributeHeaders.readCustom(headers));
        objects(node).put(key, new Stored(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), attributes));
        return Reply.of(200);
    }

    private Reply remove(NodeId node, ObjectKey key, Request request) {
        Stored stored = objects(node).get(key);
        if (stored == null) {
            throw NodeErrors.nothingToDelete(key);
        }
        String match = request.headers().find("If-Match");
        if (match != null && !match.equals("\"" + stored.attributes.etag() + "\"")) {
            throw new StoreException(ErrorCode.PRECONDITION_FAILED, key + " is another");
        }
        objects(node).remove(key);
        return Reply.of(200);
    }

    private Reply page(NodeId node, Exchange exchange, NativePath path, Query query) {
        if (query.find("what", "").equals("uploads")) {
            return told(Reply.of(200, "application/json", WireJson.write(List.of())));
        }
        PageRequest asked = WireJson.read(exchange.body().readAll(1 << 16), PageRequest.class);
        List<Page.Entry> entries = new ArrayList<>();
        objects(node).forEach((key, stored) -> {
            if (key.bucket().equals(path.bucketName(query))) {
                entries.add(entry(key.name(), stored.attributes));
            }
        });
        Page page = PageModel.page(entries, asked);
        return told(Reply.of(200, PageCodec.CONTENT_TYPE, PageCodec.encode(page, asked.attributes())));
    }

    private Reply told(Reply reply) {
        return reply.with(NodeHeaders.EPOCH, Placements.of(watch.current()).label());
    }

    private static Page.Entry entry(String name, ObjectAttributes attributes) {
        return new Page.Entry(
                name,
                false,
                attributes.size(),
                attributes.modifiedMillis(),
                0,
                attributes.version(),
                attributes.etag(),
                Map.of("xxhash2", attributes.checksums().getFirst().hex()),
                "",
                attributes.custom());
    }

    private Stored require(NodeId node, ObjectKey key) {
        Stored stored = objects(node).get(key);
        if (stored == null) {
            throw new NodeErrors("t[" + node + "]").noSuchObject(key);
        }
        return stored;
    }

    private Map<ObjectKey, Stored> objects(NodeId node) {
        return nodes.computeIfAbsent(node, id -> new ConcurrentSkipListMap<>(Comparator.comparing(ObjectKey::uname)));
    }
}
