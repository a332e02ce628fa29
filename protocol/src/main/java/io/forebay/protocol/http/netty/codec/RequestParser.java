package io.forebay.protocol.http.netty.codec;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads request heads; for one event loop, one head after the other.
public final class RequestParser {
    private static final Method[] METHODS = Method.values();
    private static final byte[][] METHOD_NAMES = Arrays.stream(METHODS)
            .map(method -> method.name().getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);
    private static final int VERSION_BYTES = "HTTP/1.1".length();

    private final FieldReader fields;

    public RequestParser(FieldReader fields) {
        this.fields = fields;
    }

    /// Parses the head of `length` bytes at the reader index, which stays. Throws Refusal.
    public RequestHead parse(ByteBuf in, int length, int headerLines, int maxTargetBytes) {
        byte[] bytes = fields.load(in, length);
        int methodEnd = 0;
        while (HeadBytes.isToken(bytes[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == 0 || bytes[methodEnd] != ' ') {
            throw Refusal.malformed("the request method is malformed");
        }
        int targetStart = methodEnd + 1;
        int targetEnd = targetStart;
        while (HeadBytes.isTarget(bytes[targetEnd])) {
            targetEnd++;
        }
        if (targetEnd == targetStart || bytes[targetEnd] != ' ') {
            throw Refusal.malformed("the request target is malformed");
        }
        if (targetEnd - targetStart > maxTargetBytes) {
            throw new Refusal(414, "the request target is longer than " + maxTargetBytes + " bytes");
        }
        boolean modern = modern(bytes, targetEnd + 1, length);
        Headers headers = new Headers(headerLines);
        fields.read(targetEnd + 1 + VERSION_BYTES + 2, length, headers);
        Method method = method(bytes, methodEnd);
        if (method == null) {
            throw new Refusal(501, "the request method is not supported");
        }
        String target = new String(bytes, targetStart, targetEnd - targetStart, StandardCharsets.ISO_8859_1);
        checkHost(modern);
        return new RequestHead(
                new Request(method, originForm(method, target, headers), headers),
                contentLength(modern),
                fields.persistent(modern),
                modern && expectsContinue(),
                modern);
    }

    private static boolean modern(byte[] bytes, int from, int length) {
        if (from + VERSION_BYTES + 2 > length
                || bytes[from] != 'H'
                || bytes[from + 1] != 'T'
                || bytes[from + 2] != 'T'
                || bytes[from + 3] != 'P'
                || bytes[from + 4] != '/'
                || !isDigit(bytes[from + 5])
                || bytes[from + 6] != '.'
                || !isDigit(bytes[from + 7])
                || bytes[from + 8] != HeadBytes.CR
                || bytes[from + 9] != HeadBytes.LF) {
            throw Refusal.malformed("the request line is malformed");
        }
        byte minor = bytes[from + 7];
        if (bytes[from + 5] != '1' || (minor != '1' && minor != '0')) {
            throw new Refusal(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        return minor == '1';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static @Nullable Method method(byte[] bytes, int length) {
        for (int index = 0; index < METHODS.length; index++) {
            byte[] name = METHOD_NAMES[index];
            if (name.length == length && Arrays.equals(name, 0, length, bytes, 0, length)) {
                return METHODS[index];
            }
        }
        return null;
    }

    private void checkHost(boolean modern) {
        String host = fields.host();
        if (host == null) {
            if (modern) {
                throw Refusal.malformed("no Host header");
            }
            return;
        }
        checkAuthority(host);
    }

    private static void checkAuthority(String authority) {
        for (int index = 0; index < authority.length(); index++) {
            char c = authority.charAt(index);
            if (c <= ' ' || c >= 0x7f || c == '/' || c == '\\' || c == '@' || c == '?' || c == '#' || c == ',') {
                throw Refusal.malformed("the Host is malformed");
            }
        }
    }

    /// Strips scheme and authority of an absolute-form target; the authority is then the host (RFC 9112 3.2.2).
    private static String originForm(Method method, String target, Headers headers) {
        if (target.charAt(0) == '/' || (method == Method.OPTIONS && target.equals("*"))) {
            return target;
        }
        int authority = target.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
        if (authority < 0) {
            throw Refusal.malformed("the request target does not begin with /");
        }
        int end = authority;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String host = target.substring(authority, end);
        if (host.isEmpty()) {
            throw Refusal.malformed("the request target has an empty authority");
        }
        checkAuthority(host);
        headers.set("Host", host);
        String origin = target.substring(end);
        return origin.startsWith("/") ? origin : "/" + origin;
    }

    private long contentLength(boolean modern) {
        if (!fields.chunked()) {
            return Math.max(0, fields.contentLength());
        }
        if (!modern) {
            throw Refusal.malformed("Transfer-Encoding in HTTP/1.0");
        }
        return -1;
    }

    /// Any other expectation is passed over, as S3 does: a server may refuse it, and clients send odd ones.
    private boolean expectsContinue() {
        String expect = fields.expect();
        return expect != null && expect.equalsIgnoreCase("100-continue");
    }
}
