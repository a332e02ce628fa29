package io.forebay.gateway.auth;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.PayloadForm;
import io.forebay.protocol.sigv4.PolicySignature;
import org.jspecify.annotations.Nullable;

/// Identifies the caller of any request to any face: by signature, by token, or, without authentication, everyone as
/// root.
///
/// Answers from memory on any thread.
public interface Authorizer {
    /// Who made the request. `query` is the request's own, parsed. Does not throw for wrong credentials.
    Identity identify(Request request, Query query);

    /// Who made a form, by the signature of its policy; null for a form without one. Does not throw for a wrong one.
    /// Unless said otherwise, nobody is known by that.
    default Identity identifyForm(@Nullable PolicySignature signature) {
        return new Identity.Known(Caller.ANONYMOUS, PayloadForm.UNSIGNED, null);
    }

    /// The caller of a request that only root may make, which is every request now. Throws UNAUTHENTICATED when no or
    /// wrong credentials were given, FORBIDDEN when a known caller may not do it.
    default Caller admit(Request request, Query query) {
        return switch (identify(request, query)) {
            case Identity.Known(Caller caller, var form, var seed) -> {
                if (!caller.isRoot()) {
                    throw new StoreException(
                            caller.kind() == Caller.Kind.ANONYMOUS ? ErrorCode.UNAUTHENTICATED : ErrorCode.FORBIDDEN,
                            "access denied: " + request.method() + " " + request.rawPath() + " needs credentials");
                }
                yield caller;
            }
            case Identity.Refused(var refusal) ->
                throw new StoreException(ErrorCode.UNAUTHENTICATED, refusal.message());
        };
    }
}
