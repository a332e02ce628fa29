package io.forebay.protocol.http.netty.codec;

import io.netty.buffer.ByteBuf;

/// Takes the framing out of a chunked body that arrives piece by piece, strictly by RFC 9112 7.1.
///
/// The content is moved together inside the buffer it came in: however small the chunks, they cost no object each.
public final class ChunkDecoder {
    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_EXTENSION_BYTES = 512;
    private static final int MAX_TRAILER_BYTES = 16 << 10;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF,
        ENDED
    }

    private State state = State.SIZE;
    private long remaining;
    private int digits;
    private int extensionBytes;
    private int trailerBytes;

    public boolean ended() {
        return state == State.ENDED;
    }

    /// Moves the content of the buffer's readable bytes to its reader index and gives the content's end.
    /// Afterwards `next` is the index of the first byte that is not part of this body. Throws Refusal.
    public int decode(ByteBuf in) {
        int from = in.readerIndex();
        int to = from;
        int end = in.writerIndex();
        while (from < end && state != State.ENDED) {
            if (state == State.DATA) {
                int count = (int) Math.min(remaining, end - from);
                if (to != from) {
                    in.setBytes(to, in, from, count);
                }
                to += count;
                from += count;
                remaining -= count;
                if (remaining == 0) {
                    state = State.DATA_CR;
                }
            } else {
                step(in.getByte(from++));
            }
        }
        next = from;
        return to;
    }

    private int next;

    public int next() {
        return next;
    }

    private void step(byte b) {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> {
                expect(b, HeadBytes.LF);
                state = remaining == 0 ? State.TRAILER : State.DATA;
                digits = 0;
            }
            case DATA_CR -> {
                expect(b, HeadBytes.CR);
                state = State.DATA_LF;
            }
            case DATA_LF -> {
                expect(b, HeadBytes.LF);
                state = State.SIZE;
            }
            case TRAILER -> trailer(b);
            case TRAILER_NAME -> {
                count();
                if (b == ':') {
                    state = State.TRAILER_VALUE;
                } else if (!HeadBytes.isToken(b)) {
                    throw malformed();
                }
            }
            case TRAILER_VALUE -> {
                count();
                if (b == HeadBytes.CR) {
                    state = State.TRAILER_LF;
                } else if (!HeadBytes.isValue(b)) {
                    throw malformed();
                }
            }
            case TRAILER_LF -> {
                expect(b, HeadBytes.LF);
                state = State.TRAILER;
            }
            case LAST_LF -> {
                expect(b, HeadBytes.LF);
                state = State.ENDED;
            }
            case DATA, ENDED -> throw new IllegalStateException("no framing here");
        }
    }

    private void size(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            if (++digits > MAX_SIZE_DIGITS) {
                throw Refusal.malformed("a chunk size is too large");
            }
            remaining = remaining << 4 | digit;
        } else if (digits == 0) {
            throw malformed();
        } else if (b == HeadBytes.CR) {
            state = State.SIZE_LF;
        } else if (b == ';') {
            state = State.EXTENSION;
            extensionBytes = 0;
        } else {
            throw malformed();
        }
    }

    private void extension(byte b) {
        if (b == HeadBytes.CR) {
            state = State.SIZE_LF;
        } else if (!HeadBytes.isValue(b) || ++extensionBytes > MAX_EXTENSION_BYTES) {
            throw malformed();
        }
    }

    private void trailer(byte b) {
        if (b == HeadBytes.CR) {
            state = State.LAST_LF;
        } else if (HeadBytes.isToken(b)) {
            count();
            state = State.TRAILER_NAME;
        } else {
            throw malformed();
        }
    }

    private void count() {
        if (++trailerBytes > MAX_TRAILER_BYTES) {
            throw new Refusal(431, "the trailers are longer than " + MAX_TRAILER_BYTES + " bytes");
        }
    }

    private static void expect(byte actual, byte expected) {
        if (actual != expected) {
            throw malformed();
        }
    }

    private static Refusal malformed() {
        return Refusal.malformed("the chunked body is malformed");
    }
}
