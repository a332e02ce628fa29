package io.forebay.protocol.http.netty.codec;

import java.nio.charset.StandardCharsets;

/// Which bytes may stand where in a head (RFC 9110 and 9112).
public final class HeadBytes {
    public static final byte CR = '\r';
    public static final byte LF = '\n';

    private static final byte TOKEN = 1;
    private static final byte VALUE = 2;
    private static final byte TARGET = 4;
    private static final byte[] CLASSES = new byte[256];

    static {
        for (int b = 0x20; b < 256; b++) {
            if (b != 0x7f) {
                CLASSES[b] |= VALUE;
                CLASSES[b] |= b == ' ' ? 0 : TARGET;
            }
        }
        CLASSES['\t'] |= VALUE;
        for (char c = 'a'; c <= 'z'; c++) {
            CLASSES[c] |= TOKEN;
            CLASSES[c - 'a' + 'A'] |= TOKEN;
        }
        for (byte b : "0123456789!#$%&'*+-.^_`|~".getBytes(StandardCharsets.US_ASCII)) {
            CLASSES[b] |= TOKEN;
        }
    }

    private HeadBytes() {}

    /// Whether the byte may stand in a method or a header name.
    public static boolean isToken(byte b) {
        return (CLASSES[b & 0xff] & TOKEN) != 0;
    }

    /// Whether the byte may stand in a header value: no control but the tab.
    public static boolean isValue(byte b) {
        return (CLASSES[b & 0xff] & VALUE) != 0;
    }

    /// Whether the byte may stand in a request target: no control, no space.
    public static boolean isTarget(byte b) {
        return (CLASSES[b & 0xff] & TARGET) != 0;
    }
}
