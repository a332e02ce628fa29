package io.forebay.protocol.http.netty;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.http.netty.codec.BodyFraming;
import io.forebay.protocol.http.netty.codec.HeadScanner;
import io.forebay.protocol.http.netty.codec.HeadWriter;
import io.forebay.protocol.http.netty.codec.Refusal;
import io.forebay.protocol.http.netty.codec.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// One connection to a server: one request after the other. Lives on its event loop, but for what threads that may wait
/// call.
final class ClientConnection extends ChannelInboundHandlerAdapter implements Swept, InboundBody.Feed {
    private enum Phase {
        /// Kept, or just connected: any byte from the server is one too many.
        IDLE,
        /// The request is being sent, or was; its reply's head is awaited.
        HEAD,
        /// The reply's body is being received.
        BODY,
        CLOSED
    }

    /// A small object arrives with its head.
    private static final int HEAD_READ_BYTES = 32 << 10;

    private final ClientContext client;
    private final ConnectionPool pool;
    private final String host;
    private final LoopState loop;
    private final SocketChannel channel;
    private final Outlet outlet;
    private final ReadSizer sizer;
    private final HeadScanner scanner;
    private final WriteWatch watch;

    private Phase phase = Phase.IDLE;
    private @Nullable ByteBuf inbound;
    private @Nullable ReplyTaker current;
    private @Nullable InboundBody body;
    private @Nullable BodyFraming framing;
    private boolean persistent;
    private boolean reading;
    private boolean told;
    private boolean requestSent;
    private long since;
    private boolean used;
    /// Why the connection broke: a server that refuses this node's certificate says so after the handshake, perhaps
    /// before the request is sent.
    private @Nullable StoreException broken;

    private volatile boolean answeredSome;

    ClientConnection(
            ClientContext client,
            ConnectionPool pool,
            String host,
            LoopState loop,
            SocketChannel channel,
            ReadSizer sizer) {
        this.client = client;
        this.pool = pool;
        this.host = host;
        this.loop = loop;
        this.channel = channel;
        this.outlet = new Outlet(channel);
        this.sizer = sizer;
        this.scanner = new HeadScanner(client.maxHeadBytes, client.maxHeadBytes);
        this.watch = new WriteWatch(channel);
    }

    static ReadSizer sizer() {
        return new ReadSizer(HEAD_READ_BYTES);
    }

    // For the thread that sends.

    LoopState loop() {
        return loop;
    }

    boolean usable() {
        return channel.isActive();
    }

    /// Whether an earlier request went over this connection, so that the server may have given it up meanwhile.
    boolean used() {
        return used;
    }

    /// Whether the server has sent any byte in answer to the current request.
    boolean answeredSome() {
        return answeredSome;
    }

    void close() {
        outlet.close();
    }

    /// Sends a request and waits for its reply. Throws as `HttpClient.send` says; the connection is then closed.
    Reply exchange(Request request, Body requestBody) {
        ClientExchange exchange = new ClientExchange(request.method() == Method.HEAD);
        answeredSome = false;
        boolean inMemory = requestBody.length() == 0 || requestBody instanceof MemoryBody;
        onLoop(() -> begin(exchange, request, requestBody, inMemory));
        try {
            if (!inMemory && exchange.awaitTold()) {
                sendBody(exchange, requestBody);
            }
            return exchange.awaitReply();
        } catch (RuntimeException e) {
            // Whatever was sent of the request must not be taken for the whole.
            exchange.abandon();
            outlet.close();
            throw e;
        } finally {
            used = true;
        }
    }

    private void sendBody(ClientExchange exchange, Body requestBody) {
        StreamPump pump = new StreamPump(outlet, channel.alloc(), requestBody, requestBody.length() < 0);
        if (pump.move(pump.pull(), exchange::over)) {
            onLoop(() -> {
                pump.end();
                outlet.flush();
                requestSent = true;
                since = loop.now();
                finishIfDone();
            });
        }
    }

    /// Sends a request without a body, on the connection's event loop.
    void begin(ReplyTaker exchange, Request request) {
        answeredSome = false;
        used = true;
        begin(exchange, request, Body.empty(), true);
    }

