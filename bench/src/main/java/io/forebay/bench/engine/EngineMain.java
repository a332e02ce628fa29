package io.forebay.bench.engine;

import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.netty.EventLoopConfig;
import io.forebay.protocol.http.netty.EventLoops;
import io.forebay.protocol.http.netty.NettyHttpServer;
import io.forebay.protocol.http.netty.Transport;
import io.forebay.protocol.http.netty.WireConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/// Serves the files of a folder until it is killed: `EngineMain FOLDER PORT TRANSPORT`.
public final class EngineMain {
    private EngineMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Transport transport =
                Transport.valueOf(arguments[2].toUpperCase(Locale.ROOT).replace('-', '_'));
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
        EventLoops loops = new EventLoops(new EventLoopConfig(transport, 0));
        OpenFiles files = OpenFiles.of(Path.of(arguments[0]));
        NettyHttpServer server = new NettyHttpServer(address, files, WireConfig.defaults(), loops, new Metrics());
        server.start();
        System.out.println("ready " + loops.transport());
        new CountDownLatch(1).await();
    }
}
