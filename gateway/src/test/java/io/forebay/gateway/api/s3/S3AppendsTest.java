package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.api.s3.S3Client.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class S3AppendsTest {
    private final S3Client s3 = new S3Client();

    @BeforeEach
    void createBucket() {
        s3.put("/bucket", "");
    }

    @Test
    void bytesGoBehindThoseThatAreThere() {
        Answer made =
                append(0, "hello", "x-amz-meta-a", "b", "x-amz-tagging", "t=v").hasStatus(200);
        assertThat(made.header("x-amz-object-size")).isEqualTo("5");
        Answer more = append(5, " world", "x-amz-meta-a", "c").hasStatus(200);
        assertThat(more.header("x-amz-object-size")).isEqualTo("11");
        assertThat(more.header("x-amz-checksum-type")).isEqualTo("FULL_OBJECT");
        Answer read = s3.get("/bucket/k", "x-amz-checksum-mode", "ENABLED");
        assertThat(read.body()).isEqualTo("hello world");
        assertThat(read.header("ETag")).isEqualTo(more.header("ETag")).isNotEqualTo(made.header("ETag"));
        assertThat(read.header("x-amz-checksum-crc64nvme")).isEqualTo(more.header("x-amz-checksum-crc64nvme"));
        assertThat(read.header("x-amz-meta-a")).isEqualTo("b");
        assertThat(read.header("x-amz-tagging-count")).isEqualTo("1");
    }

    @Test
    void offsetMustBeTheSize() {
        append(1, "x").isError(400, "InvalidWriteOffset");
        s3.get("/bucket/k").isError(404, "NoSuchKey");
        s3.put("/bucket/k", "hello");
        append(0, "x").isError(400, "InvalidWriteOffset");
        append(6, "x").isError(400, "InvalidWriteOffset");
        assertThat(s3.get("/bucket/k").body()).isEqualTo("hello");
        append(5, "").isError(400, "InvalidRequest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "", "x", "99999999999999999999"})
    void offsetsThatAreNone(String offset) {
        s3.put("/bucket/k", "x", "x-amz-write-offset-bytes", offset).isError(400, "InvalidArgument");
    }

    @Test
    void conditionsHold() {
        append(0, "x", "If-Match", "\"other\"").isError(404, "NoSuchKey");
        String etag = append(0, "x", "If-None-Match", "*").hasStatus(200).header("ETag");
        append(1, "y", "If-None-Match", "*").isError(412, "PreconditionFailed");
        append(1, "y", "If-Match", "\"other\"").isError(412, "PreconditionFailed");
        append(1, "y", "If-Match", etag).hasStatus(200);
        assertThat(s3.get("/bucket/k").body()).isEqualTo("xy");
    }

    @Test
    void whatIsAppendedMustHaveItsChecksum() {
        s3.put("/bucket/k", "x");
        append(1, "y", "Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==").isError(400, "BadDigest");
        append(1, "y", "x-amz-checksum-crc32", "AAAAAA==").isError(400, "BadDigest");
        assertThat(s3.get("/bucket/k").body()).isEqualTo("x");
    }

    @Test
    void onlyPutObjectKnowsAnOffset() {
        s3.post("/bucket/k?uploads", "", "x-amz-write-offset-bytes", "0").isError(501, "NotImplemented");
        s3.get("/bucket?list-type=2", "x-amz-write-offset-bytes", "0").isError(501, "NotImplemented");
    }

    private Answer append(long offset, String content, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "x-amz-write-offset-bytes";
        all[1] = Long.toString(offset);
        System.arraycopy(headers, 0, all, 2, headers.length);
        return s3.put("/bucket/k", content, all);
    }
}
