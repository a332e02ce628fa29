package io.forebay.protocol.sigv4;

/// An access key and its secret. The secret shows nowhere: not in `toString`, messages or logs.
public record Credentials(String accessKey, String secretKey) {
    @Override
    public String toString() {
        return "Credentials[" + accessKey + ", ***]";
    }
}
