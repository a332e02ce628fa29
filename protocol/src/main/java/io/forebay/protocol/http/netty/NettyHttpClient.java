package io.forebay.protocol.http.netty;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.HttpClient;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PendingReply;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.tls.NodeTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 client over kept connections, with back-pressure both ways.
///
/// Repeats a request once when the kept connection that it took had been given up by the server meanwhile, as
/// long as nothing was answered and the request has no effect that could happen twice.
///
/// With TLS for nodes it makes no plain connection at all, whatever a URL says: the secret that it sends is for those
/// who have shown a certificate.
public final class NettyHttpClient implements HttpClient, AutoCloseable {
    private final ClientContext context;
    private final EventLoops loops;
    private final @Nullable NodeTls tls;
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Map<String, Server> servers = new ConcurrentHashMap<>();

    public NettyHttpClient(HttpClientConfig config, EventLoops loops, Metrics metrics) {
        this(config, loops, metrics, null);
    }

    /// @param tls of every connection, or null for plain ones
    public NettyHttpClient(HttpClientConfig config, EventLoops loops, Metrics metrics, @Nullable NodeTls tls) {
        this.context = new ClientContext(config, metrics);
        this.loops = loops;
        this.tls = tls;
    }

    @Override
    public Reply send(String baseUrl, Request request, Body body) {
        Server server = servers.computeIfAbsent(baseUrl, this::server);
        context.requests.increment();
        try {
            ClientConnection kept = server.pool.take();
            if (kept != null) {
                Reply reply = tryKept(server, kept, request, body);
                if (reply != null) {
                    return reply;
                }
                context.retries.increment();
                ClientConnection next = server.pool.take();
                return next == null ? connect(server).exchange(request, body) : next.exchange(request, body);
            }
            return connect(server).exchange(request, body);
        } catch (StoreException e) {
            context.failures.increment();
            throw e;
        }
    }

    @Override
    public @Nullable PendingReply begin(String baseUrl, Request request, Runnable answered) {
        LoopState loop = loops.current();
        Server server = servers.get(baseUrl);
        InetAddress address = server == null ? null : server.address;
        if (loop == null || server == null || address == null) {
            return null;
        }
        ClientConnection kept = server.pool.takeKept(loop);
        if (kept == null && !server.pool.admits()) {
            return null;
        }
        context.requests.increment();
        LoopCall call = new LoopCall(context, server.pool, loop.loop(), request, answered);
        if (kept == null) {
            connect(server, address, loop, call);
        } else {
            call.sendOver(kept);
        }
        call.begun();
        return call;
    }

    /// Connects on an event loop without waiting, and sends the request.
    private void connect(Server server, InetAddress address, LoopState loop, LoopCall call) {
        Fresh made = new Fresh();
        bootstrap(server, loop.loop(), made)
                .connect(new InetSocketAddress(address, server.port))
                .addListener((ChannelFutureListener) connected -> {
                    Throwable cause = connected.cause();
                    if (cause != null) {
                        // Perhaps the name means another address by now.
                        server.address = null;
                        server.pool.forget();
                        call.fail(unreachable(server, cause));
                        return;
                    }
                    open.add(connected.channel());
                    SslHandler encryption = made.encryption;
                    if (encryption == null) {
                        call.sendOver(made.connection());
                        return;
                    }
                    encryption.handshakeFuture().addListener(shaken -> {
                        if (shaken.isSuccess()) {
                            call.sendOver(made.connection());
                        } else {
                            made.connection().close();
                            call.fail(unreachableByTls(server, shaken.cause()));
                        }
                    });
                });
    }

    /// Ends every connection; requests that wait fail.
    @Override
    public void close() {
        open.close().awaitUninterruptibly();
    }

    /// Null when the request can be sent again because the connection was stale.
    private @Nullable Reply tryKept(Server server, ClientConnection kept, Request request, Body body) {
        try {
            return kept.exchange(request, body);
        } catch (StoreException e) {
            boolean stale = e.code() == ErrorCode.NODE_UNAVAILABLE && !kept.answeredSome();
            if (stale && mayRepeat(request, body)) {
                server.pool.closeIdle();
                return null;
            }
            throw e;
        }
    }

    private static boolean mayRepeat(Request request, Body body) {
        return body.length() == 0
                ? request.method() != Method.POST && request.method() != Method.PATCH
                : !body.touched() && !(body instanceof io.forebay.protocol.http.MemoryBody);
    }

