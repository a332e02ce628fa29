package io.forebay.gateway.core;

import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.relay.Relay;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;

/// Operations on single objects: each is one native request to the object's owner.
public final class Objects {
    private final Relay relay;

    public Objects(Relay relay) {
        this.relay = relay;
    }

    /// Sends a native request and gives the reply of a success or a `304 Not Modified`; attributes asked for by
    /// `Forebay-Attributes: 1` are read from it by `AttributeHeaders.read`. Takes over the headers; the reply's
    /// payload belongs to the caller. Returns `Reply.WOULD_WAIT` when the exchange may not wait and the answer
    /// would.
    /// A failure is thrown as the StoreException that the node meant; NO_SUCH_BUCKET when the bucket is unknown
    /// here.
    ///
    /// `nativeQuery` is a raw query without `?` (`uploadId=…&partNumber=3`, percent-encoded) or empty; provider and
    /// namespace are added here.
    public Reply call(Exchange outer, ObjectKey key, Method method, String nativeQuery, Headers headers, Body body) {
        Reply reply = relay.toOwner(outer, key, method, nativeQuery, headers, body);
        if (reply.status() >= 400) {
            throw NodeErrors.read(reply);
        }
        return reply;
    }

    /// As `call`, but a failure comes back as the node's own reply, AIStore's error body and all.
    public Reply send(Exchange outer, ObjectKey key, Method method, String nativeQuery, Headers headers, Body body) {
        return relay.toOwner(outer, key, method, nativeQuery, headers, body);
    }
}
