package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.peer.View;
import java.util.concurrent.atomic.LongAdder;

/// Sends a client's request on to the node that owns the key by now, and passes its reply back.
final class Forwarding {
    private final NodeChannel channel;
    private final LongAdder forwarded;

    Forwarding(NodeChannel channel, Metrics metrics, String labels) {
        this.channel = channel;
        this.forwarded = metrics.counter(NodeMetric.FORWARDED, labels);
    }

    /// The owner's reply, whatever it is but a refusal because the key is not its own: that is thrown as
    /// NOT_OWNER. Throws NODE_UNAVAILABLE when it cannot be reached.
    ///
    /// @param body the request's, or the same bytes again
    Reply forward(Exchange exchange, View view, NodeId owner, Body body) {
        forwarded.increment();
        Request request = exchange.request();
        Headers headers = new Headers(request.headers().count() + 2);
        headers.addAll(request.headers());
        headers.set(NodeHeaders.STATE_VERSION, Long.toString(view.state().version()));
        Request onward = new Request(request.method(), request.target(), headers);
        Reply reply = channel.call(DirectExchange.within(exchange, onward, body), owner, onward, body);
        if (isMisrouted(reply)) {
            throw new StoreException(ErrorCode.NOT_OWNER, NodeErrors.read(reply).text());
        }
        return reply;
    }

    private static boolean isMisrouted(Reply reply) {
        if (reply.status() < 400) {
            return false;
        }
        String code = reply.headers().find(NodeHeaders.ERROR, "");
        return code.equals(ErrorCode.NOT_OWNER.name()) || code.equals(ErrorCode.STALE_MAP.name());
    }
}
