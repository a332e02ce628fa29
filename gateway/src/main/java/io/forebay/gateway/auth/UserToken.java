package io.forebay.gateway.auth;

import io.forebay.common.seal.Hmac;
import io.forebay.protocol.sigv4.Credentials;
import java.util.HexFormat;

/// Tokens for AIStore clients: derived from a secret, so that they need no store and the secret cannot be told from
/// them. They are valid as long as the keys are.
public final class UserToken {
    private static final String PURPOSE = "forebay-ais-token";

    private UserToken() {}

    /// The root user's: 64 lower-case hex digits, HMAC-SHA256 of a fixed text under the secret.
    public static String ofRoot(Credentials credentials) {
        return HexFormat.of().formatHex(Hmac.sha256(credentials.secretKey(), PURPOSE));
    }

    /// Another user's: the access key, a colon, and the same digits.
    public static String of(Credentials credentials) {
        return credentials.accessKey() + ":" + ofRoot(credentials);
    }

    /// The access key that a token names; empty when it names none, as root's.
    static String accessKey(String token) {
        return token.substring(0, Math.max(0, token.lastIndexOf(':')));
    }
}
