package io.forebay.cluster.peer;

import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeSecret;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import java.util.concurrent.atomic.LongAdder;

/// Lets calls in that carry the cluster's secret, refuses every other with FORBIDDEN, and renders the
/// failures of the handler behind it: NOT_LEADER as status 421 with the leader's address.
public final class PeerDoor implements Handler {
    private final NodeSecret secret;
    private final NodeErrors errors;
    private final Handler behind;
    private final LongAdder received;
    private final LongAdder refused;

    /// @param self names this node in messages
    /// @param behind is called on threads that may wait
    public PeerDoor(Secret secret, NodeId self, Handler behind, Metrics metrics) {
        this.secret = new NodeSecret(secret);
        this.errors = new NodeErrors("p[" + self + "]");
        this.behind = behind;
        this.received = metrics.counter(PeerMetric.RECEIVED, "");
        this.refused = metrics.counter(PeerMetric.REFUSED, "");
    }

    @Override
    public Reply handle(Exchange exchange) {
        if (!secret.isShownBy(exchange.request())) {
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
            return failure.code() == ErrorCode.NOT_LEADER
                    ? NodeErrors.misdirected(reply, NotLeader.leaderUrl(failure))
                    : reply;
        }
    }
}
