package io.forebay.protocol.sigv4;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Checks the signatures of requests. Never waits: it may be called on an event loop.
///
/// The payload form is part of what is signed and never decides whether the signature is checked.
public final class SigV4Verifier {
    private static final String S3 = "s3";
    private static final String STS = "sts";

    private final InstantSource clock;
    private final Duration maxSkew;
    private final SigningKeys keys;

    /// @param maxKeys how many derived keys are kept
    public SigV4Verifier(InstantSource clock, Duration maxSkew, int maxKeys) {
        this.clock = clock;
        this.maxSkew = maxSkew;
        this.keys = new SigningKeys(maxKeys);
    }

    /// How many derived keys are kept now.
    public int keptKeys() {
        return keys.count();
    }

    /// Checks one request to S3. `query` is the request's own, parsed.
    ///
    /// @param secrets the secret of an access key, or null when nobody has it; must answer from memory
    public Verification verify(Request request, Query query, Function<String, @Nullable String> secrets) {
        try {
            RequestSignature signature = SignatureReader.read(request, query, S3);
            String payload = payloadText(request, query, signature);
            PayloadForm form = form(payload, signature);
            return signature == null
                    ? new Verification.Anonymous(form)
                    : check(
                            request,
                            signature,
                            payload == null ? PayloadForm.UNSIGNED_PAYLOAD : payload,
                            form,
                            secrets);
        } catch (RefusedSignature e) {
            return new Verification.Refused(e.refusal());
        }
    }

    /// Checks one request to the token service, whose signature covers the digest of its body without saying it.
    ///
    /// @param bodySha256 of the body as it came, in hex
    /// @param secrets as for `verify`
    public Verification verifyTokenRequest(
            Request request, Query query, String bodySha256, Function<String, @Nullable String> secrets) {
        try {
            RequestSignature signature = SignatureReader.read(request, query, STS);
            return signature == null
                    ? new Verification.Anonymous(PayloadForm.HASHED)
                    : check(request, signature, bodySha256, PayloadForm.HASHED, secrets);
        } catch (RefusedSignature e) {
            return new Verification.Refused(e.refusal());
        }
    }

    /// Checks the signature of a form's policy. When the policy ends, and what it demands of the form, is the caller's
    /// to check: nothing else of the form is signed.
    public Verification verifyPolicy(PolicySignature given, Function<String, @Nullable String> secrets) {
        try {
            return checkPolicy(given, secrets);
        } catch (RefusedSignature e) {
            return new Verification.Refused(e.refusal());
        }
    }

    private Verification checkPolicy(PolicySignature given, Function<String, @Nullable String> secrets) {
        CredentialScope scope = CredentialScope.parse(given.credential());
        Instant time = AmzTime.parseBasic(given.date());
        boolean known = given.algorithm().equals(SignatureReader.ALGORITHM)
                && scope != null
                && scope.service().equals(S3)
                && time != null
                && given.date().startsWith(scope.date());
        if (!known || scope == null || time == null) {
            throw new RefusedSignature(
                    SignatureFault.QUERY_MALFORMED,
                    "The form's X-Amz-Algorithm must be AWS4-HMAC-SHA256, its X-Amz-Credential"
                            + " <YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request, and its X-Amz-Date of the same day.");
        }
        String secret = secrets.apply(scope.accessKey());
        if (secret == null) {
            throw unknownKey(scope.accessKey());
        }
        SigningKey key = keys.key(secret, scope);
        if (!equalInConstantTime(key.sign(given.policy()), given.signature())) {
            throw new RefusedSignature(
                    SignatureFault.MISMATCH,
                    "The signature of the form's policy does not match the one that we calculated. Check your key and"
                            + " signing method.",
                    Map.of("AWSAccessKeyId", scope.accessKey(), "SignatureProvided", given.signature()));
        }
        keys.keep(secret, scope, key);
        return new Verification.Verified(
                scope.accessKey(), PayloadForm.UNSIGNED, new ChunkSeed(key, given.date(), scope, given.signature()));
    }

    static RefusedSignature unknownKey(String accessKey) {
        return new RefusedSignature(
                SignatureFault.UNKNOWN_KEY,
                "The AWS Access Key Id you provided does not exist in our records.",
                Map.of("AWSAccessKeyId", accessKey));
    }

    /// The payload form of a request whose signature nobody checks, or a refusal when its text means nothing.
    public static Verification readForm(Request request) {
        String payload = request.headers().find(PayloadForm.HEADER);
        try {
            return new Verification.Anonymous(form(payload, null));
        } catch (RefusedSignature e) {
            return new Verification.Refused(e.refusal());
        }
    }

    private static @Nullable String payloadText(Request request, Query query, @Nullable RequestSignature signature) {
        if (signature != null && signature.presigned()) {
            String inQuery = query.find("X-Amz-Content-Sha256");
            if (inQuery != null) {
                return inQuery;
            }
        }
        return request.headers().find(PayloadForm.HEADER);
    }

