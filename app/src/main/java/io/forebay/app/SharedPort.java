package io.forebay.app;

import io.forebay.common.config.Secret;
import io.forebay.protocol.api.NodeSecret;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;

/// The data port of a gateway with a storage node behind it: what other nodes of the cluster send is the
/// storage node's, but for their questions about the cluster map; everything else the gateway's.
final class SharedPort implements Handler {
    private static final String NATIVE = "/v1/";

    private final NodeSecret secret;
    private final Handler node;
    private final Handler gateway;

    SharedPort(Secret secret, Handler node, Handler gateway) {
        this.secret = new NodeSecret(secret);
        this.node = node;
        this.gateway = gateway;
    }

    @Override
    public Reply handle(Exchange exchange) {
        Request request = exchange.request();
        boolean internal =
                request.target().startsWith(NATIVE) && secret.isShownBy(request) && !NodePort.asksForMap(request);
        return internal ? node.handle(exchange) : gateway.handle(exchange);
    }
}
