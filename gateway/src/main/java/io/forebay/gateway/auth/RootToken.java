package io.forebay.gateway.auth;

import io.forebay.protocol.sigv4.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Root's token for AIStore clients: derived from its secret, so that it needs no store and the secret cannot be told
/// from it.
public final class RootToken {
    private static final String PURPOSE = "forebay-ais-token";

    private RootToken() {}

    /// 64 lower-case hex digits: HMAC-SHA256 of a fixed text under the secret.
    public static String of(Credentials credentials) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(credentials.secretKey().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(PURPOSE.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }
}
