package io.forebay.gateway.relay;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.routing.Router;
import io.forebay.gateway.routing.Snapshot;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Sends requests to storage nodes, with the state version that they were routed by.
///
/// The one place of the gateway that routes again: a node that is not the owner, or has another map, says so
/// before it touches the body, and the request then goes once more under the refreshed state. Replies come back
/// as the node sent them, failures included.
public final class Relay {
    private final Router router;
    private final NodeChannel channel;
    private final LongAdder rerouted;

    /// `rerouted` counts the requests that went a second time.
    public Relay(Router router, NodeChannel channel, LongAdder rerouted) {
        this.router = router;
        this.channel = channel;
        this.rerouted = rerouted;
    }

    /// Sends an object request to the key's owner. Takes over the headers; the reply's payload belongs to the
    /// caller. Returns `Reply.WOULD_WAIT` when the exchange may not wait and the answer would. Throws
    /// NO_SUCH_BUCKET, NODE_UNAVAILABLE, or STALE_MAP when the state that the node has does not arrive here.
    public Reply toOwner(Exchange outer, ObjectKey key, Method method, String nativeQuery, Headers headers, Body body) {
        return toOwner(outer, key, new Request(method, target(key, nativeQuery), headers), body);
    }

    /// Sends a native request as it is to the owner of the key that its path names; otherwise as the other.
    public Reply toOwner(Exchange outer, ObjectKey key, Request request, Body body) {
        Snapshot snapshot = router.snapshot();
        snapshot.require(key.bucket());
        if (body.length() == 0) {
            Reply reply = send(outer, snapshot.owner(key), snapshot, request, body);
            return isMisrouted(reply) ? again(outer, key, snapshot, request, body, reply) : reply;
        }
        // An engine's own body tells by itself, and its buffers pass from connection to connection without a copy.
        Body tracked = body.touched() ? new TouchedBody(body) : body;
        Reply reply = send(outer, snapshot.owner(key), snapshot, request, tracked);
        return isMisrouted(reply) && !tracked.touched() ? again(outer, key, snapshot, request, body, reply) : reply;
    }

    /// Sends a request to one node under that snapshot.
    public Reply toNode(Exchange outer, Node node, Snapshot snapshot, Request request, Body body) {
        return send(outer, node, snapshot, request, body);
    }

    private Reply again(Exchange outer, ObjectKey key, Snapshot used, Request request, Body body, Reply misrouted) {
        if (!outer.mayWait()) {
            misrouted.payload().close();
            return Reply.WOULD_WAIT;
        }
        Snapshot snapshot = refreshed(used, misrouted.headers().find(NodeHeaders.STATE_VERSION));
        if (snapshot == null) {
            return misrouted;
        }
        misrouted.payload().close();
        rerouted.increment();
        snapshot.require(key.bucket());
        return send(outer, snapshot.owner(key), snapshot, request, body);
    }

    /// A newer snapshot than the one used, or null when the node has none to offer.
    private @Nullable Snapshot refreshed(Snapshot used, @Nullable String nodeVersion) {
        Snapshot newest = router.snapshot();
        if (newest.state().version() > used.state().version()) {
            return newest;
        }
        if (nodeVersion == null) {
            return null;
        }
        try {
            long version = Long.parseLong(nodeVersion);
            return version > used.state().version() ? router.await(version) : null;
        } catch (NumberFormatException e) {
            throw new StoreException(ErrorCode.INTERNAL, "a node's state version is no number: " + nodeVersion, e);
        }
    }

    private Reply send(Exchange outer, Node node, Snapshot snapshot, Request request, Body body) {
        request.headers().set(NodeHeaders.STATE_VERSION, snapshot.versionText());
        return channel.call(outer, node.id(), request, body);
    }

    private static String target(ObjectKey key, String nativeQuery) {
        String target = NativePath.target(key);
        return nativeQuery.isEmpty() ? target : target + "&" + nativeQuery;
    }

    private static boolean isMisrouted(Reply reply) {
        if (reply.status() < 400) {
            return false;
        }
        String code = reply.headers().find(NodeHeaders.ERROR, "");
        return code.equals(ErrorCode.NOT_OWNER.name()) || code.equals(ErrorCode.STALE_MAP.name());
    }
}
