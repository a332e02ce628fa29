package io.forebay.protocol.http.netty;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PendingReply;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One request that an event loop sent over a connection of its own: what the connection learns, for the loop itself.
final class LoopCall implements ReplyTaker, PendingReply {
    /// Of a failure; a longer one is read by a thread that may wait.
    private static final int MAX_FAILURE_BYTES = 64 << 10;

    private final ClientContext client;
    private final ConnectionPool pool;
    private final EventLoop loop;
    private final Request request;
    private final Runnable answered;
    private boolean begun;
    private boolean cancelled;
    /// Whether the server may have given the connection up before.
    private boolean kept;
    private @Nullable ClientConnection connection;
    private @Nullable Reply reply;
    private @Nullable StoreException failure;

    LoopCall(ClientContext client, ConnectionPool pool, EventLoop loop, Request request, Runnable answered) {
        this.client = client;
        this.pool = pool;
        this.loop = loop;
        this.request = request;
        this.answered = answered;
    }

    /// Sends the request, unless nobody waits for its reply any longer.
    void sendOver(ClientConnection over) {
        if (cancelled) {
            pool.put(over);
            return;
        }
        connection = over;
        kept = over.used();
        over.begin(this, request);
    }

    /// From here on the caller can be told at once: it has got what it is told of.
    void begun() {
        begun = true;
    }

    // Told by the connection.

    @Override
    public boolean forHead() {
        return request.method() == Method.HEAD;
    }

    @Override
    public void tell() {
        // There is no body.
    }

    @Override
    public void answer(Reply answer) {
        if (cancelled) {
            answer.payload().close();
        } else if (answer.status() >= 400 && answer.payload() instanceof Payload.Stream(InboundBody body)) {
            hold(answer, body);
        } else {
            reply = answer;
            end();
        }
    }

    @Override
    public void fail(StoreException cause) {
        if (reply == null && failure == null) {
            failure = cause;
            count(cause);
            end();
        }
    }

    /// After a kept connection that the server had given up, whoever sends the request again takes a new one.
    private void count(StoreException cause) {
        ClientConnection over = connection;
        if (kept && over != null && !over.answeredSome() && cause.code() == ErrorCode.NODE_UNAVAILABLE) {
            pool.closeIdle();
            client.retries.increment();
        } else {
            client.failures.increment();
        }
    }

    private void end() {
        if (cancelled) {
            return;
        }
        if (begun) {
            answered.run();
        } else {
            loop.execute(answered);
        }
    }

    /// Takes the text of a failure into memory, as handlers read it.
    private void hold(Reply answer, InboundBody body) {
        long length = body.length() < 0 ? MAX_FAILURE_BYTES : Math.min(body.length(), MAX_FAILURE_BYTES);
        ByteBuffer text = ByteBuffer.allocate((int) length);
        body.takeOnLoop(() -> {
            try {
                while (body.isReady()) {
                    ByteBuf next = body.nextBuffer();
                    if (next == null) {
                        body.close();
                        reply = new Reply(answer.status(), answer.headers(), new Payload.Memory(text.flip()));
                        end();
                        return;
                    }
                    add(next, text);
                }
            } catch (StoreException e) {
                body.close();
                fail(e);
            }
        });
    }

    private static void add(ByteBuf next, ByteBuffer text) {
        try {
            if (next.readableBytes() > text.remaining()) {
                throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "a failure of more than " + MAX_FAILURE_BYTES);
            }
            int bytes = next.readableBytes();
            next.readBytes(text.slice(text.position(), bytes));
            text.position(text.position() + bytes);
        } finally {
            next.release();
        }
    }

    // For the handler that is called again.

    @Override
    public Reply take() {
        StoreException cause = failure;
        if (cause != null) {
            throw cause;
        }
        return Objects.requireNonNull(reply, "the reply is not there");
    }

    @Override
    public void cancel() {
        cancelled = true;
        if (reply != null) {
            reply.payload().close();
        } else if (connection != null && failure == null) {
            connection.close();
        }
    }
}
