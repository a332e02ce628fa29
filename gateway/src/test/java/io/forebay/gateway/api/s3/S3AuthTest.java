package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.InMemoryCluster;
import io.forebay.gateway.TestUsers;
import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.gateway.auth.UserToken;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class S3AuthTest {
    private static final Credentials ROOT = new Credentials("ROOTKEY", "rootsecret");
    private static final InstantSource CLOCK = InstantSource.fixed(InMemoryCluster.NOW);

    private final S3Client s3 = new S3Client(new InMemoryCluster(1), TestUsers.root(ROOT, CLOCK), "us-east-1");

    private Answer signed(Credentials keys, Method method, String target, String payload, String body) {
        Headers headers = new Headers().add("Host", "localhost:8080").add("Content-Length", body.length());
        Request request = new Request(method, target, headers);
        if (payload.startsWith("STREAMING")) {
            headers.add("x-amz-decoded-content-length", "0");
        }
        new SigV4Signer(keys, "anywhere", CLOCK).sign(request, payload);
        return s3.call(request, MemoryBody.of(body.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void rootMayDoEverything() {
        signed(ROOT, Method.PUT, "/bucket", "UNSIGNED-PAYLOAD", "").hasStatus(200);
        signed(ROOT, Method.PUT, "/bucket/k", "UNSIGNED-PAYLOAD", "hello").hasStatus(200);
        String target = new SigV4Signer(ROOT, "us-east-1", CLOCK)
                .presign(Method.GET, "localhost:8080", "/bucket/k", Duration.ofMinutes(1));
        assertThat(s3.get(target).hasStatus(200).body()).isEqualTo("hello");
        assertThat(s3.get("/bucket/k", "Authorization", "Bearer " + UserToken.ofRoot(ROOT))
                        .body())
                .isEqualTo("hello");
        s3.get("/bucket/k", "Authorization", "Bearer " + "0".repeat(64)).isError(403, "InvalidAccessKeyId");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "PUT /bucket",
                "GET /bucket",
                "GET /bucket?acl",
                "GET /bucket?location",
                "GET /bucket?policy",
                "GET /bucket?torrent",
                "POST /bucket?delete",
                "POST /bucket",
                "DELETE /bucket",
                "GET /bucket/k",
                "GET /bucket/k?acl",
                "PUT /bucket/k",
                "PUT /bucket/k?acl",
                "DELETE /bucket/k",
                "POST /bucket/k?uploads",
                "POST /bucket/k?uploadId=x",
                "PATCH /bucket/k"
            })
    void anonymousMayDoNothing(String line) {
        signed(ROOT, Method.PUT, "/bucket", "UNSIGNED-PAYLOAD", "").hasStatus(200);
        signed(ROOT, Method.PUT, "/bucket/k", "UNSIGNED-PAYLOAD", "hello").hasStatus(200);
        int blank = line.indexOf(' ');
        Method method = Method.valueOf(line.substring(0, blank));
        s3.call(method, line.substring(blank + 1), "").isError(403, "AccessDenied");
        s3.call(method, line.substring(blank + 1), "", "Authorization", "").isError(403, "AccessDenied");
    }

    @Test
    void headWithoutCredentialsTellsNothing() {
        signed(ROOT, Method.PUT, "/bucket", "UNSIGNED-PAYLOAD", "").hasStatus(200);
        Answer head = s3.head("/bucket/missing").hasStatus(403);
        assertThat(head.body()).isEmpty();
    }

    /// A link that is signed for reading says nothing of what a browser may ask ahead.
    @Test
    void preflightsNeedNoCredentials() {
        signed(ROOT, Method.PUT, "/bucket", "UNSIGNED-PAYLOAD", "").hasStatus(200);
        String target = new SigV4Signer(ROOT, "us-east-1", CLOCK)
                .presign(Method.GET, "localhost:8080", "/bucket/k", Duration.ofMinutes(1));
        s3.call(Method.OPTIONS, target, "").isError(400, "InvalidRequest");
        s3.call(Method.OPTIONS, target, "", "Origin", "o", "Access-Control-Request-Method", "GET")
                .isError(403, "AccessForbidden");
    }

    /// As S3 has it: who creates a bucket learns that anyway.
    @Test
    void bucketsThatDoNotExistAreNoSecret() {
        s3.get("/missing").isError(404, "NoSuchBucket");
        s3.get("/missing/k").isError(404, "NoSuchBucket");
        s3.put("/missing/k", "x").isError(404, "NoSuchBucket");
    }

    /// Payload form times place of the signature times write route: a wrong secret must never pass.
    @ParameterizedTest
    @CsvSource({
        "UNSIGNED-PAYLOAD, /bucket/k",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER, /bucket/k",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, /bucket/k",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, /bucket/k",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER, /bucket/k?partNumber=1&uploadId=x",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER, /bucket",
    })
    void wrongSecretIsRefusedWhateverThePayloadForm(String payload, String target) {
        signed(ROOT, Method.PUT, "/bucket", "UNSIGNED-PAYLOAD", "").hasStatus(200);
        Credentials guess = new Credentials("ROOTKEY", "guess");
        signed(guess, Method.PUT, target, payload, "0\r\n\r\n").isError(403, "SignatureDoesNotMatch");
        String presigned = new SigV4Signer(guess, "us-east-1", CLOCK)
                .presign(Method.PUT, "localhost:8080", target, Duration.ofMinutes(1));
        s3.put(presigned, "0\r\n\r\n", "x-amz-content-sha256", payload, "x-amz-decoded-content-length", "0")
                .hasStatus(403);
        assertThat(signed(ROOT, Method.GET, "/bucket", "UNSIGNED-PAYLOAD", "").elements("Key"))
                .isEmpty();
    }

    @Test
    void refusalsSayWhatIsWrong() {
        Answer unknown = signed(new Credentials("NOBODY", "x"), Method.GET, "/", "UNSIGNED-PAYLOAD", "");
        unknown.isError(403, "InvalidAccessKeyId");
        Answer mismatch = signed(new Credentials("ROOTKEY", "x"), Method.GET, "/", "UNSIGNED-PAYLOAD", "");
        mismatch.isError(403, "SignatureDoesNotMatch");
        assertThat(mismatch.element("StringToSign")).startsWith("AWS4-HMAC-SHA256");
        assertThat(mismatch.element("CanonicalRequest")).startsWith("GET&#xa;/&#xa;");
        assertThat(mismatch.body()).doesNotContain("rootsecret");
        s3.get("/", "Authorization", "AWS ROOTKEY:x").isError(400, "InvalidRequest");
        s3.get("/", "Authorization", "AWS4-HMAC-SHA256 nonsense").isError(400, "AuthorizationHeaderMalformed");
        s3.get("/?X-Amz-Signature=x").isError(400, "AuthorizationQueryParametersError");
        s3.get("/", "Authorization", "Basic eDp5").isError(400, "InvalidArgument");
    }

    @Test
    void expiredRequestIsRefused() {
        String target = new SigV4Signer(ROOT, "us-east-1", InstantSource.offset(CLOCK, Duration.ofMinutes(-2)))
                .presign(Method.GET, "localhost:8080", "/bucket/k", Duration.ofMinutes(1));
        Answer expired = s3.get(target).isError(403, "AccessDenied");
        assertThat(expired.element("Message")).isEqualTo("Request has expired");
    }
}
