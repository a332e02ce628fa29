package io.forebay.protocol.http.netty;

import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.netty.codec.HeadWriter;
import io.forebay.protocol.http.netty.codec.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sends the replies of one connection, each payload in its cheapest form, and tells the connection when one is
/// out.
final class ReplySender {
    /*
     * Heads are encoded on the event loop only, where it is also decided whether the connection is kept. A payload
     * that leaves in one buffer is put behind free room for its head, so that it can be read from disk on another
     * thread first. Whoever holds a payload on an early way out closes it.
     */
    private static final System.Logger LOG = System.getLogger(ReplySender.class.getName());
    private static final int SCARCE_GATHER_BYTES = 16 << 10;
    private static final int PROBE_STEP_BYTES = 1 << 20;
    private static final int MAX_PROBES = 16;

    private final ServerConnection connection;
    private final ServerContext server;
    private final LoopState loop;
    private final Channel channel;
    private final Outlet outlet;

    ReplySender(ServerConnection connection, ServerContext server, LoopState loop, Channel channel, Outlet outlet) {
        this.connection = connection;
        this.server = server;
        this.loop = loop;
        this.channel = channel;
        this.outlet = outlet;
    }

    /// Sends a reply from the event loop, on a thread that may wait where it must.
    void send(ServerExchange exchange, Reply reply) {
        if (!channel.isActive()) {
            reply.payload().close();
            return;
        }
        if (hasNoBody(exchange, reply)) {
            sendHead(exchange, reply);
            return;
        }
        switch (reply.payload()) {
            case Payload.None none -> sendHead(exchange, reply);
            case Payload.Described described ->
                send(
                        exchange,
                        bug(
                                exchange,
                                "a payload without bytes answers "
                                        + exchange.request().method()));
            case Payload.Memory memory -> sendMemory(exchange, reply, memory.bytes());
            case Payload.Slices slices -> sendSlices(exchange, reply, slices);
            case Payload.Stream(InboundBody body) when body.isOnLoop() -> pass(exchange, reply, body);
            case Payload.Stream stream -> connection.runWaiting(() -> sendWaiting(exchange, reply));
        }
    }

    /// Sends a reply from a thread that may wait. Returns when nothing is left to wait for.
    void sendWaiting(ServerExchange exchange, Reply reply) {
        if (hasNoBody(exchange, reply)) {
            hand(exchange, reply);
            return;
        }
        switch (reply.payload()) {
            case Payload.Slices slices
            when gathers(slices.length()) -> {
                ByteBuf out = room(reply.headers(), (int) slices.length());
                gatherWaiting(exchange, reply, slices, out, 0);
            }
            case Payload.Stream stream -> pump(exchange, reply, stream);
            default -> hand(exchange, reply);
        }
    }

    /// Sends what answers a request that the wire refused; the connection then ends.
    void sendRefusal(Refusal refusal) {
        byte[] text = (refusal.text() + "\n").getBytes(StandardCharsets.UTF_8);
        Headers headers = new Headers(1).add("Content-Type", "text/plain; charset=utf-8");
        ByteBuf out = room(headers, text.length).writeBytes(text);
        HeadWriter heads = loop.heads();
        heads.reply(refusal.status(), headers, text.length, loop.dateLine(), HeadWriter.Ending.CLOSE);
        heads.prepend(out);
        outlet.write(out);
    }

    private static boolean hasNoBody(ServerExchange exchange, Reply reply) {
        return exchange.isHead() || reply.status() == 204 || reply.status() == 304;
    }

    // One buffer.

    private void sendHead(ServerExchange exchange, Reply reply) {
        Payload payload = reply.payload();
        long length = payload.length() < 0 ? HeadWriter.UNSTATED : payload.length();
        if (reply.status() == 204 || reply.status() == 304) {
            length = HeadWriter.UNSTATED;
        }
        payload.close();
        finish(exchange, reply, room(reply.headers(), 0), length);
    }

    private void sendMemory(ServerExchange exchange, Reply reply, ByteBuffer bytes) {
        int length = bytes.remaining();
        if (length <= server.gatherBytes) {
            finish(exchange, reply, room(reply.headers(), length).writeBytes(bytes.duplicate()), length);
            return;
        }
        ByteBuf head = head(exchange, reply, room(reply.headers(), 0), length);
        if (head != null) {
            outlet.write(head);
            write(Unpooled.wrappedBuffer(bytes));
            sent(length);
        }
    }

