package io.forebay.gateway.auth;

import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.PayloadForm;
import io.forebay.protocol.sigv4.PolicySignature;
import io.forebay.protocol.sigv4.SigV2Verifier;
import io.forebay.protocol.sigv4.SigV4Verifier;
import io.forebay.protocol.sigv4.SignatureFault;
import io.forebay.protocol.sigv4.SignatureRefusal;
import io.forebay.protocol.sigv4.Verification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Authentication by keys: root's, which this process was given, those of the cluster's users, and temporary ones.
/// Callers prove themselves by a signature of the secret (S3 clients) or by a token derived from it (AIStore clients,
/// `Authorization: Bearer`).
public final class KeyAuthorizer implements Authorizer {
    private static final Logger LOG = Logger.getLogger(KeyAuthorizer.class.getName());
    private static final String BEARER = "Bearer ";
    private static final String TOKEN = "x-amz-security-token";

    private final Credentials root;
    private final Caller rootCaller;
    private final UserDirectory users;
    private final UserKeys keys;
    private final SessionTokens sessions;
    private final SigV4Verifier verifier;
    private final @Nullable SigV2Verifier oldVerifier;
    private final List<String> domains;
    private final LongAdder unreadable;
    private final LongAdder oldSignatures;
    private final Map<SignatureFault, LongAdder> refused = new EnumMap<>(SignatureFault.class);

    /// What a gateway knows callers by.
    ///
    /// @param root the keys of the root user
    public record Known(Credentials root, UserDirectory users, UserKeys keys, SessionTokens sessions) {}

    /// Whether signatures of version 2 are accepted, which have to know of virtual hosts.
    ///
    /// @param domains under which a host name's first part is a bucket's name
    public record OldSignatures(boolean accepted, List<String> domains) {
        public OldSignatures {
            domains = List.copyOf(domains);
        }
    }

    public KeyAuthorizer(Known known, AuthConfig config, OldSignatures old, InstantSource clock, Metrics metrics) {
        this.root = known.root();
        this.rootCaller = new Caller(Account.ROOT, Caller.Kind.ROOT, root.accessKey(), null);
        this.users = known.users();
        this.keys = known.keys();
        this.sessions = known.sessions();
        this.verifier = new SigV4Verifier(clock, config.maxSkew(), config.signingKeys());
        this.oldVerifier = old.accepted() ? new SigV2Verifier(clock, config.maxSkew()) : null;
        this.domains = old.domains();
        metrics.gauge(AuthMetric.SIGNING_KEYS, "", verifier::keptKeys);
        this.unreadable = metrics.counter(AuthMetric.UNREADABLE, "");
        this.oldSignatures = metrics.counter(AuthMetric.OLD_SIGNATURES, "");
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
        Lookup lookup = new Lookup(token(request, query));
        SigV2Verifier old = oldVerifier;
        if (old != null && SigV2Verifier.isAsked(request, query)) {
            String bucket = VirtualHosts.bucket(request.headers().find("Host", ""), domains);
            return countedOld(identity(old.verify(request, query, bucket, lookup), lookup));
        }
        return counted(identity(verifier.verify(request, query, lookup), lookup));
    }

    @Override
    public Identity identifyTokenRequest(Request request, Query query, String bodySha256) {
        Lookup lookup = new Lookup(token(request, query));
        return counted(identity(verifier.verifyTokenRequest(request, query, bodySha256, lookup), lookup));
    }

    @Override
    public Identity identifyForm(@Nullable PolicySignature signature) {
        if (signature == null) {
            return new Identity.Known(Caller.ANONYMOUS, PayloadForm.UNSIGNED, null);
        }
        Lookup lookup = new Lookup(signature.token());
        if (!signature.algorithm().equals(SigV2Verifier.ALGORITHM)) {
            return counted(identity(verifier.verifyPolicy(signature, lookup), lookup));
        }
        SigV2Verifier old = oldVerifier;
        return old == null
                ? counted(new Identity.Refused(new SignatureRefusal(
                        SignatureFault.OLD_VERSION,
                        "The authorization mechanism you have provided is not supported. Please use"
                                + " AWS4-HMAC-SHA256.")))
                : countedOld(identity(old.verifyPolicy(signature, lookup), lookup));
    }

