package io.forebay.app;

import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/// The control port: whether the process lives (`/health`) and serves (`/ready`), what it counts (`/metrics`) and how
/// it is set up (`/config`, secrets masked); what administrators ask and order (below `/admin`); and what nodes ask
/// each other (below `/cluster`).
///
/// Set-up and orders are for this machine and for those who show the cluster's secret, unless the port is open.
final class ControlHandler implements Handler {
    private static final String ADMIN = "/admin/";

    private final BooleanSupplier ready;
    private final Metrics metrics;
    private final String config;
    private final Handler admin;
    private final ClusterDoor cluster;
    private final boolean open;

    /// @param admin answers what is below `/admin`
    /// @param open whether everyone on the network may do everything
    ControlHandler(
            BooleanSupplier ready, Metrics metrics, String config, Handler admin, ClusterDoor cluster, boolean open) {
        this.ready = ready;
        this.metrics = metrics;
        this.config = config;
        this.admin = admin;
        this.cluster = cluster;
        this.open = open;
    }

    @Override
    public Reply handle(Exchange exchange) {
        String path = exchange.request().rawPath();
        if (path.startsWith(ClusterDoor.PREFIX)) {
            return cluster.handle(exchange);
        }
        if (path.startsWith(ADMIN)) {
            return mayAdminister(exchange) ? admin.handle(exchange) : refusal();
        }
        Method method = exchange.request().method();
        if (method != Method.GET && method != Method.HEAD) {
            return isKnown(path)
                    ? Reply.text(405, method + " is not offered at " + path + "\n")
                            .with("Allow", "GET, HEAD")
                    : absent(path);
        }
        return switch (path) {
            case "/health" -> Reply.text(200, "ok\n");
            case "/ready" -> ready.getAsBoolean() ? Reply.text(200, "ready\n") : Reply.text(503, "not ready\n");
            case "/metrics" ->
                Reply.of(
                        200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.text().getBytes(StandardCharsets.UTF_8));
            case "/config" -> mayAdminister(exchange) ? Reply.text(200, config) : refusal();
            default -> absent(path);
        };
    }

    /// A caller without an address is in this process.
    private boolean mayAdminister(Exchange exchange) {
        InetAddress caller = exchange.remote().getAddress();
        return open || caller == null || caller.isLoopbackAddress() || cluster.knows(exchange);
    }

    private static Reply refusal() {
        return Reply.text(
                403,
                "this is for callers on the node's own machine, or with the cluster's token: --token, --token-file or"
                        + " FOREBAY_TOKEN\n");
    }

    private static boolean isKnown(String path) {
        return switch (path) {
            case "/health", "/ready", "/metrics", "/config" -> true;
            default -> false;
        };
    }

    private static Reply absent(String path) {
        return Reply.text(
                404,
                "nothing is at " + path + ": try /health, /ready, /metrics, /config, /admin/volumes,"
                        + " /admin/cluster or /admin/users\n");
    }
}