    static PayloadForm form(@Nullable String payload, @Nullable RequestSignature signature) {
        PayloadForm form = PayloadForm.of(payload);
        if (form == null) {
            if (payload != null && PayloadForm.isAsymmetric(payload)) {
                throw new RefusedSignature(
                        SignatureFault.FORM_UNSUPPORTED, "The payload form " + payload + " is not implemented");
            }
            throw new RefusedSignature(
                    SignatureFault.PAYLOAD_HASH_INVALID,
                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                            + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
                            + " or a valid sha256 value.");
        }
        if (form == PayloadForm.ABSENT && signature != null && !signature.presigned()) {
            throw new RefusedSignature(
                    SignatureFault.PAYLOAD_HASH_MISSING,
                    "Missing required header for this request: x-amz-content-sha256");
        }
        return form;
    }

    private Verification check(
            Request request,
            RequestSignature signature,
            String payload,
            PayloadForm form,
            Function<String, @Nullable String> secrets) {
        checkTime(signature);
        checkCoverage(request.headers(), signature);
        String accessKey = signature.scope().accessKey();
        String secret = secrets.apply(accessKey);
        if (secret == null) {
            throw unknownKey(accessKey);
        }
        SigningKey key = keys.key(secret, signature.scope());
        String canonical = canonical(request, CanonicalRequest.Path.ENCODED_AGAIN, signature, payload);
        String stringToSign = signature.stringToSign(canonical);
        if (!isRight(key, stringToSign, signature)) {
            String literal = canonical(request, CanonicalRequest.Path.AS_RECEIVED, signature, payload);
            if (literal.equals(canonical) || !isRight(key, signature.stringToSign(literal), signature)) {
                throw mismatch(signature, canonical, stringToSign);
            }
        }
        keys.keep(secret, signature.scope(), key);
        ChunkSeed seed = new ChunkSeed(key, signature.timestamp(), signature.scope(), signature.signature());
        return new Verification.Verified(accessKey, form, seed);
    }

    private static String canonical(
            Request request, CanonicalRequest.Path path, RequestSignature signature, String payload) {
        return CanonicalRequest.text(request, path, signature.signedHeaders(), payload, signature.presigned());
    }

    private static boolean isRight(SigningKey key, String stringToSign, RequestSignature signature) {
        return equalInConstantTime(key.sign(stringToSign), signature.signature());
    }

    static boolean equalInConstantTime(String expected, String actual) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.ISO_8859_1), actual.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void checkTime(RequestSignature signature) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant time = signature.time();
        if (signature.presigned()) {
            Instant end = time.plusSeconds(signature.expiresSeconds());
            if (time.isAfter(now.plus(maxSkew))) {
                throw new RefusedSignature(
                        SignatureFault.NOT_YET_VALID,
                        "Request is not yet valid",
                        Map.of("X-Amz-Date", time.toString(), "ServerTime", now.toString()));
            }
            if (!now.isBefore(end)) {
                throw new RefusedSignature(
                        SignatureFault.EXPIRED,
                        "Request has expired",
                        Map.of("Expires", end.toString(), "ServerTime", now.toString()));
            }
        } else if (Duration.between(time, now).abs().compareTo(maxSkew) > 0) {
            throw new RefusedSignature(
                    SignatureFault.SKEWED,
                    "The difference between the request time and the current time is too large.",
                    Map.of(
                            "RequestTime",
                            signature.timestamp(),
                            "ServerTime",
                            now.toString(),
                            "MaxAllowedSkewMilliseconds",
                            Long.toString(maxSkew.toMillis())));
        }
    }

    /// Refuses what somebody on the way could have added: `host` and every `x-amz-*` header must be signed.
    /// `x-amz-content-sha256` is always covered, since its value is a line of the canonical request.
    private static void checkCoverage(Headers headers, RequestSignature signature) {
        List<String> signed = signature.signedHeaders();
        if (!signed.contains("host")) {
            throw new RefusedSignature(
                    SignatureFault.HEADER_NOT_SIGNED,
                    "Host header must be signed.",
                    Map.of("HeadersNotSigned", "host"));
        }
        StringBuilder unsigned = new StringBuilder();
        for (int index = 0; index < headers.count(); index++) {
            String name = headers.name(index);
            if (name.regionMatches(true, 0, "x-amz-", 0, 6)
                    && !name.equalsIgnoreCase(PayloadForm.HEADER)
                    && !contains(signed, name)) {
                unsigned.append(unsigned.isEmpty() ? "" : ", ").append(name);
            }
        }
        if (!unsigned.isEmpty()) {
            throw new RefusedSignature(
                    SignatureFault.HEADER_NOT_SIGNED,
                    "There were headers present in the request which were not signed",
                    Map.of("HeadersNotSigned", unsigned.toString()));
        }
    }

    private static boolean contains(List<String> lowerCaseNames, String name) {
        for (int index = 0; index < lowerCaseNames.size(); index++) {
            if (lowerCaseNames.get(index).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    private static RefusedSignature mismatch(RequestSignature signature, String canonical, String stringToSign) {
        return new RefusedSignature(
                SignatureFault.MISMATCH,
                "The request signature we calculated does not match the signature you provided. Check your key and"
                        + " signing method.",
                Map.of(
                        "AWSAccessKeyId",
                        signature.scope().accessKey(),
                        "StringToSign",
                        stringToSign,
                        "SignatureProvided",
                        signature.signature(),
                        "CanonicalRequest",
                        canonical));
    }
}
