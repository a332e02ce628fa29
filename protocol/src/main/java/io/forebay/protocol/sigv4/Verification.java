package io.forebay.protocol.sigv4;

/// What became of checking a request's signature.
public sealed interface Verification {
    /// The request carries no signature.
    record Anonymous(PayloadForm form) implements Verification {}

    /// The signature is right: whoever holds the access key's secret made this request.
    record Verified(String accessKey, PayloadForm form, ChunkSeed seed) implements Verification {}

    /// The request is not to be answered.
    record Refused(SignatureRefusal refusal) implements Verification {}
}
