package io.forebay.storage.crypto;

import io.forebay.common.seal.Hmac;
import io.forebay.common.seal.SealKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The key of one object, of 256 random bits: what really encrypts are keys derived from it.
final class DataKey {
    private static final int BYTES = 32;
    private static final byte[] OF_RUN = "forebay run ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OF_FACTS = "forebay facts".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OF_TAGS = "forebay tags".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] bytes;

    DataKey(byte[] bytes) {
        this.bytes = bytes;
    }

    static DataKey random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new DataKey(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    /// The key of what is written at one go.
    SecretKey ofRun(byte[] salt) {
        return new SecretKeySpec(Hmac.sha256(bytes, OF_RUN, salt), "AES");
    }

    /// The key of what is known of the content.
    SealKey ofFacts() {
        return new SealKey(Hmac.sha256(bytes, OF_FACTS));
    }

    /// What stands for content with these digests, and cannot be told from them without the key.
    byte[] tag(byte[]... digests) {
        return Hmac.sha256(Hmac.sha256(bytes, OF_TAGS), digests);
    }

    @Override
    public String toString() {
        return "***";
    }
}
