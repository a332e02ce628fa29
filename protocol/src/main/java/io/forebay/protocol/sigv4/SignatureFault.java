package io.forebay.protocol.sigv4;

/// Every way in which a signature, or a body framed for signing, can be refused.
public enum SignatureFault {
    /// The `Authorization` header cannot be read.
    AUTHORIZATION_MALFORMED,
    /// The `X-Amz-*` query parameters cannot be read.
    QUERY_MALFORMED,
    /// The request is signed in its header and in its query.
    TWO_MECHANISMS,
    /// The authorization scheme is none that is known.
    UNKNOWN_SCHEME,
    /// Signed with a version before 4.
    OLD_VERSION,
    /// The access key belongs to nobody.
    UNKNOWN_KEY,
    /// The token of temporary credentials is none of this cluster's, or not theirs.
    TOKEN_INVALID,
    /// Temporary credentials came after their end.
    TOKEN_EXPIRED,
    /// The signature is not the one that the secret makes of this request.
    MISMATCH,
    /// The request's time is too far from the server's.
    SKEWED,
    /// A presigned request came after its end.
    EXPIRED,
    /// A presigned request came before its time.
    NOT_YET_VALID,
    /// No usable date was given.
    DATE_MISSING,
    /// `host` or an `x-amz-*` header is not covered by the signature.
    HEADER_NOT_SIGNED,
    /// `x-amz-content-sha256` is absent where it is needed.
    PAYLOAD_HASH_MISSING,
    /// `x-amz-content-sha256` has a value without a meaning.
    PAYLOAD_HASH_INVALID,
    /// A payload form that is known and not offered (asymmetric signatures).
    FORM_UNSUPPORTED,
    /// `x-amz-decoded-content-length` is absent or no number.
    DECODED_LENGTH_MISSING,
    /// The framing of a chunked body is broken, or its length is not the announced one.
    BODY_INCOMPLETE,
    /// A chunk before the last is smaller than allowed.
    CHUNK_TOO_SMALL,
    /// The trailer that was announced did not come, or cannot be read.
    TRAILER_MALFORMED,
    /// The trailer's value is no digest of the announced algorithm.
    TRAILER_INVALID,
    /// The digest in the trailer is not that of the bytes.
    TRAILER_MISMATCH
}
