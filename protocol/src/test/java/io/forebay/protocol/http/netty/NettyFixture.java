package io.forebay.protocol.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.config.Settings;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.tls.NodeTls;
import io.forebay.protocol.tls.PortTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Netty servers of one test over event loops of their own; closing checks that every buffer was given back and that
/// no gauge says that something is still under way.
final class NettyFixture implements AutoCloseable {
    private final Metrics metrics = new Metrics();
    private final EventLoops loops;
    private final List<NettyHttpServer> servers = new ArrayList<>();

    NettyFixture(Transport transport) {
        this(transport, 2);
    }

    NettyFixture(Transport transport, int count) {
        loops = new EventLoops(new EventLoopConfig(transport, count));
    }

    InetSocketAddress serve(Handler handler, Map<String, String> settings) {
        return serve(handler, settings, PortTls.NONE);
    }

    InetSocketAddress serve(Handler handler, Map<String, String> settings, NodeTls tls) {
        return serve(handler, settings, new PortTls(tls, null));
    }

    InetSocketAddress serve(Handler handler, Map<String, String> settings, PortTls tls) {
        WireConfig config = Settings.of(WireConfig.class).bind(settings);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        NettyHttpServer server = new NettyHttpServer(any, handler, config, loops, metrics, tls);
        server.start();
        servers.add(server);
        return server.address();
    }

    EventLoops loops() {
        return loops;
    }

    Metrics metrics() {
        return metrics;
    }

    void closeServers() {
        servers.forEach(NettyHttpServer::close);
    }

    @Override
    public void close() {
        closeServers();
        loops.close();
        awaitThat("buffers given back", () -> EventLoops.allocator().pinnedDirectMemory() == 0);
        assertThat(sample("forebay_http_connections")).isZero();
        assertThat(sample("forebay_http_requests_in_flight")).isZero();
        assertThat(sample("forebay_http_buffered_bytes")).isZero();
    }

    /// The value of a metric by name and labels, 0 when it is not there.
    long sample(String name) {
        for (String line : metrics.text().split("\n", -1)) {
            if (line.startsWith(name + " ")) {
                return Long.parseLong(line.substring(name.length() + 1));
            }
        }
        return 0;
    }

    void awaitSample(String name, long atLeast) {
        awaitThat(name + " at least " + atLeast, () -> sample(name) >= atLeast);
    }

    static void awaitThat(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }
}
