package io.forebay.protocol.http.netty;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.netty.codec.BodyFraming;
import io.forebay.protocol.http.netty.codec.Refusal;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// The body of one request while a server receives it: its framing, its limits, and the hand-over to its taker.
/// Touched on the connection's event loop only.
final class RequestIntake {
    private final ServerContext server;
    private final ReadSizer sizer;
    private final InboundBody body;
    private final BodyFraming framing;
    private boolean continuePending;
    private boolean seen;
    private boolean discarding;
    private long bytes;
    private long discarded;

    /// @param length the declared length, -1 when the body is chunked
    RequestIntake(ServerContext server, ReadSizer sizer, InboundBody.Feed feed, long length, boolean expectsContinue) {
        this.server = server;
        this.sizer = sizer;
        this.body = new InboundBody(feed, server.budget, length, server.windowBytes);
        this.framing = length < 0 ? BodyFraming.ofChunks() : BodyFraming.ofLength(length);
        this.continuePending = expectsContinue;
        resize();
    }

    InboundBody body() {
        return body;
    }

    /// Whether the last byte of the body has arrived.
    boolean ended() {
        return framing.ended();
    }

    /// Whether the client has sent nothing of the body and was not told to: refused now, it will not send it.
    boolean unsent() {
        return continuePending && !seen;
    }

    /// Whether the rest may be read over, so that the connection can be kept when nobody takes it.
    boolean drainable() {
        return framing.remaining() <= server.maxDrainBytes;
    }

    /// Whether `100 Continue` is to be sent now that the body is asked for; true at most once.
    boolean askForBody() {
        boolean send = unsent();
        continuePending = false;
        return send;
    }

    /// From now on what arrives is read over.
    void discard() {
        discarding = true;
        body.close();
    }

    /// Takes what belongs to the body out of the buffer; gives back a buffer with what follows it, or null. Throws
    /// INVALID_ARGUMENT for malformed chunks and TOO_LARGE over a limit; the buffer is then still the caller's.
    @Nullable
    ByteBuf receive(ByteBuf in) {
        seen = true;
        int end = decode(in);
        int count = end - in.readerIndex();
        bytes += count;
        check(count);
        server.meters.receivedBytes.add(count);
        ByteBuf content = in;
        ByteBuf rest = null;
        if (framing.next() == in.writerIndex()) {
            in.writerIndex(end);
        } else {
            content = in.retainedSlice(in.readerIndex(), count);
            rest = in.readerIndex(framing.next());
        }
        if (count == 0 || discarding) {
            content.release();
        } else {
            body.offer(content);
        }
        if (framing.ended()) {
            body.end();
        }
        resize();
        return rest;
    }

    private int decode(ByteBuf in) {
        try {
            return framing.decode(in);
        } catch (Refusal refusal) {
            server.meters.refused(refusal.status());
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, refusal.text());
        }
    }

    private void check(int count) {
        if (discarding) {
            discarded += count;
            if (discarded > server.maxDrainBytes) {
                throw new StoreException(ErrorCode.TOO_LARGE, "the refused body is too long to be read over");
            }
        } else if (bytes > server.maxBodyBytes) {
            throw new StoreException(ErrorCode.TOO_LARGE, "the body is longer than " + server.maxBodyBytes + " bytes");
        }
    }

    private void resize() {
        long rest = framing.remaining();
        long expected = rest < 0 ? server.bodyReadBytes : Math.min(rest, server.bodyReadBytes);
        sizer.resize((int) Math.max(framing.ended() ? 0 : expected, server.headReadBytes));
    }
}
