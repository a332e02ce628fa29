package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the S3 face does with requests that are wrong: right status and code, a message, nothing stored, and the
/// connection usable.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputS3IT {
    private static final String LONG_KEY = "k".repeat(1025);
    private static final String MD5_OF_OTHER = "rL0Y20zC+Fzt72VPzMSk2A==";

    private Cluster cluster;
    private RawHttp http;

    @BeforeAll
    void startCluster(@TempDir Path data) {
        cluster = Cluster.start(data, 3);
        http = new RawHttp(cluster.url());
        assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
        assertThat(http.send("PUT", "/bucket/kept", "kept").status()).isEqualTo(200);
    }

    @AfterAll
    void stopCluster() {
        http.close();
        cluster.close();
    }

    @BeforeEach
    void freshConnection() {
        http.close();
        http = new RawHttp(cluster.url());
    }

    /// After every wrong request: the next one on the same connection is answered, and only what was kept is there.
    @AfterEach
    void nothingElseIsStored() {
        Answer listed = http.send("GET", "/bucket?list-type=2");
        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.text()).contains("<KeyCount>1</KeyCount>").contains("<Key>kept</Key>");
        assertThat(http.send("GET", "/bucket/kept").text()).isEqualTo("kept");
        assertThat(http.send("GET", "/").text()).containsOnlyOnce("<Name>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Buckets
                "PUT    | /ab                              | 400 | InvalidBucketName",
                "PUT    | /UPPER                           | 400 | InvalidBucketName",
                "PUT    | /under_score                     | 400 | InvalidBucketName",
                "PUT    | /two..dots                       | 400 | InvalidBucketName",
                "PUT    | /192.168.1.1                     | 400 | InvalidBucketName",
                "GET    | /absent-bucket                   | 404 | NoSuchBucket",
                "DELETE | /absent-bucket                   | 404 | NoSuchBucket",
                "DELETE | /bucket                          | 409 | BucketNotEmpty",
                "POST   | /bucket                          | 405 | MethodNotAllowed",
                "PATCH  | /bucket                          | 405 | MethodNotAllowed",
                "POST   | /                                | 405 | MethodNotAllowed",
                // Listings
                "GET    | /bucket?list-type=2&max-keys=-1  | 400 | InvalidArgument",
                "GET    | /bucket?list-type=2&max-keys=ten | 400 | InvalidArgument",
                "GET    | /bucket?list-type=3              | 400 | InvalidArgument",
                "GET    | /bucket?list-type=2&encoding-type=base64 | 400 | InvalidArgument",
                "GET    | /bucket?list-type=2&continuation-token=%21%21 | 400 | InvalidArgument",
                // Objects
                "GET    | /bucket/absent                   | 404 | NoSuchKey",
                "GET    | /absent-bucket/key               | 404 | NoSuchBucket",
                "PUT    | /absent-bucket/key               | 404 | NoSuchBucket",
                "DELETE | /absent-bucket/key               | 404 | NoSuchBucket",
                "PATCH  | /bucket/kept                     | 405 | MethodNotAllowed",
                "GET    | /bucket/%zz                      | 400 | InvalidURI",
                "GET    | /bucket/%ff                      | 400 | InvalidURI",
                "GET    | /bucket/kept?partNumber=0        | 400 | InvalidArgument",
                "GET    | /bucket/kept?versionId=other     | 400 | InvalidArgument",
                "POST   | /bucket/kept                     | 405 | MethodNotAllowed",
                // Multipart uploads
                "PUT    | /bucket/x?partNumber=1&uploadId=absent     | 404 | NoSuchUpload",
                "PUT    | /bucket/x?partNumber=0&uploadId=absent     | 400 | InvalidArgument",
                "PUT    | /bucket/x?partNumber=10001&uploadId=absent | 400 | InvalidArgument",
                "PUT    | /bucket/x?partNumber=one&uploadId=absent   | 400 | InvalidArgument",
                "GET    | /bucket/x?uploadId=absent                  | 404 | NoSuchUpload",
                "DELETE | /bucket/x?uploadId=absent                  | 404 | NoSuchUpload",
                // Sub-resources
                "GET    | /bucket?website                  | 404 | NoSuchWebsiteConfiguration",
                "PUT    | /bucket?website                  | 501 | NotImplemented",
                "PUT    | /bucket/kept?torrent             | 501 | NotImplemented",
                "POST   | /bucket/kept?select&select-type=2 | 501 | NotImplemented",
            })
    void requestIsRefusedByName(String method, String target, int status, String code) {
        Answer answer = http.send(method, target);
        assertRefused(answer, status, code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Content-MD5: nonsense                                   | 400 | InvalidDigest",
                "Content-MD5: " + MD5_OF_OTHER + "                       | 400 | BadDigest",
                "x-amz-checksum-crc32: AAAAAA==                          | 400 | BadDigest",
                "x-amz-checksum-crc32: nonsense                          | 400 | BadDigest",
                "x-amz-checksum-sha256: AAAA                             | 400 | BadDigest",
                "x-amz-content-sha256: " + "0000000000000000000000000000000000000000000000000000000000000000"
                        + " | 400 | XAmzContentSHA256Mismatch",
                "If-Match: `\"absent\"`                                  | 404 | NoSuchKey",
                "x-amz-storage-class: FLOPPY                             | 400 | InvalidStorageClass",
                "x-amz-copy-source: bucket/absent                        | 404 | NoSuchKey",
                "x-amz-copy-source: absent-bucket/key                    | 404 | NoSuchBucket",
                "x-amz-copy-source: nonsense                             | 400 | InvalidArgument",
                "x-amz-server-side-encryption: AES192                    | 400 | InvalidArgument",
                "x-amz-server-side-encryption: aws:kms                   | 400 | InvalidArgument",
                "x-amz-server-side-encryption-customer-algorithm: AES256 | 400 | InvalidRequest",
            })
    void writeWithWrongHeaderIsRefused(String header, int status, String code) {
        Answer answer = http.send(
                "PUT",
                "/bucket/wrong",
                header.strip() + "\r\n",
                header.contains("copy-source") ? new byte[0] : "some content".getBytes(StandardCharsets.UTF_8));
        assertRefused(answer, status, code);
    }

    @Test
    void ranges() {
        Answer beyond = http.send("GET", "/bucket/kept", "Range: bytes=4-\r\n", new byte[0]);
        assertRefused(beyond, 416, "InvalidRange");
        Answer nonsense = http.send("GET", "/bucket/kept", "Range: bytes=3-1\r\n", new byte[0]);
        assertThat(nonsense.status()).isEqualTo(200);
        assertThat(nonsense.text()).isEqualTo("kept");
    }

    @Test
    void longKeyIsRefused() {
        assertRefused(http.send("PUT", "/bucket/" + LONG_KEY, "x"), 400, "KeyTooLongError");
    }

    @Test
    void metadataOverTheLimitIsRefused() {
        Answer answer = http.send(
                "PUT",
                "/bucket/wrong",
                "x-amz-meta-long: " + "v".repeat(2049) + "\r\n",
                "x".getBytes(StandardCharsets.UTF_8));
        assertRefused(answer, 400, "MetadataTooLarge");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/bucket?delete | | 400 | MissingRequestBodyError",
                "/bucket?delete | no xml | 400 | MalformedXML",
                "/bucket?delete | <Delete></Delete> | 400 | MalformedXML",
                "/bucket?delete | <Delete><Object></Object></Delete> | 400 | MalformedXML",
                "/bucket?delete | <!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Delete><Object><Key>&e;</Key>"
                        + "</Object></Delete> | 400 | MalformedXML",
                "/bucket/x?uploadId=absent | <CompleteMultipartUpload/> | 400 | MalformedXML",
                "/bucket/x?uploadId=absent | <CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag>"
                        + "</Part></CompleteMultipartUpload> | 404 | NoSuchUpload",
            })
    void wrongMessageIsRefused(String target, String body, int status, String code) {
        assertRefused(http.send("POST", target, body == null ? "" : body), status, code);
    }

    @Test
    void bodyThatEndsEarlyStoresNothing() throws Exception {
        http.write(("PUT /bucket/early HTTP/1.1\r\nHost: " + cluster.url().getAuthority()
                        + "\r\nContent-Length: 100\r\n\r\nonly this")
                .getBytes(StandardCharsets.ISO_8859_1));
        http.reconnect();
        assertThat(http.send("GET", "/bucket/early").status()).isEqualTo(404);
    }

    @Test
    void writeWithoutLengthIsRefused() {
        http.write(("PUT /bucket/no-length HTTP/1.1\r\nHost: " + cluster.url().getAuthority() + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        Answer answer = http.read(false);
        assertRefused(answer, 411, "MissingContentLength");
    }

    @Test
    void headOfAbsentHasNoBody() {
        Answer answer = http.send("HEAD", "/bucket/absent");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(http.send("HEAD", "/absent-bucket").status()).isEqualTo(404);
    }

    private static void assertRefused(Answer answer, int status, String code) {
        assertThat(answer.text()).contains("<Code>" + code + "</Code>");
        assertThat(answer.text()).containsPattern("<Message>[^<]+</Message>").contains("<RequestId>");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).startsWith("application/xml");
    }
}
