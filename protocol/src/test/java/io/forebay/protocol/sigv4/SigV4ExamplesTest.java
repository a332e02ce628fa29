package io.forebay.protocol.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The examples that AWS publishes for Signature Version 4 of S3.
final class SigV4ExamplesTest {
    private static final Credentials KEYS =
            new Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2013-05-24T00:00:00Z"));
    private static final String HOST = "examplebucket.s3.amazonaws.com";
    private static final String EMPTY = ChunkSeed.EMPTY_SHA256;
    private static final String SCOPE = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";

    private static @Nullable String secret(String key) {
        return key.equals(KEYS.accessKey()) ? KEYS.secretKey() : null;
    }

    private final SigV4Verifier verifier = new SigV4Verifier(CLOCK, Duration.ofMinutes(15), 64);

    @Test
    void getOfAnObjectWithARange() {
        Headers headers = new Headers().add("Host", HOST).add("Range", "bytes=0-9");
        assertVerified(signed(
                Method.GET,
                "/test.txt",
                headers,
                EMPTY,
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
    }

    @Test
    void putOfAnObjectWithAnUnusualName() {
        Headers headers = new Headers()
                .add("Host", HOST)
                .add("Date", "Fri, 24 May 2013 00:00:00 GMT")
                .add("x-amz-storage-class", "REDUCED_REDUNDANCY");
        assertVerified(signed(
                Method.PUT,
                "/test$file.text",
                headers,
                "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
                "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
    }

    @Test
    void queryWithANameAlone() {
        assertVerified(signed(
                Method.GET,
                "/?lifecycle",
                new Headers().add("Host", HOST),
                EMPTY,
                "host;x-amz-content-sha256;x-amz-date",
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
    }

    @Test
    void listingInAnyOrderOfItsQuery() {
        for (String target : new String[] {"/?max-keys=2&prefix=J", "/?prefix=J&max-keys=2"}) {
            assertVerified(signed(
                    Method.GET,
                    target,
                    new Headers().add("Host", HOST),
                    EMPTY,
                    "host;x-amz-content-sha256;x-amz-date",
                    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
        }
    }

    @Test
    void presignedGet() {
        String target = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                + SCOPE.replace("/", "%2F")
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
        assertVerified(new Request(Method.GET, target, new Headers().add("Host", HOST)));
        assertThat(new SigV4Signer(KEYS, "us-east-1", CLOCK).presign(Method.GET, HOST, "/test.txt", Duration.ofDays(1)))
                .isEqualTo(target);
    }

    @Test
    void chunkedUpload() {
        Headers headers = new Headers()
                .add("Host", "s3.amazonaws.com")
                .add("x-amz-storage-class", "REDUCED_REDUNDANCY")
                .add("Content-Encoding", "aws-chunked")
                .add("x-amz-decoded-content-length", "66560")
                .add("Content-Length", "66824");
        Request request = signed(
                Method.PUT,
                "/examplebucket/chunkObject.txt",
                headers,
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
                        + "x-amz-storage-class",
                "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
        String framed = "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"
                + "a".repeat(65536)
                + "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"
                + "a".repeat(1024)
                + "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";
        assertThat(framed).hasSize(66824);
        Verification.Verified verified = assertVerified(request);
        assertThat(verified.form()).isEqualTo(PayloadForm.SIGNED_CHUNKS);
        ChunkedBody body =
                new ChunkedBody(Pieces.of(framed, 5000), 66560, verified.form(), verified.seed(), null, 8192);
        assertThat(Pieces.readAll(body)).isEqualTo("a".repeat(66560).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void chunkedUploadWithATrailer() {
        Headers headers = new Headers()
                .add("Host", "s3.amazonaws.com")
                .add("x-amz-storage-class", "REDUCED_REDUNDANCY")
                .add("Content-Encoding", "aws-chunked")
                .add("x-amz-decoded-content-length", "66560")
                .add("x-amz-trailer", "x-amz-checksum-crc32c");
        Request request = signed(
                Method.PUT,
                "/examplebucket/chunkObject.txt",
                headers,
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
                        + "x-amz-storage-class;x-amz-trailer",
                "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
        String framed = "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"
                + "a".repeat(65536)
                + "\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"
                + "a".repeat(1024)
                + "\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
                + "x-amz-checksum-crc32c:sOO8/Q==\n\r\n"
                + "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n";
        Verification.Verified verified = assertVerified(request);
        TrailerChecksum trailer =
                new TrailerChecksum("x-amz-checksum-crc32c", ChecksumType.CRC32C, Checksummers.of(ChecksumType.CRC32C));
        ChunkedBody body =
                new ChunkedBody(Pieces.of(framed, 5000), 66560, verified.form(), verified.seed(), trailer, 8192);
        assertThat(Pieces.readAll(body)).isEqualTo("a".repeat(66560).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void signerMakesWhatTheVerifierAccepts() {
        Request request = new Request(
                Method.PUT,
                "/bucket/a%20b+c/%E2%82%AC//../x?partNumber=1&uploadId=a%2Fb",
                new Headers()
                        .add("Host", "localhost:8080")
                        .add("x-amz-meta-name", "  two   words ")
                        .add("x-amz-meta-name", "again"));
        new SigV4Signer(KEYS, "eu-central-1", CLOCK).sign(request, PayloadForm.UNSIGNED_PAYLOAD);
        assertVerified(request);
    }

    private static Request signed(
            Method method, String target, Headers headers, String payload, String names, String signature) {
        headers.add("x-amz-content-sha256", payload).add("x-amz-date", "20130524T000000Z");
        headers.add(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + SCOPE + ",SignedHeaders=" + names + ",Signature=" + signature);
        return new Request(method, target, headers);
    }

    private Verification.Verified assertVerified(Request request) {
        Verification verification = verifier.verify(request, request.query(), SigV4ExamplesTest::secret);
        assertThat(verification).isInstanceOf(Verification.Verified.class);
        return (Verification.Verified) verification;
    }

    @Test
    void flippingAnyByteThatIsSignedIsNoticed() {
        Request good = signed(
                Method.GET,
                "/?max-keys=2&prefix=J",
                new Headers().add("Host", HOST),
                EMPTY,
                "host;x-amz-content-sha256;x-amz-date",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
        for (Method method : Arrays.asList(Method.PUT, Method.HEAD, Method.DELETE)) {
            assertRefused(new Request(method, good.target(), good.headers()));
        }
        for (int index = 1; index < good.target().length(); index++) {
            StringBuilder target = new StringBuilder(good.target());
            target.setCharAt(index, target.charAt(index) == 'x' ? 'y' : 'x');
            assertRefused(new Request(good.method(), target.toString(), good.headers()));
        }
        for (int line = 0; line < good.headers().count(); line++) {
            Headers changed = new Headers();
            for (int copied = 0; copied < good.headers().count(); copied++) {
                String value = good.headers().value(copied);
                changed.add(good.headers().name(copied), copied == line ? "0" + value.substring(1) : value);
            }
            assertRefused(new Request(good.method(), good.target(), changed));
        }
    }

    private void assertRefused(Request request) {
        assertThat(verifier.verify(request, request.query(), SigV4ExamplesTest::secret))
                .isInstanceOf(Verification.Refused.class);
    }
}
