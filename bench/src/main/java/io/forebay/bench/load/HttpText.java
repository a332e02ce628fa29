package io.forebay.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Request heads as bytes.
public final class HttpText {
    private HttpText() {}

    /// The head of a request, with a length where there is a body.
    ///
    /// @param length the body's length, or -1 for a request without one
    /// @param lines further header lines, each with its CRLF
    public static String head(String method, String target, long length, String lines) {
        return method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + (length < 0 ? "" : "Content-Length: " + length + "\r\n") + lines + "\r\n";
    }

    /// Appends a text of Latin-1 characters.
    public static void put(String text, ByteBuffer target) {
        target.put(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
