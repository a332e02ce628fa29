package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.InMemoryCluster;
import io.forebay.gateway.TestUsers;
import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A wrong secret must never pass, whatever says how the body is framed, wherever the signature is, and whatever is to
/// be written: each with each.
final class BadSignaturesTest {
    private static final InstantSource CLOCK = InstantSource.fixed(InMemoryCluster.NOW);
    private static final Credentials ROOT = new Credentials("ROOTKEY", "rootsecret");
    private static final Credentials GUESS = new Credentials("ROOTKEY", "guess");
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private final InMemoryCluster cluster = new InMemoryCluster(1);
    private final S3Client s3 =
            new S3Client(cluster, TestUsers.withOldSignatures(ROOT, cluster.state(), CLOCK), "us-east-1");

    enum Place {
        HEADER,
        QUERY,
        OLD_HEADER,
        OLD_QUERY
    }

    record Attempt(Place place, String payload, Method method, String target, boolean token) {
        /// How it may be refused: by its signature, unless something else is wrong with it as well.
        Set<String> codes() {
            boolean chunked = payload.startsWith("STREAMING");
            boolean asOne = !token
                    && switch (place) {
                        case HEADER -> !payload.isEmpty();
                        case QUERY -> !chunked && !target.endsWith(" copy");
                        case OLD_HEADER, OLD_QUERY -> !payload.startsWith("STREAMING-AWS4");
                    };
            return asOne
                    ? Set.of("SignatureDoesNotMatch")
                    : Set.of("AccessDenied", "InvalidToken", "InvalidArgument", "InvalidRequest");
        }
    }

    static Stream<Attempt> attempts() {
        List<String> payloads = List.of(
                "",
                "UNSIGNED-PAYLOAD",
                EMPTY_SHA256,
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER");
        List<String> routes = List.of(
                "PUT /bucket/new",
                "PUT /bucket/new copy",
                "PUT /bucket/k?tagging",
                "PUT /bucket/k?acl",
                "PUT /bucket/new?partNumber=1&uploadId=x",
                "PUT /bucket/new?partNumber=1&uploadId=x copy",
                "POST /bucket/new?uploads",
                "POST /bucket/new?uploadId=x",
                "DELETE /bucket/new?uploadId=x",
                "DELETE /bucket/k",
                "DELETE /bucket/k?tagging",
                "POST /bucket?delete",
                "PUT /bucket?cors",
                "DELETE /bucket?cors",
                "PUT /bucket?tagging",
                "PUT /bucket?acl",
                "PUT /bucket?policy",
                "DELETE /bucket?policy",
                "PUT /bucket?publicAccessBlock",
                "DELETE /bucket?publicAccessBlock",
                "PUT /bucket?ownershipControls",
                "DELETE /bucket?ownershipControls",
                "PUT /bucket?versioning",
                "PUT /bucket?object-lock",
                "PUT /bucket?lifecycle",
                "DELETE /bucket?lifecycle",
                "PUT /bucket?notification",
                "PUT /bucket/k?retention",
                "PUT /bucket/k?legal-hold",
                "PUT /bucket/new?renameObject",
                "DELETE /bucket?tagging",
                "PUT /other",
                "DELETE /bucket");
        List<Attempt> attempts = new ArrayList<>();
        for (Place place : Place.values()) {
            for (String payload : payloads) {
                for (String route : routes) {
                    for (boolean token : new boolean[] {false, true}) {
                        int blank = route.indexOf(' ');
                        attempts.add(new Attempt(
                                place,
                                payload,
                                Method.valueOf(route.substring(0, blank)),
                                route.substring(blank + 1),
                                token));
                    }
                }
            }
        }
        return attempts.stream();
    }

    @BeforeEach
    void fill() {
        put("/bucket", "");
        put("/bucket/k", "x");
    }

    private void put(String target, String body) {
        Headers headers = new Headers().add("Host", "localhost:8080").add("Content-Length", body.length());
        Request request = new Request(Method.PUT, target, headers);
        new SigV4Signer(ROOT, "us-east-1", CLOCK).sign(request, "UNSIGNED-PAYLOAD");
        s3.call(request, MemoryBody.of(body.getBytes(StandardCharsets.ISO_8859_1)))
                .hasStatus(200);
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void nothingIsWritten(Attempt attempt) {
        Answer answer = send(attempt);
        assertThat(answer.element("Code")).as(answer.body()).isIn(attempt.codes());
        Headers headers = new Headers().add("Host", "localhost:8080");
        Request list = new Request(Method.GET, "/bucket", headers);
        new SigV4Signer(ROOT, "us-east-1", CLOCK).sign(list, "UNSIGNED-PAYLOAD");
        assertThat(s3.call(list, MemoryBody.of(new byte[0])).elements("Key")).isEqualTo("k");
        assertThat(cluster.state().current().buckets()).hasSize(1);
    }

    private Answer send(Attempt attempt) {
        boolean copies = attempt.target.endsWith(" copy");
        String target = copies ? attempt.target.substring(0, attempt.target.length() - 5) : attempt.target;
        String body = attempt.payload.startsWith("STREAMING") ? "0\r\n\r\n" : "";
        Headers headers = new Headers().add("Host", "localhost:8080").add("Content-Length", body.length());
        if (copies) {
            headers.add("x-amz-copy-source", "bucket/k");
        }
        if (attempt.token) {
            headers.add("x-amz-security-token", "1.00000000.AAAA");
        }
        if (attempt.payload.startsWith("STREAMING")) {
            headers.add("x-amz-decoded-content-length", "0");
        }
        Request request = new Request(attempt.method, signedTarget(attempt, target, headers), headers);
        return s3.call(request, MemoryBody.of(body.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /// Signs with the guess; what is signed in the header is added to the headers.
    private static String signedTarget(Attempt attempt, String target, Headers headers) {
        String separator = target.indexOf('?') < 0 ? "?" : "&";
        return switch (attempt.place) {
            case HEADER -> {
                new SigV4Signer(GUESS, "us-east-1", CLOCK)
                        .sign(new Request(attempt.method, target, headers), attempt.payload);
                yield target;
            }
            case QUERY -> {
                addPayload(attempt, headers);
                yield new SigV4Signer(GUESS, "us-east-1", CLOCK)
                        .presign(attempt.method, "localhost:8080", target, Duration.ofMinutes(1));
            }
            case OLD_HEADER -> {
                addPayload(attempt, headers);
                headers.add("Date", "Wed, 04 Mar 2026 05:06:07 GMT").add("Authorization", "AWS ROOTKEY:Z3Vlc3M=");
                yield target;
            }
            case OLD_QUERY -> {
                addPayload(attempt, headers);
                yield target + separator + "AWSAccessKeyId=ROOTKEY&Expires=9999999999&Signature="
                        + PercentCode.encode("Z3Vlc3M=");
            }
        };
    }

    private static void addPayload(Attempt attempt, Headers headers) {
        if (!attempt.payload.isEmpty()) {
            headers.add("x-amz-content-sha256", attempt.payload);
        }
    }
}
