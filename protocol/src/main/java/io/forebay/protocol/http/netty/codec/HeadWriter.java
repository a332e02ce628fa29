package io.forebay.protocol.http.netty.codec;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Request;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Encodes heads into an array of its own, from where they are put in front of a payload; for one thread.
///
/// Refuses header lines that would end early on the wire, so that no value can forge a header or a reply.
public final class HeadWriter {
    /// Lengths that are none.
    public static final long CHUNKED = -1;

    public static final long UNSTATED = -2;

    /// What a reply says about its connection.
    public enum Ending {
        /// Kept, as HTTP/1.1 implies.
        NONE,
        /// Kept, for an HTTP/1.0 client that asked for it.
        KEEP_ALIVE,
        CLOSE
    }

    private static final int OWN_BYTES = 256;
    private static final byte[][] STATUS_LINES = new byte[600][];
    private static final byte[] VERSION_LINE_END = bytes(" HTTP/1.1\r\n");
    private static final byte[] HOST = bytes("Host: ");
    private static final byte[] CONTENT_LENGTH = bytes("Content-Length: ");
    private static final byte[] TRANSFER_ENCODING = bytes("Transfer-Encoding: chunked\r\n");
    private static final byte[] KEEP_ALIVE = bytes("Connection: keep-alive\r\n");
    private static final byte[] CLOSE = bytes("Connection: close\r\n");
    private static final byte[] EXPECT = bytes("Expect: 100-continue\r\n");

    static {
        for (int status = 100; status < STATUS_LINES.length; status++) {
            STATUS_LINES[status] = bytes("HTTP/1.1 " + status + " " + StatusText.of(status) + "\r\n");
        }
    }

    private byte[] bytes = new byte[1024];
    private int size;

    /// The most bytes that a head with these headers takes.
    public static int bound(Headers headers) {
        int bound = OWN_BYTES;
        for (int index = 0; index < headers.count(); index++) {
            bound += headers.name(index).length() + headers.value(index).length() + 4;
        }
        return bound;
    }

    /// Throws IllegalArgumentException for a status or header that cannot be sent.
    public static void check(int status, Headers headers) {
        checkStatus(status);
        if (!headers.sendable()) {
            throw new IllegalArgumentException("a header of the reply cannot be sent");
        }
    }

    /// Encodes the head of a reply. Throws IllegalArgumentException for a status or header that cannot be sent.
    public void reply(int status, Headers headers, long length, byte[] dateLine, Ending ending) {
        checkStatus(status);
        begin(bound(headers));
        put(STATUS_LINES[status]);
        put(dateLine);
        putLines(headers);
        putFraming(length);
        switch (ending) {
            case NONE -> {
                // HTTP/1.1 keeps connections.
            }
            case KEEP_ALIVE -> put(KEEP_ALIVE);
            case CLOSE -> put(CLOSE);
        }
        putLineEnd();
    }

    /// Encodes the head of a request. Throws IllegalArgumentException for a target or header that cannot be sent.
    public void request(Request request, String host, long length, boolean expectContinue) {
        String target = request.target();
        begin(bound(request.headers()) + target.length() + host.length());
        put(request.method().name());
        bytes[size++] = ' ';
        int start = size;
        put(target);
        for (int index = start; index < size; index++) {
            if (!HeadBytes.isTarget(bytes[index])) {
                throw new IllegalArgumentException("a request target cannot be sent: " + target);
            }
        }
        put(VERSION_LINE_END);
        put(HOST);
        put(host);
        putLineEnd();
        putLines(request.headers());
        putFraming(length);
        if (expectContinue) {
            put(EXPECT);
        }
        putLineEnd();
    }

    public int size() {
        return size;
    }

    /// Puts the head that was encoded last in front of the buffer's reader index, where there must be room.
    public void prepend(ByteBuf out) {
        int start = out.readerIndex() - size;
        out.setBytes(start, bytes, 0, size);
        out.readerIndex(start);
    }

    private static void checkStatus(int status) {
        if (status < 200 || status >= STATUS_LINES.length) {
            throw new IllegalArgumentException("a reply cannot have status " + status);
        }
    }

    private void begin(int bound) {
        size = 0;
        if (bytes.length < bound) {
            bytes = new byte[Math.max(bound, 2 * bytes.length)];
        }
    }

    private void putLines(Headers headers) {
        for (int index = 0; index < headers.count(); index++) {
            String name = headers.name(index);
            if (!isEngines(name)) {
                putLine(name, headers.value(index));
            }
        }
    }

    private void putLine(String name, String value) {
        int start = size;
        put(name);
        for (int index = start; index < size; index++) {
            if (!HeadBytes.isToken(bytes[index])) {
                throw new IllegalArgumentException("a header name cannot be sent: " + name);
            }
        }
        bytes[size++] = ':';
        bytes[size++] = ' ';
        start = size;
        put(value);
        for (int index = start; index < size; index++) {
            if (!HeadBytes.isValue(bytes[index])) {
                throw new IllegalArgumentException("the value of header " + name + " has a control character");
            }
        }
        putLineEnd();
    }

    private void putFraming(long length) {
        if (length >= 0) {
            put(CONTENT_LENGTH);
            putNumber(length);
            putLineEnd();
        } else if (length == CHUNKED) {
            put(TRANSFER_ENCODING);
        }
    }

    private void putNumber(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        int at = size + digits;
        size = at;
        long rest = number;
        do {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
    }

    private void putLineEnd() {
        bytes[size++] = HeadBytes.CR;
        bytes[size++] = HeadBytes.LF;
    }

    private void put(byte[] text) {
        System.arraycopy(text, 0, bytes, size, text.length);
        size += text.length;
    }

    /// Copies the low byte of each char, a plain array copy for Latin-1 strings. What becomes of a wider char is
    /// checked by the caller like any other byte.
    @SuppressWarnings("deprecation")
    private void put(String text) {
        text.getBytes(0, text.length(), bytes, size);
        size += text.length();
    }

    /// Whether the engine alone writes that header.
    private static boolean isEngines(String name) {
        return switch (name.length()) {
            case 4 -> name.equalsIgnoreCase("Date") || name.equalsIgnoreCase("Host");
            case 6 -> name.equalsIgnoreCase("Server") || name.equalsIgnoreCase("Expect");
            case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
            case 14 -> name.equalsIgnoreCase("Content-Length");
            case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
            default -> false;
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