    private void onLoop(Runnable work) {
        try {
            channel.eventLoop().execute(work);
        } catch (RejectedExecutionException e) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "this process is ending", e);
        }
    }

    // Sending, on the loop.

    private void begin(ReplyTaker exchange, Request request, Body requestBody, boolean inMemory) {
        if (phase != Phase.IDLE || !channel.isActive()) {
            exchange.fail(lost());
            return;
        }
        phase = Phase.HEAD;
        current = exchange;
        told = false;
        requestSent = inMemory;
        since = loop.now();
        ByteBuffer bytes = requestBody instanceof MemoryBody memory ? memory.bytes() : ByteBuffer.allocate(0);
        HeadWriter heads = loop.heads();
        try {
            heads.request(request, host, framed(request, requestBody), !inMemory);
        } catch (IllegalArgumentException e) {
            current = null;
            exchange.fail(new StoreException(ErrorCode.INTERNAL, String.valueOf(e.getMessage()), e));
            outlet.close();
            return;
        }
        ByteBuf out = channel.alloc().directBuffer(heads.size() + bytes.remaining());
        out.setIndex(heads.size(), heads.size());
        out.writeBytes(bytes);
        heads.prepend(out);
        outlet.writeAndFlush(out);
    }

    private static long framed(Request request, Body requestBody) {
        boolean bodyless =
                requestBody.length() == 0 && request.method() != Method.PUT && request.method() != Method.POST;
        return bodyless ? HeadWriter.UNSTATED : requestBody.length();
    }

    // Events of the channel.

    @Override
    public void channelActive(ChannelHandlerContext context) {
        client.connections.increment();
        loop.add(this);
        since = loop.now();
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        since = loop.now();
        answeredSome = true;
        ByteBuf in = (ByteBuf) message;
        inbound = inbound == null ? in : HeadScanner.joined(channel.alloc(), inbound, in);
        try {
            while (inbound != null && step(inbound)) {
                // Each step consumes a head or a piece of a body.
            }
        } catch (Refusal refusal) {
            fail(new StoreException(ErrorCode.NODE_UNAVAILABLE, host + " answered malformed: " + refusal.text()));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        if (body != null) {
            body.deliver();
        }
        readIfWanted();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        outlet.signal();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            // Over TLS the server says that nothing more is coming before the connection ends.
            outlet.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (phase == Phase.BODY && framing != null && framing.untilClose() && body != null) {
            body.end();
        }
        fail(lost());
        phase = Phase.CLOSED;
        dropInbound();
        outlet.signal();
        client.connections.decrement();
        pool.forget();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable own = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        broken = new StoreException(
                ErrorCode.NODE_UNAVAILABLE, "the connection to " + host + " failed: " + own.getMessage(), cause);
        fail(broken);
    }

    @Override
    public boolean sweep(long now) {
        if (phase == Phase.CLOSED) {
            return false;
        }
        long waited = now - since;
        if (watch.stalled(now, client.bodyNanos)) {
            fail(late("did not take a request"));
        } else if (phase == Phase.IDLE && waited > client.idleNanos) {
            outlet.close();
        } else if (phase == Phase.HEAD && (requestSent || !told) && waited > client.replyNanos) {
            fail(late("did not answer"));
        } else if (phase == Phase.BODY) {
            if (body == null || !body.starved()) {
                since = now;
            } else if (waited > client.bodyNanos) {
                fail(late("stopped sending"));
            }
        }
        return true;
    }

    // Receiving, on the loop.

    private boolean step(ByteBuf in) {
        return switch (phase) {
            case IDLE -> throw Refusal.malformed("bytes that nobody asked for");
            case HEAD -> readHead(in);
            case BODY -> framing != null && readBody(in, framing);
            case CLOSED -> {
                dropInbound();
                yield false;
            }
        };
    }

    private boolean readHead(ByteBuf in) {
        int length = scanner.find(in);
        if (length < 0) {
            return false;
        }
        ResponseHead head = loop.responses().parse(in, length, scanner.headerLines());
        scanner.reset();
        in.skipBytes(length);
        if (!in.isReadable()) {
            dropInbound();
        }
        ReplyTaker exchange = current;
        if (exchange == null) {
            throw Refusal.malformed("a reply that nobody waits for");
        }
        if (head.status() == 100) {
            told = true;
            since = loop.now();
            exchange.tell();
        } else if (head.status() >= 200) {
            answer(exchange, head);
        }
        return true;
    }

    private void answer(ReplyTaker exchange, ResponseHead head) {
        persistent = head.persistent();
        // Refused without being asked for, the body was not touched, and the server awaits the next request.
        requestSent |= !told;
        Headers headers = head.headers()
                .remove("Content-Length")
                .remove("Transfer-Encoding")
                .remove("Connection");
        boolean bodyless = exchange.forHead() || head.status() == 204 || head.status() == 304;
        phase = Phase.BODY;
        if (bodyless || (head.contentLength() == 0 && !head.chunked())) {
            framing = BodyFraming.ofLength(0);
            body = null;
            Payload payload =
                    bodyless && head.contentLength() > 0 ? new Payload.Described(head.contentLength()) : Payload.none();
            // Given back first: the thread that waits may want the connection at once.
            finishIfDone();
            exchange.answer(new Reply(head.status(), headers, payload));
            return;
        }
        framing = head.chunked()
                ? BodyFraming.ofChunks()
                : head.contentLength() > 0 ? BodyFraming.ofLength(head.contentLength()) : BodyFraming.ofConnection();
        InboundBody received = new InboundBody(this, client.budget, head.contentLength(), client.windowBytes);
        body = received;
        resize();
        exchange.answer(new Reply(head.status(), headers, new Payload.Stream(received)));
    }

    private void resize() {
        long rest = framing == null ? 0 : framing.remaining();
        long bytes = rest < 0 ? client.bodyReadBytes : Math.min(rest, client.bodyReadBytes);
        sizer.resize((int) Math.max(bytes, HEAD_READ_BYTES));
    }

    private boolean readBody(ByteBuf in, BodyFraming framing) {
        if (framing.ended()) {
            throw Refusal.malformed("bytes after the reply");
        }
        int end = framing.decode(in);
        ByteBuf content;
        if (framing.next() == in.writerIndex()) {
            in.writerIndex(end);
            content = in;
            inbound = null;
        } else {
            content = in.retainedSlice(in.readerIndex(), end - in.readerIndex());
            in.readerIndex(framing.next());
        }
        InboundBody taker = body;
        if (taker == null || !content.isReadable()) {
            content.release();
        } else {
            taker.offer(content);
        }
        if (framing.ended()) {
            finishIfDone();
            if (taker != null) {
                taker.end();
            }
        } else {
            resize();
        }
        return true;
    }

    /// Gives the connection back when reply and request are both through.
    private void finishIfDone() {
        if (phase != Phase.BODY || framing == null || !framing.ended()) {
            return;
        }
        current = null;
        body = null;
        framing = null;
        sizer.resize(HEAD_READ_BYTES);
        phase = Phase.IDLE;
        since = loop.now();
        // A reply that came before the whole request was sent leaves the server inside that request.
        if (persistent && requestSent && inbound == null) {
            pool.put(this);
            readIfWanted();
        } else {
            outlet.close();
        }
    }

    private void readIfWanted() {
        if (reading || phase == Phase.CLOSED || (phase == Phase.BODY && body != null && !body.wantsMore())) {
            return;
        }
        channel.read();
    }

    private void fail(StoreException failure) {
        ReplyTaker exchange = current;
        if (exchange != null) {
            exchange.fail(failure);
        }
        if (body != null) {
            body.fail(failure);
        }
        dropInbound();
        outlet.close();
    }

    private StoreException lost() {
        return broken != null
                ? broken
                : new StoreException(ErrorCode.NODE_UNAVAILABLE, host + " closed the connection");
    }

    private StoreException late(String what) {
        return new StoreException(ErrorCode.DEADLINE_EXCEEDED, host + " " + what + " in time");
    }

    private void dropInbound() {
        ByteBuf in = inbound;
        if (in != null) {
            inbound = null;
            in.release();
        }
    }

    // Feeding the body; called by the thread that takes from it.

    @Override
    public boolean isOnLoop() {
        return channel.eventLoop().inEventLoop();
    }

    @Override
    public void wanted(InboundBody asking) {
        if (isOnLoop()) {
            readOn(asking);
        } else {
            channel.eventLoop().execute(() -> readOn(asking));
        }
    }

    private void readOn(InboundBody asking) {
        if (body == asking) {
            since = loop.now();
            readIfWanted();
        }
    }

    @Override
    public void closed(InboundBody closing) {
        channel.eventLoop().execute(() -> {
            if (body == closing) {
                outlet.close();
            }
        });
    }
}