    private void sendSlices(ServerExchange exchange, Reply reply, Payload.Slices slices) {
        long length = slices.length();
        if (!gathers(length)) {
            if (goesByRegion(slices)) {
                sendRegions(exchange, reply, slices, length);
            } else {
                SliceSource source = new SliceSource(slices.slices(), length, channel.alloc());
                connection.runWaiting(() -> pump(exchange, reply, new Payload.Stream(source)));
            }
            return;
        }
        ByteBuf out = room(reply.headers(), (int) length);
        List<FileSlice> files = slices.slices();
        for (int index = 0; index < files.size(); index++) {
            FileSlice slice = files.get(index);
            int bytes = (int) slice.length();
            if (!slice.readNow(0, out.internalNioBuffer(out.writerIndex(), bytes))) {
                int next = index;
                connection.runWaiting(() -> gatherWaiting(exchange, reply, slices, out, next));
                return;
            }
            out.writerIndex(out.writerIndex() + bytes);
        }
        slices.close();
        finish(exchange, reply, out, length);
    }

    /// Reads the slices from one on behind what the buffer has, waiting for the disk, and sends it. Takes the
    /// buffer.
    private void gatherWaiting(ServerExchange exchange, Reply reply, Payload.Slices slices, ByteBuf out, int from) {
        List<FileSlice> files = slices.slices();
        try (slices) {
            for (int index = from; index < files.size(); index++) {
                FileSlice slice = files.get(index);
                int bytes = (int) slice.length();
                slice.read(0, out.internalNioBuffer(out.writerIndex(), bytes));
                out.writerIndex(out.writerIndex() + bytes);
            }
        } catch (StoreException e) {
            out.release();
            hand(exchange, server.answering.failed(exchange, e));
            return;
        } catch (RuntimeException e) {
            out.release();
            hand(exchange, server.answering.broken(exchange, e));
            return;
        }
        onLoop(() -> finish(exchange, reply, out, slices.length()), out::release);
    }

    /// Puts the head in front of the payload in the buffer, which it takes, and sends both.
    private void finish(ServerExchange exchange, Reply reply, ByteBuf out, long length) {
        ByteBuf whole = head(exchange, reply, out, length);
        if (whole != null) {
            write(whole);
            sent(Math.max(0, length));
        }
    }

    // Regions of files.

    private boolean goesByRegion(Payload.Slices slices) {
        // The kernel cannot encrypt what it sends from a file.
        return !connection.secure()
                && switch (server.fileRegions) {
                    case OFFLOADED -> true;
                    case BLOCKING -> areInMemory(slices.slices());
                    case NONE -> false;
                };
    }

    private boolean areInMemory(List<FileSlice> slices) {
        for (FileSlice slice : slices) {
            if (!isInMemory(slice)) {
                return false;
            }
        }
        return true;
    }

    /// Asks for single bytes all over the slice: whoever reads objects reads them whole, so they are in memory
    /// whole.
    private boolean isInMemory(FileSlice slice) {
        long step = Math.max(PROBE_STEP_BYTES, slice.length() / MAX_PROBES);
        for (long at = 0; at < slice.length(); at += step) {
            if (!slice.readNow(at, loop.probe())) {
                return false;
            }
        }
        return slice.length() == 0 || slice.readNow(slice.length() - 1, loop.probe());
    }

    private void sendRegions(ServerExchange exchange, Reply reply, Payload.Slices slices, long length) {
        ByteBuf head = head(exchange, reply, room(reply.headers(), 0), length);
        if (head == null) {
            slices.close();
            return;
        }
        outlet.write(head);
        ChannelFuture last = null;
        for (FileSlice slice : slices.slices()) {
            if (slice.length() > 0) {
                last = channel.write(new SliceRegion(slice));
            } else {
                slice.close();
            }
        }
        if (last == null) {
            throw new IllegalStateException("no bytes of " + length);
        }
        last.addListener((ChannelFutureListener) written -> {
            if (written.isSuccess()) {
                sent(length);
            } else {
                outlet.close();
            }
        });
        outlet.flush();
    }

    // Streams.

    private void pump(ServerExchange exchange, Reply reply, Payload.Stream stream) {
        try (stream) {
            long length = stream.length();
            boolean chunked = length < 0 && exchange.head().modern();
            StreamPump pump = new StreamPump(outlet, channel.alloc(), stream.source(), chunked);
            ByteBuf first;
            try {
                HeadWriter.check(reply.status(), reply.headers());
                // Before the head: a source that fails at once can still be answered for.
                first = pump.pull();
            } catch (StoreException e) {
                hand(exchange, server.answering.failed(exchange, e));
                return;
            } catch (RuntimeException e) {
                hand(exchange, server.answering.broken(exchange, e));
                return;
            }
            onLoop(() -> sendStreamHead(exchange, reply, length), outlet::close);
            if (moved(exchange, pump, first)) {
                onLoop(() -> endStream(pump), outlet::close);
            } else {
                outlet.close();
            }
        }
    }

