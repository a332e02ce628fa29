package io.forebay.protocol.sigv4;

import org.jspecify.annotations.Nullable;

/// What became of checking a request's signature.
public sealed interface Verification {
    /// The request carries no signature.
    record Anonymous(PayloadForm form) implements Verification {}

    /// The signature is right: whoever holds the access key's secret made this request.
    ///
    /// @param seed where the signatures of chunks begin; null where none can be
    record Verified(
            String accessKey, PayloadForm form, @Nullable ChunkSeed seed) implements Verification {}

    /// The request is not to be answered.
    record Refused(SignatureRefusal refusal) implements Verification {}
}
