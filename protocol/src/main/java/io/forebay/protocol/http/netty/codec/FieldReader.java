package io.forebay.protocol.http.netty.codec;

import io.forebay.protocol.http.Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Reads header lines and what they say about framing; for one event loop, one head after the other.
///
/// Whatever two readers of HTTP could understand differently is refused: framing that is ambiguous is how one
/// request is smuggled inside another.
public final class FieldReader {
    private static final long MAX_LENGTH = Long.MAX_VALUE / 10 - 1;

    private final TextCache names = new TextCache();
    private final TextCache values = new TextCache();
    private byte[] bytes = new byte[4096];

    private long contentLength;
    private @Nullable String transferEncoding;
    private @Nullable String host;
    private @Nullable String expect;
    private boolean close;
    private boolean keepAlive;

    /// Takes a head out of the buffer, whose reader index stays; gives the bytes back for the parser of its first
    /// line.
    public byte[] load(ByteBuf in, int length) {
        if (bytes.length < length + TextCache.SLACK) {
            bytes = new byte[Math.max(length + TextCache.SLACK, 2 * bytes.length)];
        }
        in.getBytes(in.readerIndex(), bytes, 0, length);
        return bytes;
    }

    /// Adds the header lines from an index to the empty line that ends the head at `end`.
    public void read(int from, int end, Headers headers) {
        contentLength = -1;
        transferEncoding = null;
        host = null;
        expect = null;
        close = false;
        keepAlive = false;
        int at = from;
        while (bytes[at] != HeadBytes.CR) {
            at = readLine(at, headers);
        }
        if (bytes[at + 1] != HeadBytes.LF || at + 2 != end) {
            throw Refusal.malformed("the head has a bare CR");
        }
        if (transferEncoding != null && contentLength >= 0) {
            throw Refusal.malformed("both Content-Length and Transfer-Encoding");
        }
    }

    /// The declared length of the body, or -1 when there is none.
    public long contentLength() {
        return contentLength;
    }

    /// Whether the body is chunked. Throws Refusal for any other transfer coding.
    public boolean chunked() {
        if (transferEncoding == null) {
            return false;
        }
        if (!transferEncoding.equalsIgnoreCase("chunked")) {
            throw new Refusal(501, "transfer coding other than chunked");
        }
        return true;
    }

    @Nullable
    public String host() {
        return host;
    }

    @Nullable
    public String expect() {
        return expect;
    }

    /// Whether the connection outlives this message, by version and Connection header.
    public boolean persistent(boolean modern) {
        return !close && (modern || keepAlive);
    }

    private int readLine(int start, Headers headers) {
        int at = start;
        while (HeadBytes.isToken(bytes[at])) {
            at++;
        }
        if (at == start || bytes[at] != ':') {
            throw Refusal.malformed(
                    bytes[start] == ' ' || bytes[start] == '\t'
                            ? "a folded header line"
                            : "a header name is malformed");
        }
        String name = names.text(bytes, start, at);
        int from = at + 1;
        while (isBlank(bytes[from])) {
            from++;
        }
        at = from;
        while (HeadBytes.isValue(bytes[at])) {
            at++;
        }
        if (bytes[at] != HeadBytes.CR || bytes[at + 1] != HeadBytes.LF) {
            throw Refusal.malformed("the value of header " + name + " has a control character");
        }
        int to = at;
        while (to > from && isBlank(bytes[to - 1])) {
            to--;
        }
        String value = values.text(bytes, from, to);
        headers.add(name, value);
        note(name, value);
        return at + 2;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private void note(String name, String value) {
        switch (name.length()) {
            case 4 -> {
                if (name.equalsIgnoreCase("Host")) {
                    host = once(host, name, value);
                }
            }
            case 6 -> {
                if (name.equalsIgnoreCase("Expect")) {
                    expect = value;
                }
            }
            case 10 -> {
                if (name.equalsIgnoreCase("Connection")) {
                    noteConnection(value);
                }
            }
            case 14 -> {
                if (name.equalsIgnoreCase("Content-Length")) {
                    if (contentLength >= 0) {
                        throw Refusal.malformed("more than one Content-Length");
                    }
                    contentLength = length(value);
                }
            }
            case 17 -> {
                if (name.equalsIgnoreCase("Transfer-Encoding")) {
                    transferEncoding = once(transferEncoding, name, value);
                }
            }
            default -> {
                // Says nothing about framing.
            }
        }
    }

    private static String once(@Nullable String former, String name, String value) {
        if (former != null) {
            throw Refusal.malformed("more than one " + name);
        }
        return value;
    }

    private static long length(String value) {
        long length = 0;
        for (int index = 0; index < value.length(); index++) {
            char c = value.charAt(index);
            if (c < '0' || c > '9' || length > MAX_LENGTH) {
                throw Refusal.malformed("Content-Length is not a number");
            }
            length = 10 * length + (c - '0');
        }
        if (value.isEmpty()) {
            throw Refusal.malformed("Content-Length is empty");
        }
        return length;
    }

    private void noteConnection(String value) {
        int from = 0;
        while (from <= value.length()) {
            int comma = value.indexOf(',', from);
            int to = comma < 0 ? value.length() : comma;
            String option =
                    from == 0 && comma < 0 ? value : value.substring(from, to).strip();
            if (option.equalsIgnoreCase("close")) {
                close = true;
            } else if (option.equalsIgnoreCase("keep-alive")) {
                keepAlive = true;
            }
            from = to + 1;
        }
    }
}
