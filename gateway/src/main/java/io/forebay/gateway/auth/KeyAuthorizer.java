package io.forebay.gateway.auth;

import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
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
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Authentication by keys: root's, which this process was given, and those of the cluster's users. Callers prove
/// themselves by a signature of the secret (S3 clients) or by a token derived from it (AIStore clients,
/// `Authorization: Bearer`).
public final class KeyAuthorizer implements Authorizer {
    private static final Logger LOG = Logger.getLogger(KeyAuthorizer.class.getName());
    private static final String BEARER = "Bearer ";

    private final Credentials root;
    private final UserDirectory users;
    private final UserKeys keys;
    private final SigV4Verifier verifier;
    private final LongAdder unreadable;
    private final Map<SignatureFault, LongAdder> refused = new EnumMap<>(SignatureFault.class);

    public KeyAuthorizer(
            Credentials root,
            UserDirectory users,
            UserKeys keys,
            AuthConfig config,
            InstantSource clock,
            Metrics metrics) {
        this.root = root;
        this.users = users;
        this.keys = keys;
        this.verifier = new SigV4Verifier(this::secret, clock, config.maxSkew(), config.signingKeys());
        this.unreadable = metrics.counter(AuthMetric.UNREADABLE, "");
        for (SignatureFault fault : SignatureFault.values()) {
            refused.put(fault, metrics.counter(AuthMetric.REFUSED, "reason=\"" + fault + "\""));
        }
    }

    @Override
    public Identity identify(Request request, Query query) {
        String authorization = request.headers().find("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return counted(identifyToken(
                    request, authorization.substring(BEARER.length()).strip()));
        }
        return counted(identity(verifier.verify(request, query)));
    }

    @Override
    public Identity identifyForm(@Nullable PolicySignature signature) {
        return signature == null
                ? new Identity.Known(Caller.ANONYMOUS, PayloadForm.UNSIGNED, null)
                : counted(identity(verifier.verifyPolicy(signature)));
    }

    @Override
    public boolean hasKey(String accessKey) {
        return root.accessKey().equals(accessKey) || users.find(accessKey) != null;
    }

    private Identity identity(Verification verification) {
        return switch (verification) {
            case Verification.Anonymous(var form) -> new Identity.Known(Caller.ANONYMOUS, form, null);
            case Verification.Verified(var accessKey, var form, var seed) -> {
                Caller caller = caller(accessKey);
                yield caller == null
                        ? refusal("The AWS Access Key Id you provided does not exist in our records.")
                        : new Identity.Known(caller, form, seed);
            }
            case Verification.Refused(var refusal) -> new Identity.Refused(refusal);
        };
    }

    private Identity identifyToken(Request request, String presented) {
        String accessKey = UserToken.accessKey(presented);
        String secret = accessKey.isEmpty() ? null : secret(accessKey);
        String expected = accessKey.isEmpty()
                ? UserToken.ofRoot(root)
                : secret == null ? null : UserToken.of(new Credentials(accessKey, secret));
        Caller caller = accessKey.isEmpty() ? Caller.ROOT : caller(accessKey);
        boolean right = expected != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.ISO_8859_1),
                        presented.getBytes(StandardCharsets.ISO_8859_1));
        if (!right || caller == null) {
            return refusal("The token you provided is not valid.");
        }
        PayloadForm form = PayloadForm.of(request.headers().find(PayloadForm.HEADER));
        return new Identity.Known(caller, form == null ? PayloadForm.UNSIGNED : form, null);
    }

    private @Nullable Caller caller(String accessKey) {
        if (root.accessKey().equals(accessKey)) {
            return Caller.ROOT;
        }
        UserDirectory.Holder holder = users.find(accessKey);
        return holder != null && holder.enabled() ? holder.caller() : null;
    }

    /// The secret of a key that is accepted, or null.
    private @Nullable String secret(String accessKey) {
        if (root.accessKey().equals(accessKey)) {
            return root.secretKey();
        }
        UserDirectory.Holder holder = users.find(accessKey);
        if (holder == null || !holder.enabled()) {
            return null;
        }
        try {
            return holder.secret(keys);
        } catch (StoreException e) {
            unreadable.increment();
            LOG.log(Level.SEVERE, "the secret of access key {0} cannot be read: {1}", new Object[] {accessKey, e.text()
            });
            return null;
        }
    }

    private Identity counted(Identity identity) {
        if (identity instanceof Identity.Refused(var refusal)) {
            LongAdder counter = refused.get(refusal.fault());
            if (counter != null) {
                counter.increment();
            }
        }
        return identity;
    }

    private static Identity refusal(String message) {
        return new Identity.Refused(new SignatureRefusal(SignatureFault.UNKNOWN_KEY, message));
    }
}
