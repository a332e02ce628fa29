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

/// The examples that S3's documentation gives of signatures of version 2.
final class SigV2VerifierTest {
    private static final String KEY = "AKIAIOSFODNN7EXAMPLE";

    private static @Nullable String secret(String key) {
        return key.equals(KEY) ? "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" : null;
    }

    private static final Instant NOW = Instant.parse("2007-03-27T20:00:00Z");

    private final SigV2Verifier verifier = new SigV2Verifier(InstantSource.fixed(NOW), Duration.ofHours(2));

    private Verification verify(Request request, String bucket) {
        assertThat(SigV2Verifier.isAsked(request, request.query())).isTrue();
        return verifier.verify(request, request.query(), bucket, SigV2VerifierTest::secret);
    }

    private static Request request(Method method, String target, String date, String signature, String... lines) {
        Headers headers = new Headers().add("Date", date).add("Authorization", "AWS " + KEY + ":" + signature);
        for (int index = 0; index < lines.length; index += 2) {
            headers.add(lines[index], lines[index + 1]);
        }
        return new Request(method, target, headers);
    }

    private static void assertFault(Verification verification, SignatureFault fault) {
        assertThat(verification)
                .isInstanceOfSatisfying(
                        Verification.Refused.class,
                        refused -> assertThat(refused.refusal().fault()).isEqualTo(fault));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET | /photos/puppy.jpg            | Tue, 27 Mar 2007 19:36:42 +0000 | bWq2s1WEIj+Ydj0vQ697zp+IXMU=
            GET | /?prefix=photos&max-keys=50  | Tue, 27 Mar 2007 19:42:41 +0000 | htDYFYduRNen8P9ZfE/s9SuKy0U=
            GET | /?acl                        | Tue, 27 Mar 2007 19:44:46 +0000 | c2WLPFtWHVgbEmeEG93a4cG37dM=
            """)
    void documentedReadsAreVerified(Method method, String target, String date, String signature) {
        Request request = request(method, target, date, signature);
        assertThat(verify(request, "johnsmith")).isInstanceOf(Verification.Verified.class);
        assertFault(verify(request, "another"), SignatureFault.MISMATCH);
        assertFault(
                verify(request(method, target, date, "x" + signature.substring(1)), "johnsmith"),
                SignatureFault.MISMATCH);
        String other = target + (target.indexOf('?') < 0 ? "?" : "&") + "uploadId=x";
        assertFault(verify(request(method, other, date, signature), "johnsmith"), SignatureFault.MISMATCH);
    }

    @Test
    void documentedWritesAreVerified() {
        assertThat(verify(
                        request(
                                Method.PUT,
                                "/photos/puppy.jpg",
                                "Tue, 27 Mar 2007 21:15:45 +0000",
                                "MyyxeRY7whkBe+bq8fHCL/2kKUg=",
                                "Content-Type",
                                "image/jpeg"),
                        "johnsmith"))
                .isInstanceOf(Verification.Verified.class);
        String[] upload = {
            "Content-Type", "application/x-download",
            "Content-MD5", "4gJE4saaMU4BqNR0kLY+lw==",
            "x-amz-acl", "public-read",
            "X-Amz-Meta-ReviewedBy", "joe@johnsmith.net",
            "X-Amz-Meta-ReviewedBy", "jane@johnsmith.net",
            "X-Amz-Meta-FileChecksum", "0x02661779",
            "X-Amz-Meta-ChecksumAlgorithm", "crc32",
            "Host", "static.johnsmith.net:8080"
        };
        String date = "Tue, 27 Mar 2007 21:06:08 +0000";
        String signature = "ilyl83RwaSoYIEdixDQcA4OnAnc=";
        assertThat(verify(request(Method.PUT, "/db-backup.dat.gz", date, signature, upload), "static.johnsmith.net"))
                .isInstanceOf(Verification.Verified.class);
        upload[5] = "public-read-write";
        assertFault(
                verify(request(Method.PUT, "/db-backup.dat.gz", date, signature, upload), "static.johnsmith.net"),
                SignatureFault.MISMATCH);
    }

    @Test
    void documentedQueryIsVerifiedUntilItsEnd() {
        String target = "/johnsmith/photos/puppy.jpg?AWSAccessKeyId=" + KEY
                + "&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620";
        Request request = new Request(Method.GET, target, new Headers());
        assertThat(verify(request, "")).isInstanceOf(Verification.Verified.class);
        SigV2Verifier later =
                new SigV2Verifier(InstantSource.fixed(Instant.ofEpochSecond(1_175_139_620)), Duration.ofHours(2));
        assertFault(later.verify(request, request.query(), "", SigV2VerifierTest::secret), SignatureFault.EXPIRED);
        Request other = new Request(Method.GET, target.replace("1175139620", "1975139620"), new Headers());
        assertFault(verify(other, ""), SignatureFault.MISMATCH);
        Request endless = new Request(Method.GET, target.replace("1175139620", "never"), new Headers());
        assertFault(verify(endless, ""), SignatureFault.DATE_MISSING);
    }

    @Test
    void whatCannotBeCheckedIsRefused() {
        String date = "Tue, 27 Mar 2007 19:36:42 +0000";
        assertFault(
                verify(request(Method.PUT, "/b/k", date, "x", PayloadForm.HEADER, PayloadForm.STREAMING_SIGNED), ""),
                SignatureFault.PAYLOAD_HASH_INVALID);
        assertFault(
                verify(request(Method.GET, "/b/k", "Tue, 27 Mar 2007 15:00:00 +0000", "x"), ""), SignatureFault.SKEWED);
        assertFault(verify(request(Method.GET, "/b/k", "yesterday", "x"), ""), SignatureFault.DATE_MISSING);
        Request unknown =
                new Request(Method.GET, "/b/k", new Headers().add("Date", date).add("Authorization", "AWS nobody:x"));
        assertFault(verify(unknown, ""), SignatureFault.UNKNOWN_KEY);
        Request malformed =
                new Request(Method.GET, "/b/k", new Headers().add("Date", date).add("Authorization", "AWS nobody"));
        assertFault(verify(malformed, ""), SignatureFault.AUTHORIZATION_MALFORMED);
    }

    /// botocore signs `/bucket/` for a request to `/bucket`.
    @Test
    void slashBehindABucketMakesNoDifference() {
        String date = "Tue, 27 Mar 2007 19:42:41 +0000";
        String signature = "htDYFYduRNen8P9ZfE/s9SuKy0U=";
        assertThat(verify(request(Method.GET, "/johnsmith", date, signature), ""))
                .isInstanceOf(Verification.Verified.class);
        assertThat(verify(request(Method.GET, "/johnsmith/", date, signature), ""))
                .isInstanceOf(Verification.Verified.class);
        assertFault(verify(request(Method.GET, "/johnsmith//", date, signature), ""), SignatureFault.MISMATCH);
    }

    @Test
    void requestsInTwoWaysAreNotThese() {
        Request both = request(Method.GET, "/b?AWSAccessKeyId=a&Signature=b", "", "x");
        assertThat(SigV2Verifier.isAsked(both, both.query())).isFalse();
        Request newer = request(Method.GET, "/b?X-Amz-Signature=b", "", "x");
        assertThat(SigV2Verifier.isAsked(newer, newer.query())).isFalse();
        Request none = new Request(Method.GET, "/b", new Headers());
        assertThat(SigV2Verifier.isAsked(none, none.query())).isFalse();
    }
}
