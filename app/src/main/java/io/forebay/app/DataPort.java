package io.forebay.app;

import io.forebay.common.lifecycle.Service;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.netty.NettyHttpServer;
import org.jspecify.annotations.Nullable;

/// A port that speaks the object protocols: the process's own, or that of one of its storage nodes.
final class DataPort implements Service {
    private final Foundation base;
    private final String name;
    private final ListenAddress address;
    private final Handler handler;
    private @Nullable NettyHttpServer server;

    /// @param name under which its number is remembered
    /// @param address with the port, 0 for any free one: then that of last time when it is still free
    DataPort(Foundation base, String name, ListenAddress address, Handler handler) {
        this.base = base;
        this.name = name;
        this.address = address;
        this.handler = handler;
    }

    /// Throws IN_USE when the port that was asked for is taken.
    @Override
    public void start() {
        Handler guarded = base.tls().isOn() ? new TlsDoor(base.tls(), base.secret(), handler, base.metrics()) : handler;
        server = new RememberedPort(base.identities(), name, address)
                .start(
                        at -> new NettyHttpServer(
                                at, guarded, base.config().http(), base.loops(), base.metrics(), base.tls()),
                        bound -> bound.address().getPort());
    }

    /// Where it was asked to listen.
    ListenAddress address() {
        return address;
    }

    /// Where clients reach it. Only when started.
    String url() {
        NettyHttpServer now = server;
        if (now == null) {
            throw new IllegalStateException("port " + name + " is not started");
        }
        return address.advertised(base.config().server().advertise())
                .url(now.address().getPort());
    }

    @Override
    public void close() {
        NettyHttpServer now = server;
        if (now != null) {
            now.close();
        }
    }
}
