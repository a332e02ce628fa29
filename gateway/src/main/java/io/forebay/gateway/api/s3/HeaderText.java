package io.forebay.gateway.api.s3;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The values of metadata between a header's bytes and stored text: what a client sent comes back byte for byte.
///
/// Bytes that are UTF-8 are stored as the text that they mean. A byte above 0x7F of a value that is not UTF-8 is
/// stored as a character from U+F780 to U+F7FF, of those that Unicode leaves to private use.
final class HeaderText {
    private static final int ESCAPE = 0xF700;

    private HeaderText() {}

    /// The stored text of a header value whose chars are bytes.
    static String toStored(String value) {
        if (isAscii(value)) {
            return value;
        }
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            StringBuilder text = new StringBuilder(value.length());
            for (byte b : bytes) {
                text.append(b >= 0 ? (char) b : (char) (ESCAPE | (b & 0xFF)));
            }
            return text.toString();
        }
    }

    /// The header value of a stored text. Text with control characters, which another face may have stored, goes out
    /// as an encoded word (RFC 2047).
    static String toHeader(String stored) {
        if (isAscii(stored)) {
            return isPrintable(stored) ? stored : encodedWord(stored);
        }
        if (!isPrintable(stored)) {
            return encodedWord(stored);
        }
        StringBuilder value = new StringBuilder(stored.length() + 16);
        int from = 0;
        for (int index = 0; index < stored.length(); index++) {
            char c = stored.charAt(index);
            if (c >= (ESCAPE | 0x80) && c <= (ESCAPE | 0xFF)) {
                appendUtf8(stored, from, index, value);
                value.append((char) (c & 0xFF));
                from = index + 1;
            }
        }
        appendUtf8(stored, from, stored.length(), value);
        return value.toString();
    }

    private static void appendUtf8(String text, int from, int end, StringBuilder out) {
        for (byte b : text.substring(from, end).getBytes(StandardCharsets.UTF_8)) {
            out.append((char) (b & 0xFF));
        }
    }

    private static String encodedWord(String text) {
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    private static boolean isAscii(String text) {
        for (int index = 0; index < text.length(); index++) {
            if (text.charAt(index) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintable(String text) {
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if ((c < 0x20 && c != '\t') || c == 0x7F) {
                return false;
            }
        }
        return true;
    }
}
