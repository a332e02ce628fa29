package io.forebay.gateway.auth;

import io.forebay.protocol.sigv4.ChunkSeed;
import io.forebay.protocol.sigv4.PayloadForm;
import io.forebay.protocol.sigv4.SignatureRefusal;
import org.jspecify.annotations.Nullable;

/// What is known of who made a request.
public sealed interface Identity {
    /// The caller, who may be anonymous.
    ///
    /// @param form how the body is framed and covered
    /// @param seed where the chunk signatures of the body begin, or null when nobody checks them
    record Known(Caller caller, PayloadForm form, @Nullable ChunkSeed seed) implements Identity {}

    /// Credentials were given and are wrong, or the request cannot be read as signed.
    record Refused(SignatureRefusal refusal) implements Identity {}
}
