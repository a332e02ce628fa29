package io.forebay.protocol.http.netty;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.time.Ticker;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The event loops of a process, shared by its servers and clients. Closed after all of them.
public final class EventLoops implements AutoCloseable {
    private static final long CLOSE_SECONDS = 10;

    private final Transport transport;
    private final int count;
    private final EventLoopGroup group;
    private final Ticker ticker;
    private final Map<EventLoop, LoopState> states = new ConcurrentHashMap<>();
    private final FastThreadLocal<@Nullable LoopState> current = new FastThreadLocal<>();

    /// Starts the loops. Throws UNSUPPORTED when the transport named cannot be had.
    public EventLoops(EventLoopConfig config) {
        this.transport = choose(config.transport());
        this.count = config.count() > 0 ? config.count() : Runtime.getRuntime().availableProcessors();
        this.ticker = Ticker.SYSTEM;
        IoHandlerFactory factory = switch (transport) {
            case IO_URING -> IoUringIoHandler.newFactory();
            case EPOLL -> EpollIoHandler.newFactory();
            case AUTO, NIO -> NioIoHandler.newFactory();
        };
        this.group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("loop", true), factory);
    }

    /// The transport in use, never AUTO.
    public Transport transport() {
        return transport;
    }

    public int count() {
        return count;
    }

    /// Ends the loops; connections still open are dropped.
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    EventLoopGroup group() {
        return group;
    }

    LoopState state(EventLoop loop) {
        LoopState state = states.computeIfAbsent(loop, key -> new LoopState(key, ticker));
        if (loop.inEventLoop()) {
            current.set(state);
        }
        return state;
    }

    /// The state of the event loop that calls; null for another thread, or before the loop has had any connection.
    @Nullable
    LoopState current() {
        return current.get();
    }

    /// One pool of direct memory for every connection.
    static PooledByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    FileRegions fileRegions() {
        return switch (transport) {
            case IO_URING -> IoUring.isSpliceSupported() ? FileRegions.OFFLOADED : FileRegions.NONE;
            case EPOLL, AUTO, NIO -> FileRegions.BLOCKING;
        };
    }

    Class<? extends ServerChannel> serverChannel() {
        return switch (transport) {
            case IO_URING -> IoUringServerSocketChannel.class;
            case EPOLL -> EpollServerSocketChannel.class;
            case AUTO, NIO -> NioServerSocketChannel.class;
        };
    }

    Class<? extends SocketChannel> clientChannel() {
        return switch (transport) {
            case IO_URING -> IoUringSocketChannel.class;
            case EPOLL -> EpollSocketChannel.class;
            case AUTO, NIO -> NioSocketChannel.class;
        };
    }

    /// Lets the kernel take that many bytes of a connection before it has sent the ones that it took earlier.
    void limitUnsent(ServerBootstrap server, long bytes) {
        switch (transport) {
            case IO_URING -> server.childOption(IoUringChannelOption.TCP_NOTSENT_LOWAT, bytes);
            case EPOLL -> server.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, bytes);
            case AUTO, NIO -> {
                // Java's own sockets have no such option.
            }
        }
    }

    private static Transport choose(Transport wanted) {
        return switch (wanted) {
            case AUTO -> {
                if (Epoll.isAvailable()) {
                    yield Transport.EPOLL;
                }
                yield IoUring.isAvailable() ? Transport.IO_URING : Transport.NIO;
            }
            case IO_URING -> available(wanted, IoUring.isAvailable());
            case EPOLL -> available(wanted, Epoll.isAvailable());
            case NIO -> wanted;
        };
    }

    private static Transport available(Transport wanted, boolean available) {
        if (!available) {
            throw new StoreException(ErrorCode.UNSUPPORTED, "the kernel does not grant transport " + wanted);
        }
        return wanted;
    }
}
