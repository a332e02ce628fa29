package io.forebay.gateway.api.s3;

import static io.forebay.gateway.api.s3.S3ObjectsTest.base64;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.model.ChecksumType;
import io.forebay.gateway.api.s3.S3Client.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3CopiesTest {
    private static final String SOURCE = "x-amz-copy-source";

    private final S3Client s3 = new S3Client();
    private String etag = "";
    private String modified = "";

    @BeforeEach
    void createSource() {
        s3.put("/bucket", "").hasStatus(200);
        s3.put("/other", "").hasStatus(200);
        etag = s3.put("/bucket/so+urce%25", "hello", "Content-Type", "text/plain", "x-amz-meta-a", "b")
                .hasStatus(200)
                .header("ETag");
        modified = s3.head("/bucket/so+urce%25").header("Last-Modified");
    }

    private Answer copy(String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = SOURCE;
        all[1] = "/bucket/so%2Burce%25";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return s3.put("/other/copy", "", all);
    }

    @Test
    void copyHasBytesAndMetadata() {
        Answer copied = copy().hasStatus(200);
        assertThat(copied.element("ETag")).isEqualTo(etag.replace("\"", "&quot;"));
        assertThat(copied.element("ChecksumCRC64NVME")).isEqualTo(base64(ChecksumType.CRC64NVME, "hello"));
        Answer get = s3.get("/other/copy");
        assertThat(get.body()).isEqualTo("hello");
        assertThat(get.header("Content-Type")).isEqualTo("text/plain");
        assertThat(get.header("x-amz-meta-a")).isEqualTo("b");
    }

    @Test
    void metadataCanBeReplaced() {
        copy("x-amz-metadata-directive", "REPLACE", "x-amz-meta-c", "d", "Content-Type", "audio/ogg")
                .hasStatus(200);
        Answer head = s3.head("/other/copy");
        assertThat(head.header("Content-Type")).isEqualTo("audio/ogg");
        assertThat(head.header("x-amz-meta-c")).isEqualTo("d");
        assertThat(head.headers().find("x-amz-meta-a")).isNull();
        copy("x-amz-metadata-directive", "OTHER").isError(400, "InvalidArgument");
    }

    @Test
    void checksumAlgorithmCanBeChosen() {
        Answer copied = copy("x-amz-checksum-algorithm", "SHA256").hasStatus(200);
        assertThat(copied.element("ChecksumSHA256")).isEqualTo(base64(ChecksumType.SHA256, "hello"));
        copy("x-amz-checksum-algorithm", "ADLER").isError(400, "InvalidRequest");
    }

    @Test
    void objectCanBeCopiedToItselfOnlyWithNewMetadata() {
        s3.put("/bucket/so+urce%25", "", SOURCE, "bucket/so%2Burce%25").isError(400, "InvalidRequest");
        s3.put(
                        "/bucket/so+urce%25",
                        "", SOURCE, "bucket/so%2Burce%25", "x-amz-metadata-directive", "REPLACE", "x-amz-meta-x", "y")
                .hasStatus(200);
        Answer get = s3.get("/bucket/so+urce%25");
        assertThat(get.body()).isEqualTo("hello");
        assertThat(get.header("x-amz-meta-x")).isEqualTo("y");
    }

    @Test
    void conditionsOnTheSource() {
        String before = "Mon, 01 Jan 2001 00:00:00 GMT";
        copy(SOURCE + "-if-match", etag).hasStatus(200);
        copy(SOURCE + "-if-none-match", "\"other\"").hasStatus(200);
        copy(SOURCE + "-if-modified-since", before).hasStatus(200);
        copy(SOURCE + "-if-unmodified-since", modified).hasStatus(200);
        s3.delete("/other/copy");
        copy(SOURCE + "-if-match", "\"other\"").isError(412, "PreconditionFailed");
        copy(SOURCE + "-if-none-match", etag).isError(412, "PreconditionFailed");
        copy(SOURCE + "-if-modified-since", modified).isError(412, "PreconditionFailed");
        copy(SOURCE + "-if-unmodified-since", before).isError(412, "PreconditionFailed");
        s3.get("/other/copy").isError(404, "NoSuchKey");
    }

    @Test
    void conditionsOnTheTarget() {
        copy("If-None-Match", "*").hasStatus(200);
        copy("If-None-Match", "*").isError(412, "PreconditionFailed");
        copy("If-Match", "\"other\"").isError(412, "PreconditionFailed");
        copy("If-Match", etag).hasStatus(200);
    }

    @ParameterizedTest
    @CsvSource({
        "bucket/missing, 404, NoSuchKey",
        "missing/source, 404, NoSuchBucket",
        "bucket, 400, InvalidArgument",
        "bucket/, 400, InvalidArgument",
        "/, 400, InvalidArgument",
        "'', 400, InvalidArgument",
        "bucket/%zz, 400, InvalidArgument",
        "b*d/key, 400, InvalidBucketName",
        "bucket/so%2Burce%25?versionId=1, 400, InvalidArgument",
        "bucket/so%2Burce%25?versionId=null, 200, ''",
    })
    void sources(String source, int status, String code) {
        Answer answer = s3.put("/other/copy", "", SOURCE, source);
        if (status == 200) {
            answer.hasStatus(200);
        } else {
            answer.isError(status, code);
            s3.get("/other/copy").isError(404, "NoSuchKey");
        }
    }

    @Test
    void targetBucketMustExist() {
        s3.put("/missing/copy", "", SOURCE, "bucket/so%2Burce%25").isError(404, "NoSuchBucket");
    }
}
