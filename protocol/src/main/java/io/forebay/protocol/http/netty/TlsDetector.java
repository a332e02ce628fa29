package io.forebay.protocol.http.netty;

import io.forebay.protocol.tls.NodeTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/// Decides by the first byte of a connection whether it is TLS, and goes: a TLS connection begins with a handshake
/// record
/// (22), an HTTP request with a letter.
final class TlsDetector extends ChannelInboundHandlerAdapter {
    private static final int HANDSHAKE = 22;

    private final NodeTls tls;
    private final long handshakeNanos;

    /// @param handshakeNanos how long a handshake may take
    TlsDetector(NodeTls tls, long handshakeNanos) {
        this.tls = tls;
        this.handshakeNanos = handshakeNanos;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (in.getByte(in.readerIndex()) == HANDSHAKE) {
            SslHandler handler = handler(tls, handshakeNanos);
            context.pipeline().addAfter(context.name(), null, handler);
        }
        context.fireChannelRead(in);
        context.pipeline().remove(this);
    }

    private static SslHandler handler(NodeTls tls, long handshakeNanos) {
        // Signing and checking signatures takes about a millisecond, for which no event loop waits.
        SslHandler handler = new SslHandler(tls.serverEngine(), Thread::startVirtualThread);
        handler.setHandshakeTimeout(handshakeNanos, TimeUnit.NANOSECONDS);
        handler.handshakeFuture().addListener(done -> {
            // A caller that gives up was not refused.
            if (!done.isSuccess() && !(done.cause() instanceof ClosedChannelException)) {
                tls.refusedCaller(NodeTls.Port.DATA, done.cause());
            }
        });
        return handler;
    }
}
