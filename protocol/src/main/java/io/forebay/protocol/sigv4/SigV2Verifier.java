package io.forebay.protocol.sigv4;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Checks signatures of version 2 (HMAC-SHA1), which old clients still make: in the `Authorization` header, in the
/// query,
/// and of a form's policy. Never waits.
///
/// It covers neither the host nor the body, only the method, the date, the object, sub-resources and `x-amz-*` headers.
public final class SigV2Verifier {
    /// What `PolicySignature.algorithm` is for this version.
    public static final String ALGORITHM = "AWS";

    private static final String SCHEME = ALGORITHM + " ";

    private final InstantSource clock;
    private final Duration maxSkew;

    public SigV2Verifier(InstantSource clock, Duration maxSkew) {
        this.clock = clock;
        this.maxSkew = maxSkew;
    }

    /// Whether a request is signed so, and not in another way as well.
    public static boolean isAsked(Request request, Query query) {
        String authorization = request.headers().find("Authorization");
        boolean inHeader = authorization != null && authorization.startsWith(SCHEME);
        boolean inQuery = query.contains("AWSAccessKeyId") && query.contains("Signature");
        boolean newer = query.contains("X-Amz-Algorithm")
                || query.contains("X-Amz-Signature")
                || query.contains("X-Amz-Credential");
        return !newer && (inHeader ? !inQuery : inQuery && (authorization == null || authorization.isBlank()));
    }

    /// Checks a request that `isAsked` found to be signed so.
    ///
    /// @param bucket of the host name, in virtual-host style; else empty
    /// @param secrets the secret of an access key, or null when nobody has it; must answer from memory
    public Verification verify(
            Request request, Query query, String bucket, Function<String, @Nullable String> secrets) {
        try {
            String authorization = request.headers().find("Authorization", "");
            return authorization.startsWith(SCHEME)
                    ? checkHeader(request, query, bucket, authorization.substring(SCHEME.length()), secrets)
                    : checkQuery(request, query, bucket, secrets);
        } catch (RefusedSignature e) {
            return new Verification.Refused(e.refusal());
        }
    }

    /// Checks the signature of a form's policy.
    public Verification verifyPolicy(PolicySignature given, Function<String, @Nullable String> secrets) {
        try {
            check(given.credential(), List.of(given.policy()), given.signature(), secrets);
            return new Verification.Verified(given.credential(), PayloadForm.UNSIGNED, null);
        } catch (RefusedSignature e) {
            return new Verification.Refused(e.refusal());
        }
    }

    private Verification checkHeader(
            Request request,
            Query query,
            String bucket,
            String credentials,
            Function<String, @Nullable String> secrets) {
        int colon = credentials.lastIndexOf(':');
        if (colon <= 0) {
            throw new RefusedSignature(
                    SignatureFault.AUTHORIZATION_MALFORMED,
                    "AWS authorization header is invalid. Expected AwsAccessKeyId:signature");
        }
        PayloadForm form = form(request);
        String amzDate = request.headers().find("x-amz-date");
        String date = request.headers().find("Date", "");
        checkSkew(amzDate == null ? date : amzDate);
        List<String> texts = texts(request, query, bucket, amzDate == null ? date : "");
        String accessKey = credentials.substring(0, colon).strip();
        check(accessKey, texts, credentials.substring(colon + 1).strip(), secrets);
        return new Verification.Verified(accessKey, form, null);
    }

    private Verification checkQuery(
            Request request, Query query, String bucket, Function<String, @Nullable String> secrets) {
        PayloadForm form = form(request);
        String expires = query.find("Expires", "");
        Instant now = clock.instant();
        long end;
        try {
            end = Long.parseLong(expires);
        } catch (NumberFormatException e) {
            throw new RefusedSignature(
                    SignatureFault.DATE_MISSING, "Invalid date (should be seconds since epoch): " + expires);
        }
        if (now.getEpochSecond() >= end) {
            throw new RefusedSignature(
                    SignatureFault.EXPIRED, "Request has expired", Map.of("ServerTime", now.toString()));
        }
        String accessKey = query.find("AWSAccessKeyId", "");
        check(accessKey, texts(request, query, bucket, expires), query.find("Signature", ""), secrets);
        return new Verification.Verified(accessKey, form, null);
    }

