package io.forebay.gateway.auth;

import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.PayloadForm;
import io.forebay.protocol.sigv4.PolicySignature;
import io.forebay.protocol.sigv4.SigV4Verifier;
import io.forebay.protocol.sigv4.Verification;
import org.jspecify.annotations.Nullable;

/// No authentication: everyone is root. Signatures are not looked at; only how the body is framed.
public final class OpenAuthorizer implements Authorizer {
    @Override
    public Identity identify(Request request, Query query) {
        return switch (SigV4Verifier.readForm(request)) {
            case Verification.Anonymous(var form) -> new Identity.Known(Caller.ROOT, form, null);
            case Verification.Verified(var accessKey, var form, var seed) ->
                new Identity.Known(Caller.ROOT, form, null);
            case Verification.Refused(var refusal) -> new Identity.Refused(refusal);
        };
    }

    @Override
    public Identity identifyTokenRequest(Request request, Query query, String bodySha256) {
        return new Identity.Known(Caller.ROOT, PayloadForm.HASHED, null);
    }

    @Override
    public Identity identifyForm(@Nullable PolicySignature signature) {
        return new Identity.Known(Caller.ROOT, PayloadForm.UNSIGNED, null);
    }
}
