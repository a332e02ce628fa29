package io.forebay.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Finds the end of HTTP/1.1 responses in a stream of bytes, passing over bodies without keeping them.
final class ResponseReader {
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CODING = "transfer-encoding:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE = "connection: close".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_END = 0x0D0A0D0A;

    private enum State {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILER,
        DONE
    }

    private State state = State.HEAD;
    private boolean bodiless;
    private boolean closes;
    private int status;
    private long remaining;
    private boolean emptyLine;

    /// Begins with the next response.
    void begin(boolean withoutBody) {
        state = State.HEAD;
        bodiless = withoutBody;
        closes = false;
    }

    int status() {
        return status;
    }

    /// Whether the server closes the connection behind this response.
    boolean closes() {
        return closes;
    }

    /// Takes what it can of the buffer's bytes; true at the end of the response. An unfinished head stays in the
    /// buffer: the caller keeps it and adds to it.
    boolean take(ByteBuffer bytes) {
        while (state != State.DONE) {
            if (state == State.HEAD) {
                if (!head(bytes)) {
                    return false;
                }
            } else if (!bytes.hasRemaining()) {
                return false;
            } else {
                body(bytes);
            }
        }
        return true;
    }

    private boolean head(ByteBuffer bytes) {
        int start = bytes.position();
        int end = endOfHead(bytes);
        if (end < 0) {
            return false;
        }
        status = digit(bytes, start + 9) * 100 + digit(bytes, start + 10) * 10 + digit(bytes, start + 11);
        bytes.position(end);
        if (status < 200) {
            return true;
        }
        remaining = 0;
        boolean chunked = false;
        for (int line = nextLine(bytes, start); line < end - 2; line = nextLine(bytes, line)) {
            if (matches(bytes, line, LENGTH)) {
                remaining = number(bytes, line + LENGTH.length);
            } else if (matches(bytes, line, CODING)) {
                chunked = true;
            } else if (matches(bytes, line, CLOSE)) {
                closes = true;
            }
        }
        boolean empty = bodiless || status == 204 || status == 304 || (!chunked && remaining == 0);
        state = empty ? State.DONE : chunked ? State.CHUNK_SIZE : State.BODY;
        if (chunked) {
            remaining = 0;
        }
        return true;
    }

    private void body(ByteBuffer bytes) {
        switch (state) {
            case BODY, CHUNK_DATA -> {
                int taken = (int) Math.min(remaining, bytes.remaining());
                bytes.position(bytes.position() + taken);
                remaining -= taken;
                if (remaining == 0) {
                    state = state == State.BODY ? State.DONE : State.CHUNK_END;
                }
            }
            case CHUNK_SIZE -> {
                byte b = bytes.get();
                if (b == '\n') {
                    state = remaining == 0 ? State.TRAILER : State.CHUNK_DATA;
                    emptyLine = true;
                } else if (b != '\r') {
                    remaining = remaining * 16 + Character.digit(b, 16);
                }
            }
            case CHUNK_END -> {
                if (bytes.get() == '\n') {
                    state = State.CHUNK_SIZE;
                }
            }
            case TRAILER -> {
                byte b = bytes.get();
                if (b == '\n' && emptyLine) {
                    state = State.DONE;
                } else if (b != '\r') {
                    emptyLine = b == '\n';
                }
            }
            case HEAD, DONE -> throw new IllegalStateException("no body here");
        }
    }

    /// The index behind the empty line, or -1.
    private static int endOfHead(ByteBuffer bytes) {
        int window = 0;
        for (int index = bytes.position(); index < bytes.limit(); index++) {
            window = window << 8 | bytes.get(index);
            if (window == HEAD_END) {
                return index + 1;
            }
        }
        return -1;
    }

    private static int nextLine(ByteBuffer bytes, int from) {
        int index = from;
        while (bytes.get(index) != '\n') {
            index++;
        }
        return index + 1;
    }

    private static boolean matches(ByteBuffer bytes, int from, byte[] text) {
        if (bytes.limit() - from < text.length) {
            return false;
        }
        for (int index = 0; index < text.length; index++) {
            byte b = bytes.get(from + index);
            byte lower = b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
            if (lower != text[index]) {
                return false;
            }
        }
        return true;
    }

    private static long number(ByteBuffer bytes, int from) {
        int index = from;
        while (bytes.get(index) == ' ') {
            index++;
        }
        long value = 0;
        for (byte b = bytes.get(index); b >= '0' && b <= '9'; b = bytes.get(++index)) {
            value = value * 10 + (b - '0');
        }
        return value;
    }

    private static int digit(ByteBuffer bytes, int index) {
        return bytes.get(index) - '0';
    }
}
