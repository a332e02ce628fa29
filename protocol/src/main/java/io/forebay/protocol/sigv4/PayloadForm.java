package io.forebay.protocol.sigv4;

import org.jspecify.annotations.Nullable;

/// How a request says its body is covered, by `x-amz-content-sha256`. It decides the body's framing and what is
/// checked of the body; it never decides whether the request's signature is checked.
public enum PayloadForm {
    /// No header: as `UNSIGNED` for a presigned request, refused for one signed in the header.
    ABSENT(false, false, false),
    /// `UNSIGNED-PAYLOAD`: the bytes as they are.
    UNSIGNED(false, false, false),
    /// Lower-case hex SHA-256 of the bytes.
    HASHED(false, false, false),
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`.
    SIGNED_CHUNKS(true, true, false),
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`.
    SIGNED_CHUNKS_AND_TRAILER(true, true, true),
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`.
    UNSIGNED_CHUNKS_AND_TRAILER(true, false, true);

    public static final String HEADER = "x-amz-content-sha256";
    public static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";
    static final String STREAMING = "STREAMING-";
    static final String STREAMING_SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    static final String STREAMING_SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    static final String STREAMING_UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    private final boolean chunked;
    private final boolean chunksSigned;
    private final boolean trailer;

    PayloadForm(boolean chunked, boolean chunksSigned, boolean trailer) {
        this.chunked = chunked;
        this.chunksSigned = chunksSigned;
        this.trailer = trailer;
    }

    /// The form that a header value names; null when it names none.
    public static @Nullable PayloadForm of(@Nullable String value) {
        if (value == null) {
            return ABSENT;
        }
        return switch (value) {
            case UNSIGNED_PAYLOAD -> UNSIGNED;
            case STREAMING_SIGNED -> SIGNED_CHUNKS;
            case STREAMING_SIGNED_TRAILER -> SIGNED_CHUNKS_AND_TRAILER;
            case STREAMING_UNSIGNED_TRAILER -> UNSIGNED_CHUNKS_AND_TRAILER;
            default -> Hex.isDigest(value) ? HASHED : null;
        };
    }

    /// Whether the value names a form of asymmetric signatures, which S3 knows and this server does not offer.
    static boolean isAsymmetric(String value) {
        return value.startsWith("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD");
    }

    /// Whether the body is framed as `aws-chunked`.
    public boolean chunked() {
        return chunked;
    }

    /// Whether every chunk carries a signature.
    public boolean chunksSigned() {
        return chunksSigned;
    }

    /// Whether header lines may follow the last chunk.
    public boolean trailer() {
        return trailer;
    }
}
