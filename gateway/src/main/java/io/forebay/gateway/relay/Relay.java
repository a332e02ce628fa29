package io.forebay.gateway.relay;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.Ticker;
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
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Sends requests to storage nodes, with the state version that they were routed by.
///
/// The one place of the gateway that routes again: a node that is not the owner, has another map, or may
/// not serve now says so before it touches the body, and the request then goes once more when there is a
/// newer state, or after a pause, for a bounded time. Replies come back as the node sent them, failures
/// included.
public final class Relay {
    private final Router router;
    private final NodeChannel channel;
    private final Duration patience;
    private final Ticker ticker;
    private final LongAdder rerouted;
    private final LongAdder gaveUp;

    /// @param patience for how long one request is routed again
    /// @param rerouted counts how often requests went again
    /// @param gaveUp counts the requests that failed after that time
    public Relay(
            Router router,
            NodeChannel channel,
            Duration patience,
            Ticker ticker,
            LongAdder rerouted,
            LongAdder gaveUp) {
        this.router = router;
        this.channel = channel;
        this.patience = patience;
        this.ticker = ticker;
        this.rerouted = rerouted;
        this.gaveUp = gaveUp;
    }

    /// Sends an object request to the key's owner. Takes over the headers; the reply's payload belongs to
    /// the caller. Returns `Reply.WOULD_WAIT` when the exchange may not wait and the answer would. Throws
    /// NO_SUCH_BUCKET, NODE_UNAVAILABLE, or STALE_MAP when the state that the node has does not arrive
    /// here.
    public Reply toOwner(Exchange outer, ObjectKey key, Method method, String nativeQuery, Headers headers, Body body) {
        return toOwner(outer, key, new Request(method, target(key, nativeQuery), headers), body);
    }

    /// Sends a native request as it is to the owner of the key that its path names; otherwise as the other.
    public Reply toOwner(Exchange outer, ObjectKey key, Request request, Body body) {
        // An engine's own body tells by itself, and its buffers pass from connection to connection without a copy.
        Body tracked = body.length() != 0 && body.touched() ? new TouchedBody(body) : body;
        Snapshot snapshot = router.snapshot();
        Patience waits = null;
        while (true) {
            snapshot.require(key.bucket());
            Attempt attempt = attempt(outer, key, snapshot, request, tracked);
            if (attempt.again() == Again.NEVER || (body.length() != 0 && tracked.touched())) {
                return attempt.result();
            }
            if (!outer.mayWait()) {
                attempt.close();
                return Reply.WOULD_WAIT;
            }
            waits = waits == null ? new Patience(router, ticker, patience) : waits;
            Snapshot next = attempt.again() == Again.WHEN_NEWER
                    ? newer(attempt.stateVersion(), snapshot, waits)
                    : waits.later(snapshot);
            if (next == null) {
                gaveUp.increment();
                return attempt.result();
            }
            attempt.close();
            rerouted.increment();
            snapshot = next;
        }
    }

    /// When a request is sent again.
    private enum Again {
        NEVER,
        LATER,
        WHEN_NEWER
    }

    /// What came of sending a request once: a reply, or that there was none.
    private record Attempt(
            Again again, @Nullable Reply reply, @Nullable StoreException failure) {
        Reply result() {
            if (reply == null) {
                throw Objects.requireNonNull(failure);
            }
            return reply;
        }

        void close() {
            if (reply != null) {
                reply.payload().close();
            }
        }

        @Nullable
        String stateVersion() {
            return reply == null ? null : reply.headers().find(NodeHeaders.STATE_VERSION);
        }
    }

    private Attempt attempt(Exchange outer, ObjectKey key, Snapshot snapshot, Request request, Body body) {
        boolean sent = false;
        try {
            Node owner = snapshot.owner(key);
            sent = true;
            Reply reply = send(outer, owner, snapshot, request, body);
            return new Attempt(again(reply), reply, null);
        } catch (StoreException e) {
            boolean hasOwners = !snapshot.placements().serving().owners().isEmpty();
            boolean mayRepeat = !sent || isSafe(request.method()) || body.length() != 0;
            Again again = e.code() == ErrorCode.NODE_UNAVAILABLE && hasOwners && mayRepeat ? Again.LATER : Again.NEVER;
            return new Attempt(again, null, e);
        }
    }

    /// Whether doing it twice is as doing it once, also when somebody else does something in between. Of a
    /// request with a body that nobody took nothing was done.
    private static boolean isSafe(Method method) {
        return method == Method.GET || method == Method.HEAD;
    }

    private static Again again(Reply reply) {
        if (reply.status() < 400) {
            return Again.NEVER;
        }
        String code = reply.headers().find(NodeHeaders.ERROR, "");
        if (code.equals(ErrorCode.NOT_OWNER.name()) || code.equals(ErrorCode.STALE_MAP.name())) {
            return Again.WHEN_NEWER;
        }
        return code.equals(ErrorCode.NODE_UNAVAILABLE.name()) ? Again.LATER : Again.NEVER;
    }

    /// Asks all nodes of a bucket, as patiently as requests to one are routed again.
    public Canvass canvass() {
        return new Canvass(router, patience, ticker, rerouted, gaveUp);
    }

    /// Has batches made as patiently.
    public BatchRelay batches(BatchRelay.Settings settings) {
        return new BatchRelay(router, this, patience, ticker, settings);
    }

    /// Sends a request to one node under that snapshot.
    public Reply toNode(Exchange outer, Node node, Snapshot snapshot, Request request, Body body) {
        return send(outer, node, snapshot, request, body);
    }

    /// A newer snapshot than the one used, at least of the version that the node has; null when none comes
    /// in time.
    private @Nullable Snapshot newer(@Nullable String nodeVersion, Snapshot used, Patience waits) {
        Snapshot newest = router.snapshot();
        if (waits.isOver()) {
            return null;
        }
        if (newest.state().version() > used.state().version()) {
            return newest;
        }
        try {
            long version = nodeVersion == null ? 0 : Long.parseLong(nodeVersion);
            return version > used.state().version() ? router.await(version) : waits.newer(used);
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
}
