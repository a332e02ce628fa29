package io.forebay.protocol.http.netty;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One client's connection: reads one request, has it answered, reads the next. Lives on its event loop.
final class ServerConnection extends ChannelInboundHandlerAdapter implements Swept, InboundBody.Feed {
    /*
     * Bytes move only when somebody wants them: the channel never reads by itself. In HEAD a head is awaited; in
     * REQUEST the body is read as far as its taker asks; in DRAIN the reply is out and the rest of a refused body is
     * read over, since many clients read no reply before they have sent their body; in LINGER the last reply is out
     * and input is dropped until the client closes, because closing with unread input would reset the connection and
     * could destroy that reply on its way.
     */
    private enum Phase {
        HEAD,
        REQUEST,
        DRAIN,
        LINGER,
        CLOSED
    }

    private static final System.Logger LOG = System.getLogger(ServerConnection.class.getName());
    private static final ByteBuf CONTINUE = Unpooled.unreleasableBuffer(Unpooled.directBuffer()
            .writeBytes("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
            .asReadOnly());

    private final ServerContext server;
    private final LoopState loop;
    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final ReadSizer sizer;
    private final HeadScanner scanner;
    private final Outlet outlet;
    private final ReplySender sender;
    private final WriteWatch watch;

    private Phase phase = Phase.HEAD;
    private @Nullable ByteBuf inbound;
    private boolean blankLineSkipped;
    private boolean reading;
    private boolean processing;
    private boolean ended;
    private boolean broken;
    private long since;

    private @Nullable ServerExchange starting;
    private @Nullable InboundBody body;
    private @Nullable BodyFraming framing;
    private boolean continuePending;
    private boolean bodySeen;
    private long bodyBytes;
    private long drainedBytes;
    private boolean lastReply;
    private volatile @Nullable Thread worker;

    ServerConnection(ServerContext server, LoopState loop, SocketChannel channel, ReadSizer sizer) {
        this.server = server;
        this.loop = loop;
        this.channel = channel;
        this.remote = channel.remoteAddress();
        this.sizer = sizer;
        this.scanner = new HeadScanner(server.maxHeadBytes, server.maxTargetBytes);
        this.outlet = new Outlet(channel);
        this.sender = new ReplySender(this, server, loop, channel, outlet);
        this.watch = new WriteWatch(channel);
    }

    InetSocketAddress remote() {
        return remote;
    }

    boolean secure() {
        return channel.pipeline().get(SslHandler.class) != null;
    }

    // Events of the channel.

    @Override
    public void channelActive(ChannelHandlerContext context) {
        server.meters.connectionsAccepted.increment();
        server.meters.connections.increment();
        server.connections.enter();
        server.open.add(this);
        loop.add(this);
        since = loop.now();
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        ByteBuf in = (ByteBuf) message;
        if (phase == Phase.LINGER || phase == Phase.CLOSED || broken) {
            in.release();
            return;
        }
        if (phase != Phase.HEAD || inbound == null) {
            since = loop.now();
        }
        inbound = inbound == null ? in : joined(inbound, in);
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        ServerExchange next = starting;
        if (next != null) {
            starting = null;
            startThread(next);
        }
        context.flush();
        readIfWanted();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        outlet.signal();
        if (phase == Phase.HEAD && channel.isWritable()) {
            process();
            readIfWanted();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (phase == Phase.CLOSED) {
            return;
        }
        ended = true;
        failBody(ErrorCode.INCOMPLETE_BODY, "the client closed the connection before the end of the body");
        phase = Phase.CLOSED;
        outlet.signal();
        dropInbound();
        server.open.remove(this);
        server.connections.leave();
        server.meters.connections.decrement();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
            LOG.log(System.Logger.Level.ERROR, () -> "connection of " + remote + " failed", cause);
        }
        outlet.close();
    }

    @Override
    public boolean sweep(long now) {
        if (phase == Phase.CLOSED) {
            return false;
        }
        if (watch.stalled(now, server.writeNanos)) {
            server.meters.writeTimeouts.increment();
            outlet.close();
            return true;
        }
        long waited = now - since;
        switch (phase) {
            case HEAD -> sweepHead(waited);
            case REQUEST -> sweepBody(now, waited);
            case DRAIN -> {
                if (waited > server.bodyNanos) {
                    server.meters.bodyTimeouts.increment();
                    finish();
                }
            }
            case LINGER -> {
                if (waited > server.lingerNanos) {
                    outlet.close();
                }
            }
            case CLOSED -> {
                // Checked above.
            }
        }
        return true;
    }

    // Reading.

    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            while (inbound != null && step()) {
                // Each step consumes a head or a piece of a body.
            }
        } catch (Refusal refusal) {
            refuse(refusal);
        } finally {
            processing = false;
        }
    }

    private boolean step() {
        ByteBuf in = inbound;
        if (in == null) {
            return false;
        }
        return switch (phase) {
            case HEAD -> channel.isWritable() && readHead(in);
            case REQUEST, DRAIN -> !broken && framing != null && !framing.ended() && readBody(in, framing);
            case LINGER, CLOSED -> {
                dropInbound();
                yield false;
            }
        };
    }

    private boolean readHead(ByteBuf in) {
        if (!blankLineSkipped && in.getByte(in.readerIndex()) == HeadBytes.CR) {
            if (in.readableBytes() < 2) {
                return false;
            }
            // One empty line before a request is tolerated (RFC 9112 2.2), for clients that end a body with one.
            if (in.getByte(in.readerIndex() + 1) != HeadBytes.LF) {
                throw Refusal.malformed("a bare CR before the request");
            }
            in.skipBytes(2);
            blankLineSkipped = true;
            if (!in.isReadable()) {
                dropInbound();
                return false;
            }
        }
        if (!HeadBytes.isToken(in.getByte(in.readerIndex()))) {
            throw Refusal.malformed("the request method is malformed");
        }
        int length = scanner.find(in);
        if (length < 0) {
            return false;
        }
        int lines = scanner.headerLines();
        scanner.reset();
        if (lines > server.maxHeaderLines) {
            throw new Refusal(431, "the head has more than " + server.maxHeaderLines + " header lines");
        }
        RequestHead head = loop.requests().parse(in, length, lines, server.maxTargetBytes);
        in.skipBytes(length);
        if (!in.isReadable()) {
            dropInbound();
        }
        begin(head);
        return true;
    }

    private void begin(RequestHead head) {
        server.meters.requests.increment();
        phase = Phase.REQUEST;
        blankLineSkipped = false;
        lastReply = false;
        since = loop.now();
        long length = head.contentLength();
        if (length == 0) {
            framing = null;
            body = null;
            if (head.expectsContinue()) {
                // No body is to come, but aws-cli 1 misreads the reply after one that came without it.
                outlet.writeAndFlush(CONTINUE.duplicate());
            }
            answerHere(new ServerExchange(this, head, Body.empty(), loop.nextId()));
            return;
        }
        if (length > server.maxBodyBytes) {
            throw new Refusal(413, "the body is longer than " + server.maxBodyBytes + " bytes");
        }
        framing = length < 0 ? BodyFraming.ofChunks() : BodyFraming.ofLength(length);
        InboundBody inboundBody = new InboundBody(this, server.budget, length, server.windowBytes);
        body = inboundBody;
        continuePending = head.expectsContinue();
        bodySeen = false;
        bodyBytes = 0;
        drainedBytes = 0;
        resize(length);
        ServerExchange started = new ServerExchange(this, head, inboundBody, loop.nextId());
        if (reading) {
            // Started when the bytes at hand were read: a small body is then there before its handler.
            starting = started;
        } else {
            startThread(started);
        }
    }

    private void resize(long bytesToCome) {
        long bytes = bytesToCome < 0 ? server.bodyReadBytes : Math.min(bytesToCome, server.bodyReadBytes);
        sizer.resize((int) Math.max(bytes, server.headReadBytes));
    }

    private boolean readBody(ByteBuf in, BodyFraming framing) {
        bodySeen = true;
        int end;
        try {
            end = framing.decode(in);
        } catch (Refusal refusal) {
            dropInbound();
            server.meters.refused(refusal.status());
            breakBody(ErrorCode.INVALID_ARGUMENT, refusal.text());
            return false;
        }
        int count = end - in.readerIndex();
        ByteBuf content;
        if (framing.next() == in.writerIndex()) {
            in.writerIndex(end);
            content = in;
            inbound = null;
        } else {
            content = in.retainedSlice(in.readerIndex(), count);
            in.readerIndex(framing.next());
        }
        bodyBytes += count;
        server.meters.receivedBytes.add(count);
        take(content, count);
        if (framing.ended()) {
            bodyEnded();
        } else if (framing.remaining() >= 0) {
            resize(framing.remaining());
        }
        return true;
    }

    private void take(ByteBuf content, int count) {
        InboundBody taker = body;
        if (count == 0 || taker == null || phase == Phase.DRAIN) {
            content.release();
            drainedBytes += count;
            if (phase == Phase.DRAIN && drainedBytes > server.maxDrainBytes) {
                breakBody(ErrorCode.TOO_LARGE, "the body that was refused is too long to be read over");
            }
        } else if (bodyBytes > server.maxBodyBytes) {
            content.release();
            breakBody(ErrorCode.TOO_LARGE, "the body is longer than " + server.maxBodyBytes + " bytes");
        } else {
            taker.offer(content);
        }
    }

    private void bodyEnded() {
        sizer.resize(server.headReadBytes);
        if (body != null) {
            body.end();
        }
        if (phase == Phase.DRAIN) {
            awaitHead();
        }
    }

    private void readIfWanted() {
        if (ended || reading || (broken && phase != Phase.LINGER)) {
            return;
        }
        boolean wanted = switch (phase) {
            case HEAD -> channel.isWritable();
            case REQUEST -> body != null && body.wantsMore();
            case DRAIN, LINGER -> true;
            case CLOSED -> false;
        };
        if (wanted) {
            channel.read();
        }
    }

    private void inputEnded() {
        ended = true;
        switch (phase) {
            case HEAD, DRAIN -> finish();
            case LINGER -> outlet.close();
            case REQUEST ->
                failBody(ErrorCode.INCOMPLETE_BODY, "the client stopped sending before the end of the body");
            case CLOSED -> {
                // Nothing is left to end.
            }
        }
    }

    /// What follows on the connection cannot be understood, or will not be waited for.
    private void breakBody(ErrorCode code, String text) {
        broken = true;
        failBody(code, text);
        if (phase == Phase.DRAIN) {
            finish();
        }
    }

    private void failBody(ErrorCode code, String text) {
        InboundBody waiting = body;
        if (waiting != null && phase == Phase.REQUEST) {
            waiting.fail(new StoreException(code, text));
        }
    }

    private ByteBuf joined(ByteBuf first, ByteBuf second) {
        ByteBuf joined = first;
        if (first.refCnt() > 1 || first.writableBytes() < second.readableBytes()) {
            int bytes = first.readableBytes() + second.readableBytes();
            joined = channel.alloc().directBuffer(Math.max(2 * bytes, server.headReadBytes));
            joined.writeBytes(first);
            first.release();
        }
        joined.writeBytes(second);
        second.release();
        return joined;
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
    public void wanted(InboundBody asking) {
        channel.eventLoop().execute(() -> {
            if (body == asking && phase == Phase.REQUEST) {
                sendContinue();
                since = loop.now();
                readIfWanted();
            }
        });
    }

    @Override
    public void closed(InboundBody closing) {
        // What is left is read over after the reply.
    }

    private void sendContinue() {
        if (continuePending && !bodySeen) {
            outlet.writeAndFlush(CONTINUE.duplicate());
        }
        continuePending = false;
    }

    // Answering.

    private void answerHere(ServerExchange started) {
        Reply reply = server.answering.call(started);
        if (reply.wouldWait()) {
            startThread(started);
        } else {
            sender.send(started, reply);
        }
    }

    private void startThread(ServerExchange started) {
        if (server.requests.full()) {
            server.meters.requestsBusy.increment();
            sender.send(started, Reply.text(503, "BUSY: too many requests\n").with("Retry-After", "1"));
            return;
        }
        server.meters.requestsHandedOver.increment();
        started.letWait();
        runWaiting(() -> sender.sendWaiting(started, server.answering.call(started)));
    }

    /// Runs work of the current request on a thread that may wait.
    void runWaiting(Runnable work) {
        server.meters.requestsInFlight.increment();
        server.requests.enter();
        worker = Thread.startVirtualThread(() -> {
            try {
                work.run();
            } finally {
                server.meters.requestsInFlight.decrement();
                server.requests.leave();
            }
        });
    }

    /// Whether the connection can be kept after the reply whose head is being written.
    boolean decideKept(ServerExchange answered) {
        boolean drainable = framing == null || unsent() || framing.remaining() <= server.maxDrainBytes;
        return answered.head().persistent() && !ended && !broken && !server.closing && drainable;
    }

    /// The current reply is the connection's last.
    void endAfterReply() {
        lastReply = true;
    }

    /// Sends what was written, now or with the last reply to what is being read.
    void flushSoon() {
        if (!reading) {
            outlet.flush();
        }
    }

    /// The current reply is wholly in the channel's hands.
    void replied() {
        if (phase != Phase.REQUEST) {
            return;
        }
        InboundBody refused = body;
        starting = null;
        body = null;
        worker = null;
        if (refused != null) {
            refused.close();
        }
        if (lastReply) {
            finish();
        } else if (framing == null || framing.ended()) {
            awaitHead();
        } else if (unsent()) {
            sizer.resize(server.headReadBytes);
            awaitHead();
        } else {
            phase = Phase.DRAIN;
            since = loop.now();
            process();
            readIfWanted();
        }
    }

    /// Whether the client has sent nothing of its body and was not told to: refused now, it will not send it.
    private boolean unsent() {
        return continuePending && !bodySeen;
    }

    private void awaitHead() {
        phase = Phase.HEAD;
        framing = null;
        continuePending = false;
        since = loop.now();
        if (!processing) {
            process();
            readIfWanted();
        }
    }

    private void refuse(Refusal refusal) {
        server.meters.refused(refusal.status());
        dropInbound();
        phase = Phase.REQUEST;
        body = null;
        broken = true;
        lastReply = true;
        sender.sendRefusal(refusal);
        finish();
    }

    /// Ends the connection once what was written is out.
    private void finish() {
        phase = Phase.LINGER;
        since = loop.now();
        dropInbound();
        boolean clean = ended || (!broken && (framing == null || framing.ended()));
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) written -> {
            if (clean || !written.isSuccess()) {
                outlet.close();
            } else {
                outlet.shutdown();
                readIfWanted();
            }
        });
    }

    // Deadlines and the end.

    private void sweepHead(long waited) {
        if (inbound != null && waited > server.headNanos && channel.isWritable()) {
            server.meters.headTimeouts.increment();
            refuse(new Refusal(408, "the request head took too long"));
        } else if (inbound == null && waited > server.idleNanos) {
            server.meters.idleTimeouts.increment();
            outlet.close();
        }
    }

    private void sweepBody(long now, long waited) {
        InboundBody waiting = body;
        if (waiting == null || !waiting.starved()) {
            since = now;
        } else if (waited > server.bodyNanos) {
            server.meters.bodyTimeouts.increment();
            breakBody(ErrorCode.DEADLINE_EXCEEDED, "the client took too long to send the body");
        }
    }

    /// The server is closing: ends the connection when it is between requests, else after its reply.
    void closeWhenIdle() {
        channel.eventLoop().execute(() -> {
            if ((phase == Phase.HEAD && inbound == null) || phase == Phase.DRAIN) {
                finish();
            }
        });
    }

    /// Ends the connection whatever it is at, and interrupts its handler.
    void abort() {
        outlet.close();
        Thread thread = worker;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
