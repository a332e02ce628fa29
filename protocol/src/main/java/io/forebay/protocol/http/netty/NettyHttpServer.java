package io.forebay.protocol.http.netty;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Answering;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.ProtocolMetric;
import io.forebay.protocol.tls.PortTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 server for ports that carry object bytes.
///
/// Calls its handler as `Exchange` says: on the event loop first, on a virtual thread for what waits or has a
/// body. Closing finishes the requests in flight, up to the grace period, and leaves the event loops running.
///
/// With TLS, a connection is what its first byte says: TLS, whose exchanges are `secure`, or plain HTTP; and `fromNode`
/// are
/// those of a caller that has shown a node's certificate.
public final class NettyHttpServer implements Service {
    private static final int BACKLOG = 4096;
    private static final Duration ABORT_PATIENCE = Duration.ofSeconds(5);
    private static final byte[] FULL =
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress address;
    private final EventLoops loops;
    private final ServerContext context;
    private final Duration grace;
    private final PortTls tls;
    private @Nullable Channel channel;

    public NettyHttpServer(
            InetSocketAddress address, Handler handler, WireConfig config, EventLoops loops, Metrics metrics) {
        this(address, handler, config, loops, metrics, PortTls.NONE);
    }

    public NettyHttpServer(
            InetSocketAddress address,
            Handler handler,
            WireConfig config,
            EventLoops loops,
            Metrics metrics,
            PortTls tls) {
        this.tls = tls;
        this.address = address;
        this.loops = loops;
        this.grace = config.timeouts().grace();
        WireMeters meters = new WireMeters(metrics);
        BufferBudget budget = new BufferBudget(
                config.limits().bufferedBytes().bytes(),
                metrics.counter(ProtocolMetric.BUFFERED_BYTES, ""),
                metrics.counter(ProtocolMetric.BUFFER_PAUSES, ""));
        this.context = new ServerContext(
                config, new Answering(handler, meters.handlerFailures), meters, budget, loops.fileRegions());
    }

    /// Binds the address. Throws IN_USE when it is taken and INVALID_ARGUMENT when it is not this machine's.
    @Override
    public void start() {
        ServerBootstrap bootstrap = new ServerBootstrap();
        loops.limitUnsent(bootstrap, context.unsentBytes);
        ChannelFuture bound = bootstrap
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.ALLOCATOR, EventLoops.allocator())
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(context.windowBytes / 2, context.windowBytes))
                .childHandler(new Accepting())
                .bind(address)
                .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            boolean taken = String.valueOf(cause.getMessage()).contains("in use");
            throw new StoreException(
                    taken ? ErrorCode.IN_USE : ErrorCode.INVALID_ARGUMENT,
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                            + (taken ? "the port is in use" : cause.getMessage()),
                    cause);
        }
        channel = bound.channel();
    }

    /// Where the server listens, with the port that it was given when it asked for any.
    public InetSocketAddress address() {
        Channel bound = channel;
        return bound == null ? address : (InetSocketAddress) bound.localAddress();
    }

    @Override
    public void close() {
        Channel bound = channel;
        if (bound == null || context.closing) {
            return;
        }
        context.closing = true;
        bound.close().awaitUninterruptibly();
        long deadline = System.nanoTime() + grace.toNanos();
        context.open.forEach(ServerConnection::closeWhenIdle);
        context.connections.awaitNone(Duration.ofNanos(deadline - System.nanoTime()));
        context.open.forEach(ServerConnection::abort);
        context.connections.awaitNone(ABORT_PATIENCE);
        context.workers.awaitNone(ABORT_PATIENCE);
    }

    /// Sets up accepted connections, up to the limit.
    private final class Accepting extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel accepted) {
            if (context.closing || context.connections.full()) {
                context.meters.connectionsRefused.increment();
                accepted.writeAndFlush(Unpooled.wrappedBuffer(FULL)).addListener(ChannelFutureListener.CLOSE);
                return;
            }
            ReadSizer sizer = new ReadSizer(context.headReadBytes);
            accepted.config().setRecvByteBufAllocator(sizer);
            LoopState state = loops.state(accepted.eventLoop());
            if (tls.isOn()) {
                accepted.pipeline().addLast(new TlsDetector(tls, context.headNanos));
            }
            accepted.pipeline().addLast(new ServerConnection(context, state, accepted, sizer));
        }
    }
}