    /// Signed chunks begin at a signature of version 4, so nobody could check them here.
    private static PayloadForm form(Request request) {
        PayloadForm form = SigV4Verifier.form(request.headers().find(PayloadForm.HEADER), null);
        if (form.chunksSigned()) {
            throw new RefusedSignature(
                    SignatureFault.PAYLOAD_HASH_INVALID,
                    "Chunks can be signed only in a request that is signed with AWS4-HMAC-SHA256");
        }
        return form;
    }

    private void checkSkew(String date) {
        Instant time = AmzTime.parse(date.strip());
        if (time == null) {
            throw new RefusedSignature(
                    SignatureFault.DATE_MISSING, "AWS authentication requires a valid Date or x-amz-date header");
        }
        Instant now = clock.instant();
        if (Duration.between(time, now).abs().compareTo(maxSkew) > 0) {
            throw new RefusedSignature(
                    SignatureFault.SKEWED,
                    "The difference between the request time and the current time is too large.",
                    Map.of(
                            "RequestTime",
                            date,
                            "ServerTime",
                            now.toString(),
                            "MaxAllowedSkewMilliseconds",
                            Long.toString(maxSkew.toMillis())));
        }
    }

    private static void check(
            String accessKey, List<String> texts, String signature, Function<String, @Nullable String> secrets) {
        String secret = secrets.apply(accessKey);
        if (secret == null) {
            throw SigV4Verifier.unknownKey(accessKey);
        }
        boolean right = false;
        for (String text : texts) {
            right |= SigV4Verifier.equalInConstantTime(Digests.hmacSha1Base64(secret, text), signature);
        }
        if (!right) {
            throw new RefusedSignature(
                    SignatureFault.MISMATCH,
                    "The request signature we calculated does not match the signature you provided. Check your key and"
                            + " signing method.",
                    Map.of(
                            "AWSAccessKeyId",
                            accessKey,
                            "StringToSign",
                            texts.getFirst(),
                            "SignatureProvided",
                            signature));
        }
    }

    /// The texts that a client may have signed, which mean the same: some write a slash behind a bucket that has none
    /// in
    /// the request.
    private static List<String> texts(Request request, Query query, String bucket, String date) {
        String path = request.rawPath();
        String text = text(request, path, query, bucket, date);
        boolean ofBucket = bucket.isEmpty() && path.length() > 1 && path.indexOf('/', 1) < 0;
        return ofBucket ? List.of(text, text(request, path + "/", query, bucket, date)) : List.of(text);
    }

    private static String text(Request request, String path, Query query, String bucket, String date) {
        Headers headers = request.headers();
        StringBuilder text = new StringBuilder(256);
        text.append(request.method().name()).append('\n');
        text.append(headers.find("Content-MD5", query.find("content-md5", ""))).append('\n');
        text.append(headers.find("Content-Type", query.find("content-type", "")))
                .append('\n');
        text.append(date).append('\n');
        amzHeaders(headers, query)
                .forEach((name, value) ->
                        text.append(name).append(':').append(value).append('\n'));
        if (!bucket.isEmpty()) {
            text.append('/').append(bucket);
        }
        text.append(path);
        appendSubResources(query, text);
        return text.toString();
    }

    /// The `x-amz-*` headers, and those that a presigned request has in its query.
    private static SortedMap<String, String> amzHeaders(Headers headers, Query query) {
        SortedMap<String, String> found = new TreeMap<>();
        for (int index = 0; index < headers.count(); index++) {
            put(headers.name(index).toLowerCase(Locale.ROOT), headers.value(index), found);
        }
        for (int index = 0; index < query.count(); index++) {
            put(query.name(index), latin1(query.value(index)), found);
        }
        return found;
    }

    private static void put(String name, String value, SortedMap<String, String> found) {
        if (name.startsWith("x-amz-")) {
            found.merge(name, value.strip(), (first, second) -> first + "," + second);
        }
    }

    private static void appendSubResources(Query query, StringBuilder text) {
        SortedMap<String, String> found = new TreeMap<>();
        for (int index = 0; index < query.count(); index++) {
            if (SubResources.SIGNED.contains(query.name(index))) {
                String value = query.value(index);
                found.put(query.name(index), value.isEmpty() ? "" : "=" + latin1(value));
            }
        }
        char separator = '?';
        for (Map.Entry<String, String> entry : found.entrySet()) {
            text.append(separator).append(entry.getKey()).append(entry.getValue());
            separator = '&';
        }
    }

    /// The bytes of UTF-8 as chars, as headers are.
    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
