package io.forebay.gateway.api.s3;

import static io.forebay.gateway.api.s3.S3ObjectsTest.base64;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.protocol.http.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Bodies of PutObject: framing, digests, limits. A refused body leaves no object.
final class S3BodiesTest {
    private static final String UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    private static final String HASH = "x-amz-content-sha256";

    private final S3Client s3 = new S3Client();

    @BeforeEach
    void createBucket() {
        s3.put("/bucket", "").hasStatus(200);
    }

    @ParameterizedTest
    @EnumSource(ChecksumType.class)
    void checksumInAHeaderIsVerifiedKeptAndTold(ChecksumType type) {
        String header = S3Checksums.header(type);
        Answer put = s3.put(
                        "/bucket/k",
                        "hello",
                        header,
                        base64(type, "hello"),
                        "x-amz-sdk-checksum-algorithm",
                        type.name())
                .hasStatus(200);
        assertThat(put.header(header)).isEqualTo(base64(type, "hello"));
        s3.put("/bucket/copy", "", "x-amz-copy-source", "bucket/k").hasStatus(200);
        for (String path : List.of("/bucket/k", "/bucket/copy")) {
            Answer get = s3.get(path, "x-amz-checksum-mode", "ENABLED");
            for (ChecksumType any : ChecksumType.values()) {
                assertThat(get.header(S3Checksums.header(any))).isEqualTo(any == type ? base64(type, "hello") : "");
            }
            assertThat(s3.get(path + "?attributes", "x-amz-object-attributes", "Checksum")
                            .element("Checksum" + type.name()))
                    .isEqualTo(base64(type, "hello"));
        }
        Answer list = s3.get("/bucket?list-type=2");
        assertThat(list.elements("ChecksumAlgorithm")).isEqualTo(type.name() + "," + type.name());
        assertThat(list.elements("ChecksumType")).isEqualTo("FULL_OBJECT,FULL_OBJECT");
        Answer other = s3.put("/bucket/copy", "", "x-amz-copy-source", "bucket/k", "x-amz-checksum-algorithm", "SHA1");
        assertThat(other.element("ChecksumSHA1")).isEqualTo(base64(ChecksumType.SHA1, "hello"));
        assertThat(s3.get("/bucket/copy", "x-amz-checksum-mode", "ENABLED").header("x-amz-checksum-sha1"))
                .isEqualTo(base64(ChecksumType.SHA1, "hello"));
        s3.put("/bucket/none", "hello", header, base64(type, "other")).isError(400, "BadDigest");
    }

    @AfterEach
    void nothingWasStored() {
        s3.get("/bucket/none").isError(404, "NoSuchKey");
    }

    @Test
    void chunkedBodyIsUnframed() {
        String framed = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32c:" + base64(ChecksumType.CRC32C, "hello") + "\r\n\r\n";
        Answer put = s3.put(
                        "/bucket/k",
                        framed,
                        HASH,
                        UNSIGNED_TRAILER,
                        "x-amz-decoded-content-length",
                        "5",
                        "x-amz-trailer",
                        "x-amz-checksum-crc32c",
                        "x-amz-sdk-checksum-algorithm",
                        "CRC32C",
                        "Content-Encoding",
                        "aws-chunked")
                .hasStatus(200);
        assertThat(put.header("x-amz-checksum-crc32c")).isEqualTo(base64(ChecksumType.CRC32C, "hello"));
        Answer get = s3.get("/bucket/k", "x-amz-checksum-mode", "enabled");
        assertThat(get.body()).isEqualTo("hello");
        assertThat(get.headers().find("Content-Encoding")).isNull();
        assertThat(get.header("x-amz-checksum-crc32c")).isEqualTo(base64(ChecksumType.CRC32C, "hello"));
    }

    @Test
    void signedChunksAreUnframedWithoutAuthentication() {
        String signature = ";chunk-signature=" + "0".repeat(64);
        String framed = "5" + signature + "\r\nhello\r\n0" + signature + "\r\n\r\n";
        s3.put("/bucket/k", framed, HASH, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "x-amz-decoded-content-length", "5")
                .hasStatus(200);
        assertThat(s3.get("/bucket/k").body()).isEqualTo("hello");
    }

    @Test
    void framedBodyWithoutBytesIsCheckedToo() {
        s3.put(
                        "/bucket/none",
                        "0\r\nx-amz-checksum-crc32:AAAAAQ==\r\n\r\n",
                        HASH,
                        UNSIGNED_TRAILER,
                        "x-amz-decoded-content-length",
                        "0",
                        "x-amz-trailer",
                        "x-amz-checksum-crc32")
                .isError(400, "BadDigest");
        s3.put(
                        "/bucket/k",
                        "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
                        HASH,
                        UNSIGNED_TRAILER,
                        "x-amz-decoded-content-length",
                        "0",
                        "x-amz-trailer",
                        "x-amz-checksum-crc32")
                .hasStatus(200);
        assertThat(s3.head("/bucket/k").hasStatus(200).header("ETag"))
                .isEqualTo("\"d41d8cd98f00b204e9800998ecf8427e\"");
    }

    @Test
    void brokenFramingIsRefusedInItsOwnWords() {
        String good = "5\r\nhello\r\n0\r\n\r\n";
        framed(good, "6").isError(400, "IncompleteBody");
        framed(good, "4").isError(400, "IncompleteBody");
        framed("5\r\nhel", "5").isError(400, "IncompleteBody");
        framed("x\r\nhello\r\n0\r\n\r\n", "5").isError(400, "IncompleteBody");
        framed("1\r\nh\r\n4\r\nello\r\n0\r\n\r\n", "5").isError(400, "InvalidChunkSizeError");
        framed("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", "5").isError(400, "MalformedTrailerError");
        framed(good, "-1").isError(411, "MissingContentLength");
        framed(good, "x").isError(411, "MissingContentLength");
        framed(good, "6000000000").isError(400, "EntityTooLarge");
        s3.put("/bucket/none", good, HASH, UNSIGNED_TRAILER).isError(411, "MissingContentLength");
    }

