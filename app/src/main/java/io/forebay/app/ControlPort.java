package io.forebay.app;

import io.forebay.common.lifecycle.Service;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.vertx.VertxHttpServer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The control port of a process: open from the beginning, because other nodes may be needed to get on; what they and
/// administrators ask is answered as the parts behind it start.
final class ControlPort implements Service {
    private static final String NAME = "control";

    private final Foundation base;
    private final ListenAddress address;
    private final ReadyGate admin;
    private final ClusterDoor cluster;
    private final ControlHandler handler;
    private @Nullable VertxHttpServer server;

    /// @param ready whether the process serves
    ControlPort(Foundation base, BooleanSupplier ready) {
        this.base = base;
        ServerConfig config = base.config().server();
        this.address = ListenAddress.parse("server.control", config.control());
        // Its few threads are needed for what the start itself asks other nodes, and they it.
        this.admin = new ReadyGate(Duration.ZERO, base.metrics(), "port=\"control\"");
        this.cluster = new ClusterDoor(base.secret(), base.metrics());
        this.handler = new ControlHandler(ready, base.metrics(), base.settings(), admin, cluster, config.insecure());
    }

    /// Binds the port; of a free choice, the one of last time when that is still free. Throws IN_USE.
    @Override
    public void start() {
        server = new RememberedPort(base.identities(), NAME, address)
                .start(
                        at -> new VertxHttpServer(
                                at,
                                handler,
                                base.config().control(),
                                base.metrics(),
                                base.tls().nodes()),
                        bound -> bound.address().getPort());
    }

    /// What other nodes may ask.
    ClusterDoor cluster() {
        return cluster;
    }

    /// Answers administrators from now on.
    void openAdmin(Handler face) {
        admin.open(face);
    }

    /// Where other nodes reach it. Only when started.
    String url() {
        VertxHttpServer now = server;
        if (now == null) {
            throw new IllegalStateException("the control port is not started");
        }
        ListenAddress shown = address.isLoopback()
                ? address
                : address.advertised(base.config().server().advertise());
        return shown.url(
                base.tls().nodes() == null ? "http" : "https", now.address().getPort());
    }

    @Override
    public void close() {
        VertxHttpServer now = server;
        if (now != null) {
            now.close();
        }
    }
}
