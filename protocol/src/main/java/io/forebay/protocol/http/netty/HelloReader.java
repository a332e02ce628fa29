package io.forebay.protocol.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Waits for a TLS client's hello, and leaves the connection to who answers it.
final class HelloReader extends SslClientHelloHandler<ClientHello> {
    private static final int MAX_HELLO_BYTES = 1 << 14;

    private final Function<ClientHello, SslHandler> answering;
    private final long patienceNanos;
    private final Runnable late;
    private @Nullable Future<?> timeout;

    /// @param patienceNanos how long a hello may take
    /// @param late is told when it takes longer, and the connection closed
    HelloReader(Function<ClientHello, SslHandler> answering, long patienceNanos, Runnable late) {
        super(MAX_HELLO_BYTES);
        this.answering = answering;
        this.patienceNanos = patienceNanos;
        this.late = late;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timeout = context.executor().schedule(() -> giveUp(context), patienceNanos, TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nothing is left to be done when it is closed.
    private void giveUp(ChannelHandlerContext context) {
        late.run();
        context.close();
    }

    @Override
    protected Future<ClientHello> lookup(ChannelHandlerContext context, @Nullable ByteBuf message) {
        ClientHello hello = message == null ? new ClientHello(null, List.of()) : ClientHello.read(message);
        return context.executor().newSucceededFuture(hello);
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext context, Future<ClientHello> hello) {
        context.pipeline().replace(this, null, answering.apply(hello.getNow()));
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        Future<?> waiting = timeout;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }
}
