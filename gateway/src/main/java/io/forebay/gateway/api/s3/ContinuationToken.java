package io.forebay.gateway.api.s3;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Where a listing goes on, in a text that clients hand back as it is.
final class ContinuationToken {
    private static final byte VERSION = '1';

    private ContinuationToken() {}

    /// The token that goes on after that name.
    static String after(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[utf8.length + 1];
        bytes[0] = VERSION;
        System.arraycopy(utf8, 0, bytes, 1, utf8.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// The name that a token goes on after. Throws InvalidArgument when it is none of ours.
    static String parse(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            if (bytes.length > 1 && bytes[0] == VERSION) {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, 1, bytes.length - 1))
                        .toString();
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw invalid(token);
        }
        throw invalid(token);
    }

    private static S3Failure invalid(String token) {
        return S3Failure.invalidArgument("continuation-token", token, "The continuation token provided is incorrect");
    }
}
