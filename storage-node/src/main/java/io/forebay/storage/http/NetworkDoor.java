package io.forebay.storage.http;

import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeSecret;
import io.forebay.protocol.api.RedirectSignature;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.peer.PeerPath;
import java.time.InstantSource;

/// What stands between a node's own port and its handler: a caller that has the cluster's secret is a
/// gateway; of any other the `Forebay-*` headers are dropped, and, where callers have to prove who they are,
/// its request must bear a gateway's signature. What changes the node itself (`/v1/daemon/…`) is for gateways
/// only, and `/v1/peer/…` for other storage nodes.
public final class NetworkDoor implements Handler {
    private static final String OURS = "forebay-";
    private static final String OBJECTS = "/v1/objects/";

    private final Handler handler;
    private final NodeErrors errors;
    private final NodeSecret secret;
    private final RedirectSignature signature;
    private final Access access;
    private final InstantSource clock;

    public NetworkDoor(Handler handler, NodeErrors errors, Secret secret, Access access, InstantSource clock) {
        this.handler = handler;
        this.errors = errors;
        this.secret = new NodeSecret(secret);
        this.signature = new RedirectSignature(secret.value());
        this.access = access;
        this.clock = clock;
    }

    /// What a client may do that a gateway did not send.
    public enum Access {
        /// Everything that AIStore's clients ask of a storage node.
        OPEN,
        /// Nothing but asking whether the node lives.
        SIGNED
    }

    @Override
    public Reply handle(Exchange exchange) {
        Request request = exchange.request();
        if (secret.isShownBy(request)) {
            return handler.handle(exchange);
        }
        try {
            checkAdmitted(request);
        } catch (StoreException refused) {
            return errors.render(refused, exchange);
        }
        return handler.handle(isClean(request.headers()) ? exchange : cleaned(exchange));
    }

    private void checkAdmitted(Request request) {
        if (access == Access.OPEN && request.target().startsWith(OBJECTS)) {
            return;
        }
        NativePath path = NativePath.parse(request.rawPath());
        boolean internal = path.collection().equals("daemon") && !path.bucket().isEmpty();
        if (internal || path.collection().equals(PeerPath.PEER)) {
            throw refusal();
        }
        if (access == Access.SIGNED) {
            checkSigned(request, path);
        }
    }

    private void checkSigned(Request request, NativePath path) {
        if (path.collection().equals("health")) {
            return;
        }
        Query query = request.query();
        boolean admitted = path.collection().equals(NativePath.OBJECTS)
                && !path.object().isEmpty()
                && isSaidByTheObject(request, query);
        if (admitted) {
            ObjectKey key = path.key(query);
            admitted = signature.admits(request.method(), key, query, clock.millis());
        }
        if (!admitted) {
            throw refusal();
        }
    }

    /// Whether method and object, which are all that a redirect's signature covers, say what is wanted: a message may
    /// say anything, and a copy writes another object. Gateways never redirect those where callers authenticate.
    private static boolean isSaidByTheObject(Request request, Query query) {
        return request.method() != Method.POST
                && query.find(AisQuery.OBJECT_TO, "").isEmpty();
    }

    private StoreException refusal() {
        return new StoreException(
                ErrorCode.FORBIDDEN, errors.node() + ": direct access to a storage node is not allowed");
    }

    private static boolean isClean(Headers headers) {
        for (int index = 0; index < headers.count(); index++) {
            if (isOurs(headers.name(index))) {
                return false;
            }
        }
        return true;
    }

    private static Exchange cleaned(Exchange exchange) {
        Request request = exchange.request();
        Headers headers = new Headers();
        for (int index = 0; index < request.headers().count(); index++) {
            if (!isOurs(request.headers().name(index))) {
                headers.add(request.headers().name(index), request.headers().value(index));
            }
        }
        return DirectExchange.within(
                exchange, new Request(request.method(), request.target(), headers), exchange.body());
    }

    private static boolean isOurs(String name) {
        return name.regionMatches(true, 0, OURS, 0, OURS.length());
    }
}
