package io.forebay.gateway.auth;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.PayloadForm;
import io.forebay.protocol.sigv4.PolicySignature;
import org.jspecify.annotations.Nullable;

/// Identifies the caller of any request to any face: by signature, by token, or, without authentication, everyone as
/// root. What the caller may do is for `Permissions` to say.
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

    /// Who asks the token service, by a signature that covers the digest of the body, in hex. Does not throw for wrong
    /// credentials. Unless said otherwise, nobody is known by that.
    default Identity identifyTokenRequest(Request request, Query query, String bodySha256) {
        return new Identity.Known(Caller.ANONYMOUS, PayloadForm.HASHED, null);
    }

    /// Whether an access key is one that a new user cannot have, because callers are known by it already.
    default boolean hasKey(String accessKey) {
        return false;
    }

    /// The caller of a request to a face where nobody is anonymous. Throws UNAUTHENTICATED when no or wrong
    /// credentials were given.
    default Caller admit(Request request, Query query) {
        return switch (identify(request, query)) {
            case Identity.Known(Caller caller, var form, var seed) -> {
                if (caller.isAnonymous()) {
                    throw new StoreException(
                            ErrorCode.UNAUTHENTICATED,
                            "access denied: " + request.method() + " " + request.rawPath() + " needs credentials");
                }
                yield caller;
            }
            case Identity.Refused(var refusal) ->
                throw new StoreException(ErrorCode.UNAUTHENTICATED, refusal.message());
        };
    }
}