    @Override
    public boolean hasKey(String accessKey) {
        return root.accessKey().equals(accessKey) || users.find(accessKey) != null;
    }

    /// The token of temporary credentials that a request carries, or null.
    private static @Nullable String token(Request request, Query query) {
        String inHeader = request.headers().find(TOKEN);
        if (inHeader != null) {
            return inHeader;
        }
        String inQuery = query.find("X-Amz-Security-Token");
        return inQuery == null ? query.find(TOKEN) : inQuery;
    }

    /// Finds the secret of one request's access key, and remembers whose it is, or why there is none.
    private final class Lookup implements Function<String, @Nullable String> {
        private final @Nullable String token;
        private @Nullable Caller caller;
        private @Nullable SignatureRefusal refusal;

        /// @param token of temporary credentials, or null for others
        Lookup(@Nullable String token) {
            this.token = token;
        }

        @Override
        public @Nullable String apply(String accessKey) {
            if (token == null) {
                caller = KeyAuthorizer.this.caller(accessKey);
                return caller == null ? null : secret(accessKey);
            }
            SessionTokens.Opened opened = sessions.open(token);
            Caller maker = opened == null ? null : KeyAuthorizer.this.caller(opened.maker());
            if (opened == null
                    || maker == null
                    || !opened.credentials().accessKey().equals(accessKey)) {
                refusal = new SignatureRefusal(
                        SignatureFault.TOKEN_INVALID, "The provided token is malformed or otherwise invalid.");
                return null;
            }
            if (sessions.isOver(opened)) {
                refusal = new SignatureRefusal(SignatureFault.TOKEN_EXPIRED, "The provided token has expired.");
                return null;
            }
            caller = maker.in(opened.session());
            return opened.credentials().secretKey();
        }
    }

    private static Identity identity(Verification verification, Lookup lookup) {
        return switch (verification) {
            case Verification.Anonymous(var form) -> new Identity.Known(Caller.ANONYMOUS, form, null);
            case Verification.Verified(var accessKey, var form, var seed) -> {
                Caller caller = lookup.caller;
                yield caller == null
                        ? refusal("The AWS Access Key Id you provided does not exist in our records.")
                        : new Identity.Known(caller, form, seed);
            }
            case Verification.Refused(var refusal) ->
                new Identity.Refused(lookup.refusal == null ? refusal : lookup.refusal);
        };
    }

    private Identity identifyToken(Request request, String presented) {
        String accessKey = UserToken.accessKey(presented);
        Caller caller = accessKey.isEmpty() ? rootCaller : caller(accessKey);
        String secret = accessKey.isEmpty() || caller == null ? null : secret(accessKey);
        String expected = accessKey.isEmpty()
                ? UserToken.ofRoot(root)
                : secret == null ? null : UserToken.of(new Credentials(accessKey, secret));
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

    /// Who has a key that is accepted, or null.
    private @Nullable Caller caller(String accessKey) {
        if (root.accessKey().equals(accessKey)) {
            return rootCaller;
        }
        UserDirectory.Holder holder = users.find(accessKey);
        return holder != null && holder.enabled() ? holder.caller() : null;
    }

    /// The secret of a key, or null when nobody has it, or it cannot be read.
    private @Nullable String secret(String accessKey) {
        if (root.accessKey().equals(accessKey)) {
            return root.secretKey();
        }
        UserDirectory.Holder holder = users.find(accessKey);
        if (holder == null) {
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

    private Identity countedOld(Identity identity) {
        if (identity instanceof Identity.Known) {
            oldSignatures.increment();
        }
        return counted(identity);
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
