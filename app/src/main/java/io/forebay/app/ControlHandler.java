package io.forebay.app;

import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/// The control port: whether the process lives (`/health`) and serves (`/ready`), what it counts (`/metrics`) and how
/// it is set up (`/config`, secrets masked); and what administrators ask and order (below `/admin`).
final class ControlHandler implements Handler {
    private static final String ADMIN = "/admin/";

    private final BooleanSupplier ready;
    private final Metrics metrics;
    private final String config;
    private final Handler admin;

    /// @param admin answers what is below `/admin`
    ControlHandler(BooleanSupplier ready, Metrics metrics, String config, Handler admin) {
        this.ready = ready;
        this.metrics = metrics;
        this.config = config;
        this.admin = admin;
    }

    @Override
    public Reply handle(Exchange exchange) {
        String path = exchange.request().rawPath();
        if (path.startsWith(ADMIN)) {
            return admin.handle(exchange);
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
            case "/config" -> Reply.text(200, config);
            default -> absent(path);
        };
    }

    private static boolean isKnown(String path) {
        return switch (path) {
            case "/health", "/ready", "/metrics", "/config" -> true;
            default -> false;
        };
    }

    private static Reply absent(String path) {
        return Reply.text(
                404, "nothing is at " + path + ": try /health, /ready, /metrics, /config or /admin/volumes\n");
    }
}