    private ClientConnection connect(Server server) {
        Fresh made = new Fresh();
        boolean connected = false;
        try {
            InetAddress address = InetAddress.getByName(server.host);
            ChannelFuture future = bootstrap(server, loops.group(), made)
                    .connect(new InetSocketAddress(address, server.port))
                    .awaitUninterruptibly();
            Throwable cause = future.cause();
            if (cause != null) {
                throw unreachable(server, cause);
            }
            server.address = address;
            Channel channel = future.channel();
            open.add(channel);
            // From here on the connection itself tells the pool of its end.
            connected = true;
            awaitHandshake(server, made.encryption, channel);
            return made.connection();
        } catch (UnknownHostException e) {
            throw unreachable(server, e);
        } finally {
            if (!connected) {
                server.pool.forget();
            }
        }
    }

    /// A connection that is being made, and its encryption, if any: a channel that fails soon forgets its handlers.
    private static final class Fresh {
        private @Nullable ClientConnection connection;
        private @Nullable SslHandler encryption;

        private ClientConnection connection() {
            return Objects.requireNonNull(connection, "not connected");
        }
    }

    /// What connects; the connection is put into `made`.
    private Bootstrap bootstrap(Server server, EventLoopGroup group, Fresh made) {
        return new Bootstrap()
                .group(group)
                .channel(loops.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOCATOR, EventLoops.allocator())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        context.config.connectTimeout().toMillis())
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(context.windowBytes / 2, context.windowBytes))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        made.encryption = tls == null ? null : encryption(tls, server);
                        made.connection = prepare(server, channel, made.encryption);
                    }
                });
    }

    private static void awaitHandshake(Server server, @Nullable SslHandler encryption, Channel channel) {
        if (encryption == null) {
            return;
        }
        Throwable cause = encryption.handshakeFuture().awaitUninterruptibly().cause();
        if (cause != null) {
            channel.close().awaitUninterruptibly();
            throw unreachableByTls(server, cause);
        }
    }

    private static StoreException unreachableByTls(Server server, Throwable cause) {
        return new StoreException(
                ErrorCode.NODE_UNAVAILABLE,
                "cannot reach " + server.authority + " by TLS: " + NodeTls.reason(cause),
                cause);
    }

    private SslHandler encryption(NodeTls encrypted, Server server) {
        SslHandler handler =
                new SslHandler(encrypted.clientEngine(server.host, server.port), Thread::startVirtualThread);
        handler.setHandshakeTimeout(context.config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    private ClientConnection prepare(Server server, SocketChannel channel, @Nullable SslHandler encryption) {
        ReadSizer sizer = ClientConnection.sizer();
        channel.config().setRecvByteBufAllocator(sizer);
        LoopState state = loops.state(channel.eventLoop());
        ClientConnection connection =
                new ClientConnection(context, server.pool, server.authority, state, channel, sizer);
        if (encryption != null) {
            channel.pipeline().addLast(encryption);
        }
        channel.pipeline().addLast(connection);
        return connection;
    }

    private static StoreException unreachable(Server server, Throwable cause) {
        return new StoreException(
                ErrorCode.NODE_UNAVAILABLE, "cannot reach " + server.authority + ": " + cause.getMessage(), cause);
    }

    private Server server(String baseUrl) {
        URI uri = URI.create(baseUrl);
        String host = uri.getHost();
        boolean secure = "https".equals(uri.getScheme());
        Check.argument(
                (secure || "http".equals(uri.getScheme())) && host != null && uri.getPort() > 0,
                "\"%s\" is not of the form http://host:port",
                baseUrl);
        Check.argument(
                !secure || tls != null,
                "%s is reached by TLS, for which this node has no certificate: see the settings cluster.tls.…",
                baseUrl);
        ConnectionPool pool = new ConnectionPool(
                baseUrl,
                context.config.connectionsPerNode(),
                context.config.waitTimeout().toNanos(),
                context.waits);
        return new Server(unbracketed(String.valueOf(host)), uri.getPort(), uri.getRawAuthority(), pool);
    }

    /// An IPv6 address as certificates name it.
    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /// One server, as its URL names it.
    private static final class Server {
        private final String host;
        private final int port;
        private final String authority;
        private final ConnectionPool pool;
        /// Where the host's name led when it was last looked up, which only a thread that may wait does.
        private volatile @Nullable InetAddress address;

        private Server(String host, int port, String authority, ConnectionPool pool) {
            this.host = host;
            this.port = port;
            this.authority = authority;
            this.pool = pool;
        }
    }
}
