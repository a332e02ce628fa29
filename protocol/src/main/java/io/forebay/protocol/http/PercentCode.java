package io.forebay.protocol.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Percent-encoding by RFC 3986 over UTF-8 bytes.
public final class PercentCode {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PercentCode() {}

    /// Decodes `%XX`; `+` stays a plus. The text's chars are taken as Latin-1 bytes, the result read as UTF-8.
    /// Throws INVALID_ARGUMENT on a broken escape or bytes that are not UTF-8.
    public static String decode(String text) {
        return decode(text, false);
    }

    /// Decodes as in a query: `+` is a space too.
    public static String decodeQuery(String text) {
        return decode(text, true);
    }

    /// Encodes all but the unreserved `A-Z a-z 0-9 - . _ ~`.
    public static String encode(String text) {
        return encode(text, false);
    }

    /// Encodes as `encode` does, but keeps `/`.
    public static String encodePath(String text) {
        return encode(text, true);
    }

    private static String decode(String text, boolean plusIsSpace) {
        if (isPlain(text, plusIsSpace)) {
            return text;
        }
        byte[] bytes = new byte[text.length()];
        int count = 0;
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if (c == '%') {
                int high = index + 2 < text.length() ? Character.digit(text.charAt(index + 1), 16) : -1;
                int low = high >= 0 ? Character.digit(text.charAt(index + 2), 16) : -1;
                if (low < 0) {
                    throw new StoreException(
                            ErrorCode.INVALID_ARGUMENT, "invalid percent-encoding in \"" + text + "\"");
                }
                bytes[count++] = (byte) (high << 4 | low);
                index += 2;
            } else {
                bytes[count++] = c == '+' && plusIsSpace ? (byte) ' ' : (byte) c;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, 0, count))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "not UTF-8: \"" + text + "\"", e);
        }
    }

    private static boolean isPlain(String text, boolean plusIsSpace) {
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if (c == '%' || c >= 0x80 || (c == '+' && plusIsSpace)) {
                return false;
            }
        }
        return true;
    }

    private static String encode(String text, boolean keepSlash) {
        StringBuilder out = null;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int index = 0; index < bytes.length; index++) {
            byte b = bytes[index];
            if (isUnreserved(b) || (b == '/' && keepSlash)) {
                if (out != null) {
                    out.append((char) b);
                }
            } else {
                if (out == null) {
                    out = new StringBuilder(bytes.length + 16).append(text, 0, index);
                }
                out.append('%').append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
            }
        }
        return out == null ? text : out.toString();
    }

    private static boolean isUnreserved(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~';
    }
}
