package io.forebay.protocol.sigv4;

import java.nio.charset.StandardCharsets;
import javax.crypto.Mac;

/// The key that a secret gives for one scope. Immutable: the keyed MAC is only ever cloned.
final class SigningKey {
    private final Mac keyed;

    private SigningKey(Mac keyed) {
        this.keyed = keyed;
    }

    static SigningKey derive(String secretKey, CredentialScope scope) {
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String step : new String[] {scope.date(), scope.region(), scope.service(), "aws4_request"}) {
            key = Digests.hmac(key).doFinal(step.getBytes(StandardCharsets.ISO_8859_1));
        }
        return new SigningKey(Digests.hmac(key));
    }

    /// The signature of a text whose chars are Latin-1 bytes, in hex.
    String sign(CharSequence stringToSign) {
        byte[] bytes = stringToSign.toString().getBytes(StandardCharsets.ISO_8859_1);
        try {
            return Hex.of(((Mac) keyed.clone()).doFinal(bytes));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's HMAC cannot be copied", e);
        }
    }
}
