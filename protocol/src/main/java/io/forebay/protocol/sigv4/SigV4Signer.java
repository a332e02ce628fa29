package io.forebay.protocol.sigv4;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/// Signs requests to an S3 store with one pair of keys for one region.
public final class SigV4Signer {

    private final Credentials credentials;
    private final String region;
    private final String service;
    private final InstantSource clock;

    public SigV4Signer(Credentials credentials, String region, InstantSource clock) {
        this(credentials, region, "s3", clock);
    }

    /// Signs requests to another service, such as `sts`.
    public SigV4Signer(Credentials credentials, String region, String service, InstantSource clock) {
        this.credentials = credentials;
        this.region = region;
        this.service = service;
        this.clock = clock;
    }

    /// Adds `x-amz-date`, `x-amz-content-sha256` and `Authorization` to a request that has its `Host` and every other
    /// header already. Signs all of them but those that a connection may change. The result continues into the
    /// signatures of a chunked body.
    ///
    /// @param payload the body's SHA-256 in hex, or the name of another payload form
    public ChunkSeed sign(Request request, String payload) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Headers headers = request.headers();
        headers.set("x-amz-date", AmzTime.basic(now)).set(PayloadForm.HEADER, payload);
        List<String> names = signedNames(headers);
        CredentialScope scope = scope(now);
        SigningKey key = SigningKey.derive(credentials.secretKey(), scope);
        String canonical = CanonicalRequest.text(request, CanonicalRequest.Path.ENCODED_AGAIN, names, payload, false);
        String signature = sign(key, scope, now, canonical);
        headers.set(
                "Authorization",
                SignatureReader.ALGORITHM + " Credential=" + credentials.accessKey() + "/" + scope.text()
                        + ",SignedHeaders=" + joined(names) + ",Signature=" + signature);
        return new ChunkSeed(key, AmzTime.basic(now), scope, signature);
    }

    /// The target of a request that anybody may make until it expires.
    ///
    /// @param target path and query without a signature, percent-encoded
    public String presign(Method method, String host, String target, Duration expires) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        CredentialScope scope = scope(now);
        String unsigned = target + (target.indexOf('?') < 0 ? "?" : "&") + "X-Amz-Algorithm="
                + SignatureReader.ALGORITHM + "&X-Amz-Credential="
                + PercentCode.encode(credentials.accessKey() + "/" + scope.text()) + "&X-Amz-Date=" + AmzTime.basic(now)
                + "&X-Amz-Expires=" + expires.toSeconds() + "&X-Amz-SignedHeaders=host";
        Request request = new Request(method, unsigned, new Headers().add("Host", host));
        String canonical = CanonicalRequest.text(
                request, CanonicalRequest.Path.ENCODED_AGAIN, List.of("host"), PayloadForm.UNSIGNED_PAYLOAD, true);
        SigningKey key = SigningKey.derive(credentials.secretKey(), scope);
        return unsigned + "&X-Amz-Signature=" + sign(key, scope, now, canonical);
    }

    private CredentialScope scope(Instant now) {
        return new CredentialScope(credentials.accessKey(), AmzTime.basic(now).substring(0, 8), region, service);
    }

    private static String sign(SigningKey key, CredentialScope scope, Instant now, String canonical) {
        return key.sign(new RequestSignature(false, scope, List.of(), "", now, 0).stringToSign(canonical));
    }

    private static List<String> signedNames(Headers headers) {
        TreeSet<String> names = new TreeSet<>();
        for (int index = 0; index < headers.count(); index++) {
            String name = headers.name(index).toLowerCase(Locale.ROOT);
            switch (name) {
                case "authorization", "connection", "expect", "user-agent", "content-length", "transfer-encoding" -> {
                    // Changed on the way by a connection or a proxy.
                }
                default -> names.add(name);
            }
        }
        return List.copyOf(names);
    }

    private static String joined(List<String> names) {
        StringBuilder out = new StringBuilder();
        CanonicalRequest.appendJoined(names, ';', out);
        return out.toString();
    }
}
