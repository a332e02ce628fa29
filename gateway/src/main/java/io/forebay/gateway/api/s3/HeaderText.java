package io.forebay.gateway.api.s3;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The values of metadata between a header's bytes and stored text.
///
/// Clients send UTF-8 or Latin-1, and cannot say which: bytes that are UTF-8 are taken for that, others for Latin-1.
/// What Latin-1 can hold goes out as that, which is how clients read headers; other text goes out as an encoded word
/// (RFC 2047), as S3 does it.
final class HeaderText {
    private HeaderText() {}

    /// The stored text of a header value whose chars are bytes.
    static String toStored(String value) {
        if (isPlain(value, 0x7F)) {
            return value;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return value;
        }
    }

    /// The header value of a stored text.
    static String toHeader(String stored) {
        return isPlain(stored, 0xFF)
                ? stored
                : "=?UTF-8?B?" + Base64.getEncoder().encodeToString(stored.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    /// Whether a header can hold the text: no control characters, and nothing above that character.
    private static boolean isPlain(String text, int highest) {
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if (c > highest || (c < 0x20 && c != '\t') || c == 0x7F) {
                return false;
            }
        }
        return true;
    }
}
