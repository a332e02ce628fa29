package io.forebay.cluster.peer;

import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.atomic.LongAdder;

/// Lets calls in that carry the cluster's secret, refuses every other with FORBIDDEN, and renders the
/// failures of the handler behind it: NOT_LEADER as status 421 with the leader's address.
public final class PeerDoor implements Handler {
    private static final int MISDIRECTED = 421;

    private final byte[] secret;
    private final NodeErrors errors;
    private final Handler behind;
    private final LongAdder received;
    private final LongAdder refused;

    /// @param self names this node in messages
    /// @param behind is called on threads that may wait
    public PeerDoor(Secret secret, NodeId self, Handler behind, Metrics metrics) {
        this.secret = secret.value().getBytes(StandardCharsets.ISO_8859_1);
        this.errors = new NodeErrors("p[" + self + "]");
        this.behind = behind;
        this.received = metrics.counter(PeerMetric.RECEIVED, "");
        this.refused = metrics.counter(PeerMetric.REFUSED, "");
    }

    @Override
    public Reply handle(Exchange exchange) {
        if (!isMember(exchange)) {
            refused.increment();
            return errors.render(
                    new StoreException(ErrorCode.FORBIDDEN, "the call does not carry this cluster's secret"), exchange);
        }
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        received.increment();
        try {
            return behind.handle(exchange);
        } catch (StoreException failure) {
            Reply reply = errors.render(failure, exchange);
            if (failure.code() != ErrorCode.NOT_LEADER) {
                return reply;
            }
            String leader = NotLeader.leaderUrl(failure);
            return new Reply(
                    MISDIRECTED,
                    leader == null ? reply.headers() : reply.headers().set(PeerHeaders.LEADER, leader),
                    reply.payload());
        }
    }

    private boolean isMember(Exchange exchange) {
        String given = exchange.request().headers().find(NodeHeaders.NODE_SECRET);
        return given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.ISO_8859_1), secret);
    }
}