    private Answer framed(String body, String decodedLength) {
        return s3.put("/bucket/none", body, HASH, UNSIGNED_TRAILER, "x-amz-decoded-content-length", decodedLength);
    }

    @Test
    void trailerRules() {
        String body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
        trailer(body, "x-amz-checksum-crc32").isError(400, "BadDigest");
        trailer(body, "x-amz-checksum-sha1").isError(400, "MalformedTrailerError");
        trailer(body, "x-amz-checksum-foo").isError(400, "InvalidRequest");
        trailer(body, "x-amz-meta-a").isError(400, "InvalidRequest");
        trailer(body.replace("AAAAAA==", "AAA="), "x-amz-checksum-crc32").isError(400, "InvalidRequest");
        s3.put(
                        "/bucket/none",
                        body,
                        HASH,
                        UNSIGNED_TRAILER,
                        "x-amz-decoded-content-length",
                        "5",
                        "x-amz-trailer",
                        "x-amz-checksum-crc32",
                        "x-amz-checksum-crc32",
                        "AAAAAA==")
                .isError(400, "InvalidRequest");
    }

    private Answer trailer(String body, String name) {
        return s3.put(
                "/bucket/none",
                body,
                HASH,
                UNSIGNED_TRAILER,
                "x-amz-decoded-content-length",
                "5",
                "x-amz-trailer",
                name);
    }

    @Test
    void digestsInHeadersAreHeldToTheirRules() {
        s3.put("/bucket/none", "hello", "Content-MD5", "rL0Y20xC+Fzt72VPzMSk2A==")
                .isError(400, "BadDigest");
        s3.put("/bucket/none", "hello", "Content-MD5", "YWJyYWNhZGFicmE=").isError(400, "InvalidDigest");
        s3.put("/bucket/none", "hello", "Content-MD5", "").isError(400, "InvalidDigest");
        s3.put("/bucket/none", "hello", "Content-MD5", "*").isError(400, "InvalidDigest");
        s3.put("/bucket/none", "hello", HASH, sha256("other")).isError(400, "XAmzContentSHA256Mismatch");
        s3.put("/bucket/none", "hello", HASH, "nonsense").isError(400, "InvalidArgument");
        s3.put("/bucket/none", "hello", "x-amz-checksum-crc32", "AAA=").isError(400, "BadDigest");
        s3.put("/bucket/none", "hello", "x-amz-checksum-foo", "AAAAAA==").isError(400, "InvalidRequest");
        s3.put("/bucket/none", "hello", "x-amz-checksum-crc32", "AAAAAA==", "x-amz-checksum-crc32c", "AAAAAA==")
                .isError(400, "InvalidRequest");
        s3.put("/bucket/none", "hello", "x-amz-sdk-checksum-algorithm", "CRC32").isError(400, "InvalidRequest");
        s3.put("/bucket/none", "hello", "x-amz-sdk-checksum-algorithm", "SHA1", "x-amz-checksum-crc32", "AAAAAA==")
                .isError(400, "InvalidRequest");
        s3.put("/bucket/none", "hello", "x-amz-trailer", "x-amz-checksum-crc32").isError(400, "InvalidRequest");
        s3.put("/bucket/k", "hello", "Content-MD5", base64(ChecksumType.MD5, "hello"), HASH, sha256("hello"))
                .hasStatus(200);
    }

    @Test
    void lengthMustBeGiven() {
        s3.call(Method.PUT, "/bucket/none", null).isError(411, "MissingContentLength");
        s3.put("/bucket/k", "hello", "Transfer-Encoding", "chunked").hasStatus(200);
        s3.put("/bucket/missing/none", "hello").hasStatus(200);
        s3.put("/nobucket/none", "hello").isError(404, "NoSuchBucket");
    }

    @Test
    void whatCannotBeHonouredIsRefused() {
        s3.put("/bucket/none", "x", "x-amz-if-match-size", "1").isError(501, "NotImplemented");
        s3.put("/bucket/none", "x", "x-amz-rename-source", "a").isError(400, "InvalidRequest");
    }

    @Test
    void limitsOfMetadataAndKeys() {
        s3.put("/bucket/none", "x", "x-amz-meta-a", "v".repeat(2048)).isError(400, "MetadataTooLarge");
        s3.put("/bucket/" + "k".repeat(1025), "x").isError(400, "KeyTooLongError");
        s3.put("/bucket/" + "%E2%82%AC".repeat(342), "x").isError(400, "KeyTooLongError");
        s3.put("/bucket/" + "%E2%82%AC".repeat(341), "x").hasStatus(200);
        s3.put("/bucket/none", "x", "x-amz-storage-class", "GLACIER").isError(400, "InvalidStorageClass");
        s3.put("/bucket/none", "x", "x-amz-acl", "public-ready").isError(400, "InvalidArgument");
        s3.put("/bucket/%FF", "x").isError(400, "InvalidURI");
        s3.put("/bucket/%G1", "x").isError(400, "InvalidURI");
        s3.put("/bucket/none", "x", "x-amz-expected-bucket-owner", "other").isError(403, "AccessDenied");
    }

    private static String sha256(String latin1) {
        return Checksummers.of(ChecksumType.SHA256, ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)))
                .hex();
    }
}
