package io.forebay.app;

import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.NodeSecret;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.tls.TlsMetric;
import java.util.concurrent.atomic.LongAdder;

/// What stands before a data port of a cluster whose nodes speak TLS to each other: a caller is a node when it has
/// shown
/// both a certificate and the cluster's secret, a client when it has shown neither, and refused otherwise.
final class TlsDoor implements Handler {
    private final NodeSecret secret;
    private final Handler behind;
    private final NodeErrors errors = new NodeErrors("data");
    private final LongAdder refused;

    TlsDoor(Secret secret, Handler behind, Metrics metrics) {
        this.secret = new NodeSecret(secret);
        this.behind = behind;
        this.refused = metrics.counter(TlsMetric.CALLS_REFUSED, "");
    }

    @Override
    public Reply handle(Exchange exchange) {
        if (exchange.secure()) {
            return secret.isShownBy(exchange.request())
                    ? behind.handle(exchange)
                    : refusal(
                            exchange,
                            "a node shows the cluster's secret besides its certificate, and this one does not");
        }
        return exchange.request().headers().contains(NodeHeaders.NODE_SECRET)
                ? refusal(
                        exchange,
                        "the nodes of this cluster speak TLS to each other, and this call comes without: set"
                                + " cluster.tls.certificate, key and ca where it comes from")
                : behind.handle(exchange);
    }

    private Reply refusal(Exchange exchange, String why) {
        refused.increment();
        return errors.render(new StoreException(ErrorCode.FORBIDDEN, why), exchange);
    }
}
