package io.forebay.protocol.http.netty;

import io.forebay.protocol.tls.ClientTls;
import io.forebay.protocol.tls.NodeTls;
import io.forebay.protocol.tls.PortTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;

/// Decides by the first byte of a connection whether it is TLS, and goes: a TLS connection begins with a handshake
/// record
/// (22), an HTTP request with a letter. Where nodes and clients both speak TLS, a node is told by its hello.
final class TlsDetector extends ChannelInboundHandlerAdapter {
    private static final int HANDSHAKE = 22;

    private final PortTls tls;
    private final long handshakeNanos;

    /// @param tls that is on
    /// @param handshakeNanos how long a handshake may take
    TlsDetector(PortTls tls, long handshakeNanos) {
        this.tls = tls;
        this.handshakeNanos = handshakeNanos;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (in.getByte(in.readerIndex()) == HANDSHAKE) {
            ClientTls clients = tls.clients();
            context.pipeline()
                    .addAfter(
                            context.name(),
                            null,
                            clients == null
                                    ? ofNode(Objects.requireNonNull(tls.nodes()))
                                    : new HelloReader(
                                            hello -> answer(hello, clients),
                                            handshakeNanos,
                                            () -> clients.failed(new SslHandshakeTimeoutException("no hello"))));
        }
        context.fireChannelRead(in);
        context.pipeline().remove(this);
    }

    private SslHandler answer(ClientHello hello, ClientTls clients) {
        NodeTls nodes = tls.nodes();
        return nodes != null && hello.protocols().contains(NodeTls.APPLICATION_PROTOCOL)
                ? ofNode(nodes)
                : handler(clients.serverEngine(hello.host()), clients::failed);
    }

    private SslHandler ofNode(NodeTls nodes) {
        return handler(nodes.serverEngine(), failure -> nodes.refusedCaller(NodeTls.Port.DATA, failure));
    }

    private SslHandler handler(SSLEngine engine, Consumer<Throwable> failed) {
        // Signing and checking signatures takes about a millisecond, for which no event loop waits.
        SslHandler handler = new SslHandler(engine, Thread::startVirtualThread);
        handler.setHandshakeTimeout(handshakeNanos, TimeUnit.NANOSECONDS);
        handler.handshakeFuture().addListener(done -> {
            // A caller that gives up was not refused.
            if (!done.isSuccess() && !(done.cause() instanceof ClosedChannelException)) {
                failed.accept(done.cause());
            }
        });
        return handler;
    }
}
