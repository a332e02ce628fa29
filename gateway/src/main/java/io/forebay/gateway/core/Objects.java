package io.forebay.gateway.core;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.relay.Relay;
import io.forebay.gateway.routing.Router;
import io.forebay.gateway.routing.Snapshot;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.RemovalsReply;
import io.forebay.protocol.api.RemovalsRequest;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operations on single objects: each is one native request to the object's owner, or one to each of two owners.
public final class Objects {
    private static final int NOT_MODIFIED = 304;

    private final Router router;
    private final Relay relay;
    private final JointRemovals removals;

    /// @param maxAnswerBytes of what a node may answer to the removal of many
    public Objects(Router router, Relay relay, int maxAnswerBytes) {
        this.router = router;
        this.relay = relay;
        this.removals = new JointRemovals(router, relay, maxAnswerBytes);
    }

    /// Where an object is, and under which cluster state.
    public record Location(Node owner, String stateVersion) {}

    /// Throws NO_SUCH_BUCKET, or NODE_UNAVAILABLE when there are no active storage nodes.
    public Location locate(ObjectKey key) {
        Snapshot snapshot = router.snapshot();
        snapshot.require(key.bucket());
        return new Location(snapshot.owner(key), snapshot.versionText());
    }

    /// Sends a native request and gives the reply of a success or a `304 Not Modified`; attributes asked for by
    /// `Forebay-Attributes: 1` are read from it by `AttributeHeaders.read`. Takes over the headers; the reply's
    /// payload belongs to the caller. Returns `Reply.WOULD_WAIT` when the exchange may not wait and the answer
    /// would. A failure is thrown as the StoreException that the node meant; NO_SUCH_BUCKET when the bucket is
    /// unknown here.
    ///
    /// Of the key of a version that version is meant, be it the current one or another.
    ///
    /// `nativeQuery` is a raw query without `?` (`uploadId=…&partNumber=3`, percent-encoded) or empty; provider
    /// and namespace are added here.
    public Reply call(Exchange outer, ObjectKey key, Method method, String nativeQuery, Headers headers, Body body) {
        if (key.isVersion()) {
            headers.set(NodeHeaders.VERSION, key.version());
        }
        if (method != Method.GET && method != Method.HEAD) {
            Occasions.addTo(headers);
        }
        Reply reply = relay.toOwner(outer, key, method, nativeQuery, headers, body);
        if (reply.status() >= 400) {
            throw NodeErrors.read(reply);
        }
        return reply;
    }

    /// Sends the outer request itself, with other headers, to the owner of the key that its path names. A failure
    /// comes back as the node's own reply. Otherwise as `call`.
    public Reply forward(Exchange outer, ObjectKey key, Headers headers, Body body) {
        Request request = new Request(outer.request().method(), outer.request().target(), headers);
        return relay.toOwner(outer, key, request, body);
    }

    /// As `forward`, but to that storage node, owner or not. Throws NO_SUCH_NODE when it is not in the map.
    public Reply forwardTo(NodeId id, Exchange outer, ObjectKey key, Headers headers, Body body) {
        Snapshot snapshot = router.snapshot();
        Node node = storageNode(snapshot, id, key);
        Request request = new Request(outer.request().method(), outer.request().target(), headers);
        return relay.toNode(outer, node, snapshot, request, body);
    }

    /// Where a storage node is that a request about an object names. Throws NO_SUCH_BUCKET or NO_SUCH_NODE.
    public Location at(NodeId id, ObjectKey key) {
        Snapshot snapshot = router.snapshot();
        return new Location(storageNode(snapshot, id, key), snapshot.versionText());
    }

    private static Node storageNode(Snapshot snapshot, NodeId id, ObjectKey key) {
        snapshot.require(key.bucket());
        Node node = snapshot.state().node(id);
        if (node == null || node.role() != Node.Role.STORAGE) {
            throw new StoreException(ErrorCode.NO_SUCH_NODE, "node " + id + " is not present in the cluster map");
        }
        return node;
    }

    /// Removes many objects of one bucket by one request to each of their owners, and gives what became of
    /// each, in their order; null for one that was not tried and is to be removed by itself: while owners
    /// change, or where a bucket has copies. Only where the exchange may wait. Throws NO_SUCH_BUCKET.
    ///
    /// @param removed at most `RemovalsRequest.MAX_COUNT`
    public List<RemovalsReply.@Nullable Outcome> removeAll(
            Exchange outer, BucketName bucket, List<RemovalsRequest.Removal> removed) {
        return removals.remove(outer, bucket, removed);
    }

