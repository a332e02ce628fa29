package io.forebay.protocol.sigv4;

/// Where the chain of chunk signatures of one request begins: its own signature, and the key that made it.
public final class ChunkSeed {
    static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final SigningKey key;
    private final String prefix;
    private final String signature;

    ChunkSeed(SigningKey key, String timestamp, CredentialScope scope, String signature) {
        this.key = key;
        this.prefix = "\n" + timestamp + "\n" + scope.text() + "\n";
        this.signature = signature;
    }

    String signature() {
        return signature;
    }

    /// The signature of a chunk whose bytes have that digest, after the signature before it.
    String chunk(String previous, String sha256Hex) {
        return key.sign("AWS4-HMAC-SHA256-PAYLOAD" + prefix + previous + "\n" + EMPTY_SHA256 + "\n" + sha256Hex);
    }

    /// The signature of the trailer, whose canonical lines have that digest.
    String trailer(String previous, String sha256Hex) {
        return key.sign("AWS4-HMAC-SHA256-TRAILER" + prefix + previous + "\n" + sha256Hex);
    }
}
