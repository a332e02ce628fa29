package io.forebay.protocol.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SigV4VerifierTest {
    private static final Credentials KEYS = new Credentials("access/key", "secret");
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final String UNSIGNED = PayloadForm.UNSIGNED_PAYLOAD;

    private static @Nullable String secret(String key) {
        return key.equals(KEYS.accessKey()) ? KEYS.secretKey() : null;
    }

    private final SigV4Verifier verifier = verifierAt(NOW);
    private final SigV4Signer signer = new SigV4Signer(KEYS, "eu-central-1", InstantSource.fixed(NOW));

    @Test
    void requestWithoutASignatureIsAnonymous() {
        Request request = request("/b/k", "Host", "h", "Authorization", "");
        assertThat(verify(request)).isEqualTo(new Verification.Anonymous(PayloadForm.ABSENT));
    }

    /// Payload forms must never choose whether the signature is checked.
    @ParameterizedTest
    @EnumSource(
            value = PayloadForm.class,
            names = {"ABSENT", "HASHED"},
            mode = EnumSource.Mode.EXCLUDE)
    void wrongSecretIsRefusedInEveryPayloadForm(PayloadForm form) {
        String payload = switch (form) {
            case SIGNED_CHUNKS -> PayloadForm.STREAMING_SIGNED;
            case SIGNED_CHUNKS_AND_TRAILER -> PayloadForm.STREAMING_SIGNED_TRAILER;
            case UNSIGNED_CHUNKS_AND_TRAILER -> PayloadForm.STREAMING_UNSIGNED_TRAILER;
            case UNSIGNED, ABSENT, HASHED -> UNSIGNED;
        };
        SigV4Signer wrong =
                new SigV4Signer(new Credentials("access/key", "guess"), "eu-central-1", InstantSource.fixed(NOW));
        Request inHeader = request("/b/k", "Host", "h");
        wrong.sign(inHeader, payload);
        assertThat(fault(inHeader)).isEqualTo(SignatureFault.MISMATCH);
        String target = wrong.presign(Method.PUT, "h", "/b/k", Duration.ofMinutes(1));
        assertThat(fault(new Request(
                        Method.PUT, target, new Headers().add("Host", "h").add(PayloadForm.HEADER, payload))))
                .isEqualTo(SignatureFault.MISMATCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AWS4-HMAC-SHA256                                                     | AUTHORIZATION_MALFORMED",
                "AWS4-HMAC-SHA256 Credential=a/20260304/r/s3/aws4_request             | AUTHORIZATION_MALFORMED",
                "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=b        | AUTHORIZATION_MALFORMED",
                "AWS4-HMAC-SHA256 Credential=a/20260304/r/s3/aws4, SignedHeaders=host, Signature=b | AUTHORIZATION_MALFORMED",
                "AWS4-HMAC-SHA256 Credential=a/2026/r/s3/aws4_request, SignedHeaders=host, Signature=b | AUTHORIZATION_MALFORMED",
                "AWS4-HMAC-SHA256 Credential=a/20260304/r/ec2/aws4_request, SignedHeaders=host, Signature=b | AUTHORIZATION_MALFORMED",
                "AWS4-HMAC-SHA256 Credential=a/20260304/r/s3/aws4_request, SignedHeaders=host, Other=b | AUTHORIZATION_MALFORMED",
                "AWS4-HMAC-SHA256 Credential=a/20260303/r/s3/aws4_request, SignedHeaders=host, Signature=b | MISMATCH",
                "AWS4-HMAC-SHA256 Credential=a/20260304/r/s3/aws4_request, SignedHeaders=x-amz-date, Signature=b | HEADER_NOT_SIGNED",
                "AWS4-HMAC-SHA256 Credential=a/20260304/r/s3/aws4_request, SignedHeaders=host, Signature=b | HEADER_NOT_SIGNED",
                "AWS4-HMAC-SHA256 Credential=a/20260304/r/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=b | UNKNOWN_KEY",
                "AWS4-HMAC-SHA256 Credential=access/key/20260304/r/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=b | MISMATCH",
                "AWS4-ECDSA-P256-SHA256 Credential=a                                  | FORM_UNSUPPORTED",
                "AWS a:b                                                              | OLD_VERSION",
                "Basic YTpi                                                           | UNKNOWN_SCHEME",
            })
    void malformedHeaderIsRefused(String authorization, SignatureFault fault) {
        Request request = request(
                "/b/k",
                "Host",
                "h",
                "x-amz-date",
                "20260304T050607Z",
                PayloadForm.HEADER,
                UNSIGNED,
                "Authorization",
                authorization.strip());
        assertThat(fault(request)).isEqualTo(fault);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Amz-Algorithm=AWS4-HMAC-SHA256,X-Amz-Algorithm=AWS3, QUERY_MALFORMED",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256,X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256, FORM_UNSUPPORTED",
        "X-Amz-Expires=60,X-Amz-Expires=x, QUERY_MALFORMED",
        "X-Amz-Expires=60,X-Amz-Expires=-1, EXPIRED",
        "X-Amz-Expires=60,X-Amz-Expires=-9223372036854775808, EXPIRED",
        "X-Amz-Expires=60,X-Amz-Expires=604801, QUERY_MALFORMED",
        "X-Amz-Expires=60,X-Amz-Expires=, QUERY_MALFORMED",
        "X-Amz-Expires=60,X-Amz-Expires=0, EXPIRED",
        "X-Amz-Expires=60,X-Amz-Expires=61, MISMATCH",
        "X-Amz-Date=20260304T050607Z,X-Amz-Date=yesterday, QUERY_MALFORMED",
        "X-Amz-Date=20260304T050607Z,X-Amz-Date=20260303T050607Z, QUERY_MALFORMED",
        "X-Amz-Date=20260304T050607Z,X-Amz-Date=20260304T052208Z, NOT_YET_VALID",
        "X-Amz-Date=20260304T050607Z,X-Amz-Date=20260304T050507Z, EXPIRED",
        "aws4_request,aws5_request, QUERY_MALFORMED",
        "X-Amz-SignedHeaders=host,X-Amz-SignedHeaders=range, HEADER_NOT_SIGNED",
        "/b/k,/b/l, MISMATCH",
    })
    void changedPresignedRequestIsRefused(String part, String changed, SignatureFault fault) {
        String target = signer.presign(Method.GET, "h", "/b/k", Duration.ofMinutes(1));
        assertThat(verify(new Request(Method.GET, target, new Headers().add("Host", "h"))))
                .isInstanceOf(Verification.Verified.class);
        Request request = new Request(Method.GET, target.replace(part, changed), new Headers().add("Host", "h"));
        assertThat(fault(request)).isEqualTo(fault);
    }

    @Test
    void headerAddedToAPresignedRequestIsRefused() {
        String target = signer.presign(Method.PUT, "h", "/b/k", Duration.ofMinutes(1));
        for (String name : new String[] {"x-amz-acl", "X-Amz-Copy-Source", "x-amz-meta-a"}) {
            assertThat(fault(new Request(
                            Method.PUT, target, new Headers().add("Host", "h").add(name, "v"))))
                    .isEqualTo(SignatureFault.HEADER_NOT_SIGNED);
        }
    }

    @Test
    void twoMechanismsAreRefused() {
        String target = signer.presign(Method.GET, "h", "/b/k", Duration.ofMinutes(1));
        Request request = request(target, "Host", "h");
        signer.sign(request, UNSIGNED);
        assertThat(fault(request)).isEqualTo(SignatureFault.TWO_MECHANISMS);
    }

    @Test
    void oldPresignedRequestIsRefused() {
        assertThat(fault(request("/b/k?AWSAccessKeyId=a&Signature=b&Expires=1", "Host", "h")))
                .isEqualTo(SignatureFault.OLD_VERSION);
    }

    @ParameterizedTest
    @ValueSource(longs = {-901, 901, -100_000, 100_000})
    void clockThatIsTooFarAwayIsRefused(long seconds) {
        Request request = request("/b/k", "Host", "h");
        signer.sign(request, UNSIGNED);
        assertThat(verifierAt(NOW.plusSeconds(seconds)).verify(request, request.query(), SigV4VerifierTest::secret))
                .isInstanceOfSatisfying(Verification.Refused.class, refused -> {
                    assertThat(refused.refusal().fault()).isEqualTo(SignatureFault.SKEWED);
                    assertThat(refused.refusal().details())
                            .containsEntry("MaxAllowedSkewMilliseconds", "900000")
                            .containsEntry("RequestTime", "20260304T050607Z");
                });
    }

    @ParameterizedTest
    @ValueSource(longs = {-900, 0, 900})
    void clockThatIsNearEnoughIsAccepted(long seconds) {
        Request request = request("/b/k", "Host", "h");
        signer.sign(request, UNSIGNED);
        assertThat(verifierAt(NOW.plusSeconds(seconds)).verify(request, request.query(), SigV4VerifierTest::secret))
                .isInstanceOf(Verification.Verified.class);
    }

    @Test
    void httpDateServesWhereThereIsNoOther() {
        Request request = request("/b/k", "Host", "h", "Date", "Wed, 04 Mar 2026 05:06:07 GMT");
        signer.sign(request, UNSIGNED);
        assertThat(verify(request)).isInstanceOf(Verification.Verified.class);
        Request none = request(
                "/b/k",
                "Host",
                "h",
                PayloadForm.HEADER,
                UNSIGNED,
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=a/20260304/r/s3/aws4_request, SignedHeaders=host, Signature=b");
        assertThat(fault(none)).isEqualTo(SignatureFault.DATE_MISSING);
    }

    @Test
    void payloadHashMustBeThereAndMeanSomething() {
        Request missing = request("/b/k", "Host", "h");
        signer.sign(missing, UNSIGNED);
        missing.headers().remove(PayloadForm.HEADER);
        assertThat(fault(missing)).isEqualTo(SignatureFault.PAYLOAD_HASH_MISSING);
        for (String text : new String[] {"", "abc", "STREAMING-ANYTHING", "E3B0" + "0".repeat(60)}) {
            assertThat(fault(request("/b/k", "Host", "h", PayloadForm.HEADER, text)))
                    .isEqualTo(SignatureFault.PAYLOAD_HASH_INVALID);
        }
        assertThat(fault(request(
                        "/b/k", "Host", "h", PayloadForm.HEADER, "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER")))
                .isEqualTo(SignatureFault.FORM_UNSUPPORTED);
    }

    @Test
    void pathIsCoveredAsSentOrAsEncodedAgain() {
        for (String path : new String[] {"/b/a/../c", "/b//k", "/b/%7ek", "/b/a+b", "/b/a%2Bb", "/b/*", "/b/%c3%a9"}) {
            Request request = request(path, "Host", "h");
            signer.sign(request, UNSIGNED);
            assertThat(verify(request)).as(path).isInstanceOf(Verification.Verified.class);
        }
        assertThat(CanonicalRequest.text(
                        request("/b/%2f*%7e+%c3%a9"),
                        CanonicalRequest.Path.ENCODED_AGAIN,
                        java.util.List.of(),
                        "p",
                        false))
                .startsWith("PUT\n/b//%2A~%2B%C3%A9\n");
    }

    @Test
    void headerValuesAreBytes() {
        Request request = request("/b/k", "Host", "h", "x-amz-meta-a", "caf\u00c3\u00a9", "x-amz-meta-b", "caf\u00e9");
        signer.sign(request, UNSIGNED);
        assertThat(verify(request)).isInstanceOf(Verification.Verified.class);
    }

    /// Only what was signed with the right secret leaves a key behind, and never more of them than allowed.
    @Test
    void derivedKeysAreBounded() {
        for (int index = 0; index < 200; index++) {
            String region = "region-" + index;
            Request request = request("/b/k", "Host", "h");
            new SigV4Signer(KEYS, region, InstantSource.fixed(NOW)).sign(request, UNSIGNED);
            assertThat(verify(request)).isInstanceOf(Verification.Verified.class);
            assertThat(verifier.keptKeys()).isBetween(1, 64);
        }
        int kept = verifier.keptKeys();
        Request guessed = request("/b/k", "Host", "h");
        new SigV4Signer(new Credentials("access/key", "guess"), "other", InstantSource.fixed(NOW))
                .sign(guessed, UNSIGNED);
        assertThat(fault(guessed)).isEqualTo(SignatureFault.MISMATCH);
        assertThat(verifier.keptKeys()).isEqualTo(kept);
    }

    @Test
    void secretsShowNowhere() {
        assertThat(KEYS.toString()).doesNotContain("secret");
    }

    private static SigV4Verifier verifierAt(Instant now) {
        return new SigV4Verifier(InstantSource.fixed(now), Duration.ofMinutes(15), 64);
    }

    private Verification verify(Request request) {
        return verifier.verify(request, request.query(), SigV4VerifierTest::secret);
    }

    private SignatureFault fault(Request request) {
        Verification verification = verify(request);
        assertThat(verification).isInstanceOf(Verification.Refused.class);
        return ((Verification.Refused) verification).refusal().fault();
    }

    private static Request request(String target, String... lines) {
        Headers headers = new Headers();
        for (int index = 0; index < lines.length; index += 2) {
            headers.add(lines[index], lines[index + 1]);
        }
        return new Request(Method.PUT, target, headers);
    }
}
