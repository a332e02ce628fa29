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
import io.forebay.protocol.tls.ClientTls;
import io.forebay.protocol.tls.PortTls;
import io.forebay.protocol.tls.TlsMetric;
import java.util.concurrent.atomic.LongAdder;

/// What stands before a data port at which TLS is spoken. Where nodes speak it to each other, a caller is a node when
/// it has
/// shown both a certificate and the cluster's secret, a client when it has shown neither, and refused otherwise. Where
/// clients have to, one that does not is refused.
final class TlsDoor implements Handler {
    private final PortTls tls;
    private final NodeSecret secret;
    private final Handler behind;
    private final NodeErrors errors = new NodeErrors("data");
    private final LongAdder refused;
    private final LongAdder plain;

    TlsDoor(PortTls tls, Secret secret, Handler behind, Metrics metrics) {
        this.tls = tls;
        this.secret = new NodeSecret(secret);
        this.behind = behind;
        this.refused = metrics.counter(TlsMetric.CALLS_REFUSED, "");
        this.plain = metrics.counter(TlsMetric.HTTPS_PLAIN_REFUSED, "");
    }

    @Override
    public Reply handle(Exchange exchange) {
        if (exchange.fromNode()) {
            return secret.isShownBy(exchange.request())
                    ? behind.handle(exchange)
                    : refusal(
                            exchange,
                            refused,
                            "a node shows the cluster's secret besides its certificate, and this one does not");
        }
        boolean shows = exchange.request().headers().contains(NodeHeaders.NODE_SECRET);
        if (shows && tls.nodes() != null) {
            return refusal(
                    exchange,
                    refused,
                    "the nodes of this cluster speak TLS to each other, and this call comes without: set"
                            + " cluster.tls.certificate, key and ca where it comes from");
        }
        boolean needless = exchange.secure() || !isRequiredOfClients();
        return needless || (shows && secret.isShownBy(exchange.request()))
                ? behind.handle(exchange)
                : refusal(exchange, plain, "clients are served by HTTPS only");
    }

    private boolean isRequiredOfClients() {
        ClientTls clients = tls.clients();
        return clients != null && clients.isRequired();
    }

    private Reply refusal(Exchange exchange, LongAdder counted, String why) {
        counted.increment();
        return errors.render(new StoreException(ErrorCode.FORBIDDEN, why), exchange);
    }
}
