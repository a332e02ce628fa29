package io.forebay.gateway.api.s3;

import static io.forebay.gateway.api.s3.S3ObjectsTest.base64;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.model.ChecksumType;
import io.forebay.gateway.api.s3.S3Client.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class S3MultipartTest {
    private static final String LARGE = "x".repeat(5 * 1024 * 1024);

    private final S3Client s3 = new S3Client();

    @BeforeEach
    void createBucket() {
        s3.put("/bucket", "").hasStatus(200);
    }

    private String create(String... headers) {
        Answer answer = s3.post("/bucket/k?uploads", "", headers).hasStatus(200);
        assertThat(answer.element("Bucket")).isEqualTo("bucket");
        assertThat(answer.element("Key")).isEqualTo("k");
        return answer.element("UploadId");
    }

    private String part(String id, int number, String bytes, String... headers) {
        String etag = s3.put("/bucket/k?partNumber=" + number + "&uploadId=" + id, bytes, headers)
                .hasStatus(200)
                .header("ETag");
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>" + etag + "</ETag></Part>";
    }

    private Answer complete(String id, String parts, String... headers) {
        return s3.post(
                "/bucket/k?uploadId=" + id,
                "<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>",
                headers);
    }

    @Test
    void partsBecomeAnObject() {
        String id = create("Content-Type", "text/plain", "x-amz-meta-a", "b");
        String first = part(id, 1, LARGE);
        String second = part(id, 3, "end");
        s3.get("/bucket/k").isError(404, "NoSuchKey");
        Answer done = complete(id, first + second).hasStatus(200);
        assertThat(done.element("ETag")).endsWith("-2&quot;");
        assertThat(done.element("Location")).isEqualTo("http://localhost:8080/bucket/k");
        assertThat(done.element("ChecksumCRC64NVME")).isEqualTo(base64(ChecksumType.CRC64NVME, LARGE + "end"));
        assertThat(done.element("ChecksumType")).isEqualTo("FULL_OBJECT");
        Answer get = s3.get("/bucket/k");
        assertThat(get.body()).isEqualTo(LARGE + "end");
        assertThat(get.header("x-amz-meta-a")).isEqualTo("b");
        assertThat(get.header("Content-Type")).isEqualTo("text/plain");
        Answer part = s3.get("/bucket/k?partNumber=2").hasStatus(206);
        assertThat(part.body()).isEqualTo("end");
        assertThat(part.header("x-amz-mp-parts-count")).isEqualTo("2");
        assertThat(part.header("Content-Range")).isEqualTo("bytes 5242880-5242882/5242883");
        s3.get("/bucket/k?partNumber=3").isError(400, "InvalidPart");
        assertThat(s3.get("/bucket?uploads").elements("UploadId")).isEmpty();
        assertThat(complete(id, first + second).hasStatus(200).element("ETag")).isEqualTo(done.element("ETag"));
        complete(id, first).isError(404, "NoSuchUpload");
    }

    /// minio-go names the type and leaves the count out.
    @Test
    void expectedCompositeChecksumMayLackItsCount() {
        String id = create("x-amz-checksum-algorithm", "CRC32C");
        String part = part(id, 1, "end");
        byte[] digest = Base64.getDecoder().decode(base64(ChecksumType.CRC32C, "end"));
        String composite = base64(ChecksumType.CRC32C, new String(digest, StandardCharsets.ISO_8859_1));
        complete(id, part, "x-amz-checksum-crc32c", composite).isError(400, "BadDigest");
        complete(id, part, "x-amz-checksum-crc32c", "AAAAAA==", "x-amz-checksum-type", "COMPOSITE")
                .isError(400, "BadDigest");
        Answer done = complete(id, part, "x-amz-checksum-crc32c", composite, "x-amz-checksum-type", "COMPOSITE");
        assertThat(done.hasStatus(200).element("ChecksumCRC32C")).isEqualTo(composite + "-1");
    }

    @ParameterizedTest
    @EnumSource(value = ChecksumType.class, mode = EnumSource.Mode.EXCLUDE, names = "CRC64NVME")
    void compositeChecksum(ChecksumType type) {
        String id = create("x-amz-checksum-algorithm", type.name());
        String header = S3Checksums.header(type);
        String element = S3Checksums.element(type);
        String sum = base64(type, "end");
        Answer uploaded = s3.put(
                        "/bucket/k?partNumber=1&uploadId=" + id,
                        "end",
                        header,
                        sum,
                        "x-amz-sdk-checksum-algorithm",
                        type.name())
                .hasStatus(200);
        assertThat(uploaded.header(header)).isEqualTo(sum);
        Answer listed = s3.get("/bucket/k?uploadId=" + id);
        assertThat(listed.element(element)).isEqualTo(sum);
        assertThat(listed.element("ChecksumAlgorithm")).isEqualTo(type.name());
        String named = "<Part><" + element + ">" + sum + "</" + element + "><PartNumber>1</PartNumber><ETag>"
                + uploaded.header("ETag") + "</ETag></Part>";
        complete(id, named.replace(sum, base64(type, "other"))).isError(400, "InvalidPart");
        complete(id, named, header, "bad").isError(400, "BadDigest");
        complete(id, named, header, base64(type, "other") + "-1").isError(400, "BadDigest");
        Answer done = complete(id, named).hasStatus(200);
        byte[] digest = Base64.getDecoder().decode(sum);
        assertThat(done.element(element))
                .isEqualTo(base64(type, new String(digest, StandardCharsets.ISO_8859_1)) + "-1");
        assertThat(done.element("ChecksumType")).isEqualTo("COMPOSITE");
        Answer head = s3.head("/bucket/k", "x-amz-checksum-mode", "ENABLED");
        assertThat(head.header(header)).isEqualTo(done.element(element));
        assertThat(head.header("x-amz-checksum-type")).isEqualTo("COMPOSITE");
        Answer part = s3.get("/bucket/k?partNumber=1", "x-amz-checksum-mode", "ENABLED");
        assertThat(part.header(header)).isEqualTo(sum);
        Answer attributes = s3.get("/bucket/k?attributes", "x-amz-object-attributes", "ObjectParts,Checksum");
        assertThat(attributes.element("PartsCount")).isEqualTo("1");
        assertThat(attributes.element("Size")).isEqualTo("3");
        assertThat(attributes.elements(element)).isEqualTo(done.element(element) + "," + sum);
    }

    @ParameterizedTest
    @CsvSource({
        "CRC64NVME, COMPOSITE, InvalidRequest",
        "SHA1, FULL_OBJECT, InvalidRequest",
        "SHA256, FULL_OBJECT, InvalidRequest",
        "CRC32, OTHER, InvalidRequest",
        "ADLER, FULL_OBJECT, InvalidRequest",
        "CRC32, FULL_OBJECT, ''",
        "CRC32C, COMPOSITE, ''",
        "CRC64NVME, FULL_OBJECT, ''",
    })
    void agreementsThatAreOffered(String algorithm, String type, String error) {
        Answer answer =
                s3.post("/bucket/k?uploads", "", "x-amz-checksum-algorithm", algorithm, "x-amz-checksum-type", type);
        if (error.isEmpty()) {
            answer.hasStatus(200);
            assertThat(answer.header("x-amz-checksum-algorithm")).isEqualTo(algorithm);
            assertThat(answer.header("x-amz-checksum-type")).isEqualTo(type);
        } else {
            answer.isError(400, error);
        }
    }

    @Test
    void completionsThatAreRefusedLeaveTheUploadOpen() {
        String id = create();
        String small = part(id, 1, "small");
        String last = part(id, 2, "last");
        complete(id, small + last).isError(400, "EntityTooSmall");
        complete(id, last + small).isError(400, "InvalidPartOrder");
        complete(id, small + last + small).isError(400, "InvalidPartOrder");
        complete(id, "").isError(400, "MalformedXML");
        complete(id, "<Part><PartNumber>1</PartNumber></Part>").isError(400, "MalformedXML");
        complete(id, "<Part><PartNumber>x</PartNumber><ETag>a</ETag></Part>").isError(400, "MalformedXML");
        complete(id, "<Part><PartNumber>0</PartNumber><ETag>a</ETag></Part>").isError(400, "InvalidArgument");
        complete(id, "<Part><PartNumber>1</PartNumber><ETag>a</ETag></Part>").isError(400, "InvalidPart");
        complete(id, small.replace(">1<", ">9<")).isError(400, "InvalidPart");
        complete("unknown-id", small).isError(404, "NoSuchUpload");
        complete(id, small, "x-amz-mp-object-size", "6").isError(400, "InvalidRequest");
        complete(id, small, "If-Match", "*").isError(404, "NoSuchKey");
        s3.get("/bucket/k").isError(404, "NoSuchKey");
        s3.put("/bucket/k", "there");
        complete(id, small, "If-None-Match", "*").isError(412, "PreconditionFailed");
        assertThat(s3.get("/bucket/k").body()).isEqualTo("there");
        String other = small.replaceFirst("&quot;|\"[0-9a-f]{32}", "\"" + "0".repeat(32));
        complete(id, other + small, "x-amz-mp-object-size", "5", "If-Match", "*")
                .hasStatus(200);
        assertThat(s3.get("/bucket/k").body()).isEqualTo("small");
    }

    @Test
    void partsThatAreRefused() {
        String id = create();
        for (String number : new String[] {"0", "10001", "-1", "x", ""}) {
            s3.put("/bucket/k?uploadId=" + id + "&partNumber=" + number, "x").isError(400, "InvalidArgument");
        }
        s3.put("/bucket/k?partNumber=1", "x").isError(400, "InvalidRequest");
        s3.put("/bucket/k?partNumber=1&uploadId=unknown", "x").isError(404, "NoSuchUpload");
        s3.put("/bucket/k?partNumber=1&uploadId=" + id, "x", "Content-MD5", "rL0Y20xC+Fzt72VPzMSk2A==")
                .isError(400, "BadDigest");
        assertThat(s3.get("/bucket/k?uploadId=" + id).elements("PartNumber")).isEmpty();
        s3.post("/bucket/k?uploads", "", "x-amz-checksum-type", "COMPOSITE").isError(400, "InvalidRequest");
        s3.post("/missing/k?uploads", "").isError(404, "NoSuchBucket");
    }

    @Test
    void partsAreListedInPages() {
        String id = create("x-amz-checksum-algorithm", "CRC32");
        part(id, 2, "two");
        part(id, 1, "one");
        part(id, 5, "five");
        part(id, 2, "again");
        Answer first = s3.get("/bucket/k?uploadId=" + id + "&max-parts=2").hasStatus(200);
        assertThat(first.elements("PartNumber")).isEqualTo("1,2");
        assertThat(first.elements("Size")).isEqualTo("3,5");
        assertThat(first.element("NextPartNumberMarker")).isEqualTo("2");
        assertThat(first.element("IsTruncated")).isEqualTo("true");
        assertThat(first.element("ChecksumAlgorithm")).isEqualTo("CRC32");
        assertThat(first.element("ChecksumType")).isEqualTo("COMPOSITE");
        Answer second = s3.get("/bucket/k?uploadId=" + id + "&part-number-marker=2");
        assertThat(second.elements("PartNumber")).isEqualTo("5");
        s3.get("/bucket/k?uploadId=unknown").isError(404, "NoSuchUpload");
        s3.get("/bucket/k?uploadId=" + id + "&max-parts=x").isError(400, "InvalidArgument");
    }

    @Test
    void uploadsAreListedInPagesAndAborted() {
        String[] ids = new String[4];
        String[] keys = {"a", "b/c", "b/d", "e"};
        for (int index = 0; index < keys.length; index++) {
            ids[index] = s3.post("/bucket/" + keys[index] + "?uploads", "").element("UploadId");
        }
        String second = s3.post("/bucket/a?uploads", "").element("UploadId");
        Answer all = s3.get("/bucket?uploads");
        assertThat(all.elements("Key")).isEqualTo("a,a,b/c,b/d,e");
        Answer first = s3.get("/bucket?uploads&delimiter=/&max-uploads=2");
        assertThat(first.elements("UploadId")).isEqualTo(ids[0] + "," + second);
        assertThat(first.element("IsTruncated")).isEqualTo("true");
        Answer next = s3.get("/bucket?uploads&delimiter=/&key-marker=" + first.element("NextKeyMarker")
                + "&upload-id-marker=" + first.element("NextUploadIdMarker"));
        assertThat(next.elements("Key")).isEqualTo("e");
        assertThat(next.elements("Prefix")).isEqualTo(",b/");
        assertThat(s3.get("/bucket?uploads&prefix=b/").elements("Key")).isEqualTo("b/c,b/d");
        s3.delete("/bucket/e?uploadId=" + ids[3]).hasStatus(204);
        s3.delete("/bucket/e?uploadId=" + ids[3]).isError(404, "NoSuchUpload");
        s3.delete("/bucket/a?uploadId=" + ids[1]).isError(404, "NoSuchUpload");
        assertThat(s3.get("/bucket?uploads").elements("Key")).isEqualTo("a,a,b/c,b/d");
    }

    @Test
    void partCanBeCopied() {
        s3.put("/bucket/source", "0123456789");
        String id = create();
        String target = "/bucket/k?partNumber=1&uploadId=" + id;
        Answer copied = s3.put(target, "", "x-amz-copy-source", "bucket/source", "x-amz-copy-source-range", "bytes=2-4")
                .hasStatus(200);
        assertThat(copied.element("LastModified")).isNotEmpty();
        complete(id, "<Part><PartNumber>1</PartNumber><ETag>" + copied.element("ETag") + "</ETag></Part>")
                .hasStatus(200);
        assertThat(s3.get("/bucket/k").body()).isEqualTo("234");
    }

    @ParameterizedTest
    @CsvSource({
        "0-2, 400, InvalidArgument",
        "bytes=0, 400, InvalidArgument",
        "bytes=a-b, 400, InvalidArgument",
        "bytes=2-, 400, InvalidArgument",
        "bytes=-2, 400, InvalidArgument",
        "'bytes=0-1,2-3', 400, InvalidArgument",
        "bytes=0-10, 416, InvalidRange",
        "bytes=10-11, 416, InvalidRange",
    })
    void rangesThatCannotBeCopied(String range, int status, String code) {
        s3.put("/bucket/source", "0123456789");
        String id = create();
        s3.put(
                        "/bucket/k?partNumber=1&uploadId=" + id,
                        "",
                        "x-amz-copy-source",
                        "bucket/source",
                        "x-amz-copy-source-range",
                        range)
                .isError(status, code);
        assertThat(s3.get("/bucket/k?uploadId=" + id).elements("PartNumber")).isEmpty();
    }
}
