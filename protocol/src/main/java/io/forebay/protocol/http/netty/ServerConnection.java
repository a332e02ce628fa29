package io.forebay.protocol.http.netty;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.netty.codec.HeadScanner;
import io.forebay.protocol.http.netty.codec.Refusal;
import io.forebay.protocol.http.netty.codec.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
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
    private final RequestReader reader;
    private final Outlet outlet;
    private final ReplySender sender;
    private final WriteWatch watch;
    private final LoopWait waiting;

    private Phase phase = Phase.HEAD;
    private @Nullable ByteBuf inbound;
    private boolean reading;
    private boolean processing;
    private boolean ended;
    private boolean broken;
    private long since;

    private @Nullable ServerExchange starting;
    private @Nullable RequestIntake intake;
    private boolean handedOver;
    private boolean lastReply;
    private volatile @Nullable Thread worker;

    ServerConnection(ServerContext server, LoopState loop, SocketChannel channel, ReadSizer sizer) {
        this.server = server;
        this.loop = loop;
        this.channel = channel;
        this.remote = channel.remoteAddress();
        this.sizer = sizer;
        this.reader = new RequestReader(server, loop);
        this.outlet = new Outlet(channel);
        this.sender = new ReplySender(this, server, loop, channel, outlet);
        this.watch = new WriteWatch(channel);
        this.waiting = new LoopWait(server.workers);
    }

    InetSocketAddress remote() {
        return remote;
    }

    boolean secure() {
        return channel.pipeline().get(SslHandler.class) != null;
    }

    /// Whether the client is a node that has shown its certificate, which only nodes are asked for.
    boolean fromNode() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls != null && tls.engine().getNeedClientAuth();
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
        inbound = inbound == null ? in : HeadScanner.joined(channel.alloc(), inbound, in);
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
        waiting.move();
        if (phase == Phase.HEAD && channel.isWritable()) {
            process();
            readIfWanted();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case ChannelInputShutdownEvent end -> inputEnded();
            case SslCloseCompletionEvent end -> inputEnded();
            case SslHandshakeCompletionEvent handshake -> {
                if (!handshake.isSuccess()) {
                    outlet.close();
                }
            }
            default -> {
                // Others are none of a connection's business.
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (phase == Phase.CLOSED) {
            return;
        }
        ended = true;
        failBody("the client closed the connection before the end of the body");
        if (intake != null && !handedOver) {
            // A thread that takes from the body closes it itself, as a buffer may be in its hands.
            intake.body().close();
        }
        phase = Phase.CLOSED;
        outlet.signal();
        waiting.end();
        dropInbound();
        server.open.remove(this);
        server.connections.leave();
        server.meters.connections.decrement();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        boolean ofTls = cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        if (!ofTls && !(cause instanceof java.io.IOException)) {
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
            case REQUEST, DRAIN -> !broken && intake != null && !intake.ended() && readBody(in, intake);
            case LINGER, CLOSED -> {
                dropInbound();
                yield false;
            }
        };
    }

    private boolean readHead(ByteBuf in) {
        RequestHead head = reader.read(in);
        if (!in.isReadable()) {
            dropInbound();
        }
        if (head != null) {
            begin(head);
        }
        return head != null;
    }

    private void begin(RequestHead head) {
        server.meters.requests.increment();
        phase = Phase.REQUEST;
        lastReply = false;
        handedOver = false;
        since = loop.now();
        long length = head.contentLength();
        if (length == 0) {
            intake = null;
            if (head.expectsContinue()) {
                // No body is to come, but aws-cli 1 misreads the reply after one that came without it.
                outlet.writeAndFlush(CONTINUE.duplicate());
            }
            answerHere(new ServerExchange(this, head, Body.empty(), loop.nextId()));
            return;
        }
        RequestIntake received = new RequestIntake(server, sizer, this, length, head.expectsContinue());
        intake = received;
        ServerExchange started = new ServerExchange(this, head, received.body(), loop.nextId());
        if (reading) {
            // Started when the bytes at hand were read: a small body is then there before its handler.
            starting = started;
        } else {
            startThread(started);
        }
    }

    private boolean readBody(ByteBuf in, RequestIntake received) {
        try {
            inbound = received.receive(in);
        } catch (StoreException e) {
            dropInbound();
            breakBody(e);
            return false;
        }
        if (received.ended() && phase == Phase.DRAIN) {
            awaitHead();
        }
        return true;
    }

    private void readIfWanted() {
        if (ended || reading || (broken && phase != Phase.LINGER)) {
            return;
        }
        boolean wanted = switch (phase) {
            case HEAD -> channel.isWritable();
            // Read ahead by one buffer while another server is asked: turning reads off and on again costs two calls
            // of the kernel.
            case REQUEST ->
                intake == null
                        ? waiting.isBegun() && inbound == null
                        : intake.body().wantsMore();
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
            case REQUEST -> failBody("the client stopped sending before the end of the body");
            case CLOSED -> {
                // Nothing is left to end.
            }
        }
    }

    /// What follows on the connection cannot be understood, or will not be waited for.
    private void breakBody(StoreException cause) {
        broken = true;
        if (phase == Phase.DRAIN) {
            finish();
        } else if (intake != null) {
            intake.body().fail(cause);
        }
    }

    private void failBody(String text) {
        if (phase == Phase.REQUEST && intake != null) {
            intake.body().fail(new StoreException(ErrorCode.INCOMPLETE_BODY, text));
        }
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
    public void wanted(InboundBody taken) {
        channel.eventLoop().execute(() -> {
            RequestIntake received = intake;
            if (received != null && received.body() == taken && phase == Phase.REQUEST) {
                if (received.askForBody()) {
                    outlet.writeAndFlush(CONTINUE.duplicate());
                }
                since = loop.now();
                readIfWanted();
            }
        });
    }

    @Override
    public void closed(InboundBody closing) {
        // What is left is read over after the reply.
    }

    // Answering.

    private void answerHere(ServerExchange started) {
        Reply reply = server.answering.call(started);
        Asking asked = started.asking();
        if (!reply.wouldWait()) {
            if (asked != null) {
                asked.cancel();
            }
            sender.send(started, reply);
        } else if (asked != null && asked.isUnderWay()) {
            waiting.begin(asked);
        } else {
            waiting.end();
            startThread(started);
        }
    }

    /// The server that an exchange has asked has answered, or will not.
    void answered(ServerExchange asker) {
        Asking asked = asker.asking();
        if (asked != null && waiting.isFor(asked)) {
            asked.answered();
            answerHere(asker);
        }
    }

    /// What the current request waits for on the event loop.
    LoopWait waiting() {
        return waiting;
    }

    private void startThread(ServerExchange started) {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (server.workers.full()) {
            server.meters.requestsBusy.increment();
            sender.send(started, Reply.text(503, "BUSY: too many requests\n").with("Retry-After", "1"));
            return;
        }
        server.meters.requestsHandedOver.increment();
        handedOver = true;
        started.letWait();
        runWaiting(() -> {
            try {
                sender.sendWaiting(started, server.answering.call(started));
            } finally {
                started.body().close();
            }
        });
    }

    /// Runs work of the current request on a thread that may wait.
    void runWaiting(Runnable work) {
        worker = server.workers.start(work, outlet::close);
    }

    /// Whether the connection can be kept after the reply whose head is being written.
    boolean decideKept(ServerExchange answered) {
        boolean readable =
                intake == null || intake.ended() || (intake.unsent() ? !losesCount(answered) : intake.drainable());
        return answered.head().persistent() && !ended && !broken && !server.closing && readable;
    }

    /// Whether the client gives the next reply of a connection the status of one that came in place of
    /// `100 Continue`, as botocore does: its `AWSConnection` takes that back only when the connection is closed.
    private static boolean losesCount(ServerExchange answered) {
        String agent = answered.request().headers().find("User-Agent", "");
        return agent.contains("Botocore") || agent.startsWith("aws-cli");
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
        starting = null;
        worker = null;
        waiting.end();
        RequestIntake received = intake;
        if (received != null) {
            received.discard();
        }
        if (lastReply) {
            finish();
        } else if (received == null || received.ended() || received.unsent()) {
            awaitHead();
        } else {
            phase = Phase.DRAIN;
            since = loop.now();
            process();
            readIfWanted();
        }
    }

    private void awaitHead() {
        phase = Phase.HEAD;
        intake = null;
        sizer.resize(server.headReadBytes);
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
        boolean clean = ended || (!broken && (intake == null || intake.ended()));
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
        if (intake == null || !intake.body().starved()) {
            since = now;
        } else if (waited > server.bodyNanos) {
            server.meters.bodyTimeouts.increment();
            breakBody(new StoreException(ErrorCode.DEADLINE_EXCEEDED, "the client took too long to send the body"));
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
