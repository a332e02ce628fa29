package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.api.s3.S3Client.Answer;
import org.junit.jupiter.api.Test;

/// An upload of as many parts as there may be.
final class S3ManyPartsTest {
    private static final int PARTS = 10_000;

    private final S3Client s3 = new S3Client(1);

    @Test
    void tenThousandPartsBecomeAnObject() {
        s3.put("/bucket", "").hasStatus(200);
        String id = s3.post("/bucket/k?uploads", "").hasStatus(200).element("UploadId");
        StringBuilder document = new StringBuilder("<CompleteMultipartUpload>");
        StringBuilder whole = new StringBuilder();
        for (int number = 1; number <= PARTS; number++) {
            String content = "part " + number + ", ";
            String etag = s3.put("/bucket/k?partNumber=" + number + "&uploadId=" + id, content)
                    .hasStatus(200)
                    .header("ETag");
            whole.append(content);
            document.append("<Part><PartNumber>")
                    .append(number)
                    .append("</PartNumber><ETag>")
                    .append(etag);
            document.append("</ETag></Part>");
        }
        s3.put("/bucket/k?partNumber=10001&uploadId=" + id, "one more").isError(400, "InvalidArgument");
        String last = s3.get("/bucket/k?uploadId=" + id + "&part-number-marker=9999")
                .hasStatus(200)
                .elements("PartNumber");
        assertThat(last).isEqualTo("10000");
        s3.post("/bucket/k?uploadId=" + id, document + "<Part/>" + "</CompleteMultipartUpload>")
                .isError(400, "MalformedXML");
        Answer done = s3.post(
                "/bucket/k?uploadId=" + id,
                document.append("</CompleteMultipartUpload>").toString());
        assertThat(done.hasStatus(200).element("ETag")).endsWith("-10000&quot;");
        assertThat(s3.get("/bucket/k").body()).isEqualTo(whole.toString());
        Answer part = s3.get("/bucket/k?partNumber=10000").hasStatus(206);
        assertThat(part.body()).isEqualTo("part 10000, ");
        assertThat(part.header("x-amz-mp-parts-count")).isEqualTo("10000");
    }
}