    /// What a node says of an object, its attributes among it (`AttributeHeaders`). Only where the exchange
    /// may wait. Throws NO_SUCH_OBJECT and whatever else a node means.
    public Headers describe(Exchange outer, ObjectKey key) {
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        Reply node = call(outer, key, Method.HEAD, "", headers, Body.empty());
        node.payload().close();
        return node.headers();
    }

    /// As `describe`, of the newest version of an object, which may say that it was removed. Throws NO_SUCH_VERSION
    /// when there is none.
    public Headers describeNewest(Exchange outer, ObjectKey key) {
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1").add(NodeHeaders.VERSION, NodeHeaders.NEWEST);
        Reply node = call(outer, key, Method.HEAD, "", headers, Body.empty());
        node.payload().close();
        return node.headers();
    }

    /// As `describe`, or null when there is no object.
    public @Nullable Headers find(Exchange outer, ObjectKey key) {
        try {
            return describe(outer, key);
        } catch (StoreException e) {
            if (e.code() == ErrorCode.NO_SUCH_OBJECT) {
                return null;
            }
            throw e;
        }
    }

    /// Copies an object with its attributes and user metadata, whoever owns the two, and tells what was copied:
    /// the bytes stream through this gateway and are verified by the target. Only where the exchange may wait.
    /// Throws what reading or writing throws; nothing is written when it fails.
    public ObjectAttributes copy(Exchange outer, ObjectKey source, ObjectKey target) {
        return copy(outer, source, new Headers(), target, new Headers());
    }

    /// As above, with headers of a read that the source is held to and headers of a write for the target. Throws
    /// PRECONDITION_FAILED also where a read would be answered that nothing has changed.
    private ObjectAttributes copy(
            Exchange outer, ObjectKey source, Headers ofSource, ObjectKey target, Headers ofTarget) {
        Headers ask = new Headers().addAll(ofSource).add(NodeHeaders.ATTRIBUTES, "1");
        Reply found = call(outer, source, Method.GET, "", ask, Body.empty());
        try (PayloadSource bytes = new PayloadSource(found.payload())) {
            if (found.status() == NOT_MODIFIED) {
                throw new StoreException(ErrorCode.PRECONDITION_FAILED, source + " has not changed");
            }
            ObjectAttributes attributes = AttributeHeaders.read(found.headers());
            Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
            AttributeHeaders.writeSystem(attributes.system(), headers);
            AttributeHeaders.writeCustom(attributes.custom(), headers);
            addEncryption(found.headers(), target, headers);
            for (Checksum checksum : attributes.checksums()) {
                headers.add(NodeHeaders.CHECKSUM, checksum.type().wireName() + "=" + checksum.hex());
            }
            headers.addAll(ofTarget);
            call(outer, target, Method.PUT, "", headers, bytes).payload().close();
            return attributes;
        }
    }

    /// A copy is encrypted as its bucket has it, and where that says nothing, as what it is a copy of.
    private void addEncryption(Headers source, ObjectKey target, Headers headers) {
        String encryption = source.find(NodeHeaders.ENCRYPTION);
        Bucket bucket = router.snapshot().require(target.bucket());
        if (encryption != null && !bucket.properties().containsKey(Bucket.ENCRYPTION)) {
            headers.add(NodeHeaders.ENCRYPTION, encryption);
        }
    }

    /// Copies an object to another name, then removes it unless it changed in between. Otherwise as `copy`.
    public void rename(Exchange outer, ObjectKey source, ObjectKey target) {
        rename(outer, source, new Headers(), target, new Headers());
    }

    /// As above, with headers of a read that the source is held to, and headers of a write for the target.
    /// Throws PRECONDITION_FAILED also where a read would be answered that nothing has changed.
    public void rename(Exchange outer, ObjectKey source, Headers ofSource, ObjectKey target, Headers ofTarget) {
        ObjectAttributes copied = copy(outer, source, ofSource, target, ofTarget);
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1").add("If-Match", "\"" + copied.etag() + "\"");
        try {
            call(outer, source, Method.DELETE, "", headers, Body.empty())
                    .payload()
                    .close();
        } catch (StoreException e) {
            if (e.code() != ErrorCode.PRECONDITION_FAILED && e.code() != ErrorCode.NO_SUCH_OBJECT) {
                throw e;
            }
        }
    }
}
