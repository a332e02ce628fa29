package io.forebay.gateway.auth;

import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.PayloadForm;
import io.forebay.protocol.sigv4.PolicySignature;
import io.forebay.protocol.sigv4.SigV4Verifier;
import io.forebay.protocol.sigv4.SignatureFault;
import io.forebay.protocol.sigv4.SignatureRefusal;
import io.forebay.protocol.sigv4.Verification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Authentication with one user, root, who proves itself by a signature of its secret (S3 clients) or by its token
/// (AIStore clients, `Authorization: Bearer`).
public final class RootAuthorizer implements Authorizer {
    private static final String BEARER = "Bearer ";

    private final Caller root;
    private final byte[] token;
    private final SigV4Verifier verifier;

    public RootAuthorizer(Credentials credentials, InstantSource clock, Duration maxSkew) {
        this.root = new Caller("root", Caller.Kind.ROOT);
        this.token = RootToken.of(credentials).getBytes(StandardCharsets.ISO_8859_1);
        this.verifier = new SigV4Verifier(
                accessKey -> credentials.accessKey().equals(accessKey) ? credentials.secretKey() : null,
                clock,
                maxSkew);
    }

    @Override
    public Identity identify(Request request, Query query) {
        String authorization = request.headers().find("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return identifyToken(
                    request, authorization.substring(BEARER.length()).strip());
        }
        return identity(verifier.verify(request, query));
    }

    @Override
    public Identity identifyForm(@Nullable PolicySignature signature) {
        return signature == null
                ? new Identity.Known(Caller.ANONYMOUS, PayloadForm.UNSIGNED, null)
                : identity(verifier.verifyPolicy(signature));
    }

    private Identity identity(Verification verification) {
        return switch (verification) {
            case Verification.Anonymous(var form) -> new Identity.Known(Caller.ANONYMOUS, form, null);
            case Verification.Verified(var accessKey, var form, var seed) -> new Identity.Known(root, form, seed);
            case Verification.Refused(var refusal) -> new Identity.Refused(refusal);
        };
    }

    private Identity identifyToken(Request request, String presented) {
        if (!MessageDigest.isEqual(token, presented.getBytes(StandardCharsets.ISO_8859_1))) {
            return new Identity.Refused(
                    new SignatureRefusal(SignatureFault.UNKNOWN_KEY, "The token you provided is not valid."));
        }
        PayloadForm form = PayloadForm.of(request.headers().find(PayloadForm.HEADER));
        return new Identity.Known(root, form == null ? PayloadForm.UNSIGNED : form, null);
    }
}
