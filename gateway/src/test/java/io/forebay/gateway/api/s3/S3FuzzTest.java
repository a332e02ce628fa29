package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Requests put together at random: whatever comes, the answer is one of S3's, never a bug's, and is well formed.
final class S3FuzzTest {
    private static final long SEED = Long.getLong("seed", 20_260_304L);
    private static final int ITERATIONS = Integer.getInteger("iterations", 20_000);

    private static final List<Method> METHODS = List.copyOf(EnumSet.allOf(Method.class));
    private static final String[] TARGETS = {
        "/",
        "/bucket",
        "/bucket/",
        "/bucket/k",
        "/bucket/a%2Fb",
        "//",
        "/b%00",
        "/bucket/%",
        "/missing/k",
        "/BAD_/k",
        "*"
    };
    private static final String[] PARAMETERS = {
        "acl",
        "uploads",
        "uploadId=x",
        "partNumber=1",
        "partNumber=0",
        "list-type=2",
        "max-keys=3",
        "max-keys=x",
        "delimiter=/",
        "prefix=%2F",
        "marker=k",
        "continuation-token=MWs",
        "continuation-token=%",
        "versions",
        "versionId=null",
        "versionId=",
        "delete",
        "tagging",
        "attributes",
        "location",
        "policy",
        "response-expires=%0D%0A",
        "response-content-type=a",
        "encoding-type=url",
        "start-after=%FF",
        "X-Amz-Signature=1",
        "a=b=c",
        "=",
        "&&",
        "+"
    };
    private static final String[][] HEADERS = {
        {"Range", "bytes=0-1"},
        {"Range", "bytes=9999999999999999999-"},
        {"If-Match", "*"},
        {"If-None-Match", "*"},
        {"If-None-Match", "\"a\", W/\"b\""},
        {"If-Modified-Since", "yesterday"},
        {"x-amz-copy-source", "bucket/k"},
        {"x-amz-copy-source", "/%"},
        {"x-amz-copy-source-range", "bytes=0-0"},
        {"x-amz-copy-source-if-match", "x"},
        {"x-amz-metadata-directive", "REPLACE"},
        {"x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"},
        {"x-amz-content-sha256", "UNSIGNED-PAYLOAD"},
        {"x-amz-decoded-content-length", "3"},
        {"x-amz-trailer", "x"},
        {"x-amz-trailer", "x-amz-checksum-crc32"},
        {"x-amz-checksum-crc32", "AAAAAA=="},
        {"x-amz-checksum-mode", "ENABLED"},
        {"x-amz-checksum-algorithm", "SHA1"},
        {"x-amz-checksum-type", "COMPOSITE"},
        {"Content-MD5", "x"},
        {"Authorization", "AWS4-HMAC-SHA256 Credential=/"},
        {"x-amz-meta-\u00e9", "\u0080"},
        {"x-amz-meta-a", ""},
        {"x-amz-object-attributes", "ETag,Checksum"},
        {"x-amz-acl", "private"},
        {"Host", ".localhost"},
        {"Host", ""},
        {"Content-Encoding", ",aws-chunked,"},
        {"x-amz-tagging", "a"},
        {"Transfer-Encoding", "chunked"},
        {"x-amz-mp-object-size", "-"},
        {"x-amz-expected-bucket-owner", "root"},
        {"x-amz-storage-class", "X"}
    };
    private static final String[] BODIES = {
        "",
        "abc",
        "3\r\nabc\r\n0\r\n\r\n",
        "0\r\n\r\n",
        "<Delete/>",
        "<Delete><Object><Key>k</Key></Object></Delete>",
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
        "<CreateBucketConfiguration/>",
        "<a",
        "\u00ff\u00fe"
    };

    private final Random random = new Random(SEED);
    private final S3Client s3 = new S3Client();

    @Test
    void everyRequestHasAnAnswer() {
        s3.put("/bucket", "");
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            s3.put("/bucket/k", "content");
            Request request = request();
            byte[] body = pick(BODIES).getBytes(StandardCharsets.ISO_8859_1);
            request.headers().add("Content-Length", body.length);
            Answer answer = s3.call(request, MemoryBody.of(body));
            assertThat(answer.status())
                    .as("seed %s, iteration %s: %s %s", SEED, iteration, request, answer)
                    .isBetween(200, 501)
                    .isNotEqualTo(500);
            assertThat(answer.header("x-amz-request-id")).isNotEmpty();
            if (answer.status() >= 400 && request.method() != Method.HEAD) {
                assertThatCode(() -> XmlReader.read(answer.body().getBytes(StandardCharsets.ISO_8859_1), "Error")
                                .requireText("Code"))
                        .as("seed %s, iteration %s: %s %s", SEED, iteration, request, answer)
                        .doesNotThrowAnyException();
            }
            for (int line = 0; line < answer.headers().count(); line++) {
                assertThat(answer.headers().value(line)).doesNotContainPattern("[\u0000-\u0008\n\r]");
            }
        }
    }

    private Request request() {
        StringBuilder target = new StringBuilder(pick(TARGETS));
        int parameters = random.nextInt(3);
        for (int index = 0; index < parameters; index++) {
            target.append(index == 0 ? '?' : '&').append(pick(PARAMETERS));
        }
        Headers headers = new Headers();
        if (random.nextInt(10) > 0) {
            headers.add("Host", "localhost");
        }
        for (int count = random.nextInt(4); count > 0; count--) {
            String[] line = HEADERS[random.nextInt(HEADERS.length)];
            headers.add(line[0], line[1]);
        }
        return new Request(METHODS.get(random.nextInt(METHODS.size())), target.toString(), headers);
    }

    private String pick(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