    /// Passes on what arrives on this event loop.
    private void pass(ServerExchange exchange, Reply reply, InboundBody body) {
        long length = body.length();
        boolean chunked = length < 0 && exchange.head().modern();
        StreamPump pump = new StreamPump(outlet, channel.alloc(), body, chunked);
        connection.waiting().pass(new LoopPump(outlet, body, pump, new LoopPump.Owner() {
            private boolean begun;

            @Override
            public boolean begin() {
                begun = true;
                return sendStreamHead(exchange, reply, length);
            }

            @Override
            public void flush() {
                connection.flushSoon();
            }

            @Override
            public void end() {
                pump.requireWhole();
                endStream(pump);
            }

            @Override
            public void fail(RuntimeException cause) {
                if (begun) {
                    noteCut(exchange, cause);
                    outlet.close();
                } else {
                    send(
                            exchange,
                            cause instanceof StoreException failure
                                    ? server.answering.failed(exchange, failure)
                                    : server.answering.broken(exchange, cause));
                }
            }
        }));
    }

    private void noteCut(ServerExchange exchange, RuntimeException cause) {
        if (cause instanceof StoreException failure) {
            LOG.log(System.Logger.Level.DEBUG, () -> "request " + exchange.id() + " was cut: " + failure.text());
        } else {
            server.answering.broken(exchange, cause);
        }
    }

    /// False when an error was sent instead.
    private boolean sendStreamHead(ServerExchange exchange, Reply reply, long length) {
        long stated = length < 0 && !exchange.head().modern() ? HeadWriter.UNSTATED : length;
        ByteBuf head = head(exchange, reply, room(reply.headers(), 0), stated);
        if (head != null) {
            outlet.write(head);
        }
        return head != null;
    }

    private boolean moved(ServerExchange exchange, StreamPump pump, @Nullable ByteBuf first) {
        try {
            return pump.move(first, () -> false);
        } catch (RuntimeException e) {
            noteCut(exchange, e);
            return false;
        }
    }

    private void endStream(StreamPump pump) {
        pump.end();
        connection.flushSoon();
        sent(pump.moved());
    }

    // Steps.

    /// Whether a file's bytes are read into a buffer: not while the direct memory runs short, as a region takes
    /// none.
    private boolean gathers(long length) {
        return length <= server.gatherBytes && (length <= SCARCE_GATHER_BYTES || !server.memory.spent());
    }

    /// A buffer with room for a head in front of a payload of that length.
    private ByteBuf room(Headers headers, int length) {
        int bound = HeadWriter.bound(headers);
        ByteBuf out = channel.alloc().directBuffer(bound + length);
        return out.setIndex(bound, bound);
    }

    /// Puts the head in front of the buffer. Null, with the buffer released and an error sent instead, when it
    /// cannot be encoded.
    private @Nullable ByteBuf head(ServerExchange exchange, Reply reply, ByteBuf out, long length) {
        HeadWriter heads = loop.heads();
        try {
            heads.reply(reply.status(), reply.headers(), length, loop.dateLine(), ending(exchange, length));
            heads.prepend(out);
            return out;
        } catch (IllegalArgumentException e) {
            out.release();
            send(exchange, server.answering.broken(exchange, e));
            return null;
        }
    }

    private HeadWriter.Ending ending(ServerExchange exchange, long length) {
        boolean modern = exchange.head().modern();
        boolean endless = length == HeadWriter.UNSTATED && !modern && !exchange.isHead();
        if (!connection.decideKept(exchange) || endless) {
            connection.endAfterReply();
            return HeadWriter.Ending.CLOSE;
        }
        return modern ? HeadWriter.Ending.NONE : HeadWriter.Ending.KEEP_ALIVE;
    }

    private void write(ByteBuf out) {
        outlet.write(out);
        connection.flushSoon();
    }

    private void sent(long bytes) {
        server.meters.sentBytes.add(bytes);
        connection.replied();
    }

    private Reply bug(ServerExchange exchange, String text) {
        return server.answering.broken(exchange, new IllegalStateException(text));
    }

    /// Gives a reply that needs no waiting to the event loop.
    private void hand(ServerExchange exchange, Reply reply) {
        onLoop(() -> send(exchange, reply), () -> reply.payload().close());
    }

    private void onLoop(Runnable work, Runnable otherwise) {
        try {
            channel.eventLoop().execute(work);
        } catch (java.util.concurrent.RejectedExecutionException e) {
            // The process is ending and its loops with it.
            otherwise.run();
        }
    }
}
