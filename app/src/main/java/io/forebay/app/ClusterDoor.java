package io.forebay.app;

import io.forebay.common.config.Secret;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeSecret;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What the nodes of a cluster ask each other, below `/cluster/` at the control port: whoever does not show the
/// cluster's secret is refused before anything else is looked at. The parts behind it open as they start.
final class ClusterDoor implements Handler {
    static final String PREFIX = "/cluster/";

    private final NodeSecret secret;
    private final NodeErrors errors = new NodeErrors("control");
    private final LongAdder refused;
    private final Map<String, Handler> routes = new ConcurrentHashMap<>();

    ClusterDoor(Secret secret, Metrics metrics) {
        this.secret = new NodeSecret(secret);
        this.refused = metrics.counter(PortMetric.REFUSED_CALLS, "");
    }

    /// Answers what is asked at a path below `/cluster/`, and below that path, from now on.
    void open(String name, Handler handler) {
        Handler before = routes.putIfAbsent(name, handler);
        Check.that(before == null, "path %s%s is already answered", PREFIX, name);
    }

    /// Whether the caller shows the cluster's secret.
    boolean knows(Exchange exchange) {
        return secret.isShownBy(exchange.request());
    }

    @Override
    public Reply handle(Exchange exchange) {
        if (!knows(exchange)) {
            refused.increment();
            return errors.render(
                    new StoreException(
                            ErrorCode.FORBIDDEN,
                            "calls between the nodes of a cluster carry its secret, and this one does not"),
                    exchange);
        }
        String path = exchange.request().rawPath().substring(PREFIX.length());
        int end = path.indexOf('/');
        Handler handler = routes.get(end < 0 ? path : path.substring(0, end));
        if (handler == null) {
            return errors.render(
                    new StoreException(
                            ErrorCode.NODE_UNAVAILABLE,
                            exchange.request().rawPath() + " is not answered by this node, or not yet"),
                    exchange);
        }
        return handler.handle(exchange);
    }
}
