package io.forebay.protocol.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.config.Settings;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.HttpServerContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A Netty server per test, on one transport; checks afterwards that every buffer was given back.
abstract class NettyServerContract extends HttpServerContract {
    protected final Metrics metrics = new Metrics();
    private @Nullable EventLoops loops;
    private final List<NettyHttpServer> servers = new ArrayList<>();

    abstract Transport transport();

    @Override
    protected InetSocketAddress serve(Handler handler) throws IOException {
        return serve(handler, Map.of());
    }

    InetSocketAddress serve(Handler handler, Map<String, String> settings) throws IOException {
        WireConfig config = Settings.of(WireConfig.class).bind(settings);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        NettyHttpServer server = new NettyHttpServer(any, handler, config, loops(), metrics);
        server.start();
        servers.add(server);
        return server.address();
    }

    @Override
    protected void stop() {
        servers.forEach(NettyHttpServer::close);
        if (loops != null) {
            loops.close();
        }
        awaitThat("buffers given back", () -> EventLoops.allocator().pinnedDirectMemory() == 0);
        assertThat(sample("forebay_http_connections")).isZero();
        assertThat(sample("forebay_http_requests_in_flight")).isZero();
        assertThat(sample("forebay_http_buffered_bytes")).isZero();
    }

    protected EventLoops loops() {
        EventLoops running = loops;
        if (running == null) {
            running = new EventLoops(new EventLoopConfig(transport(), 2));
            loops = running;
        }
        return running;
    }

    protected void closeServers() {
        servers.forEach(NettyHttpServer::close);
    }

    /// The value of a metric by name and labels, 0 when it is not there.
    protected long sample(String name) {
        for (String line : metrics.text().split("\n", -1)) {
            if (line.startsWith(name + " ")) {
                return Long.parseLong(line.substring(name.length() + 1));
            }
        }
        return 0;
    }

    static void awaitThat(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }
}
