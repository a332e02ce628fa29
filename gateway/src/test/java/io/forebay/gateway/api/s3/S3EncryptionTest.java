package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.CustomerKey;
import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is asked for of encryption, and refused before a node hears of it; and what a bucket does by default.
final class S3EncryptionTest {
    private static final String SSE = "x-amz-server-side-encryption";
    private static final String CUSTOMER = SSE + "-customer-";
    private static final String SOURCE = "x-amz-copy-source-server-side-encryption-customer-";
    private static final String KEY = "pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=";
    private static final String MD5 = "DWygnHRtgiJ77HCm+1rvHw==";
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 49152);

    private final S3Client s3 = new S3Client();

    @BeforeEach
    void createBucket() {
        s3.put("/bucket", "").hasStatus(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AES192  |          |          | InvalidArgument",
                "aws:kms:dsse |     |          | InvalidArgument",
                "AES256  | key      |          | InvalidArgument",
                "AES256  |          | e30=     | InvalidArgument",
                "        | key      |          | InvalidArgument",
                "        |          | e30=     | InvalidArgument",
                "aws:kms | key;two  |          | InvalidArgument",
                "aws:kms | key      | no       | InvalidArgument",
                "aws:kms | key      | WzFd     | InvalidArgument",
                "aws:kms | key      | eyJhIjoxfQ== | InvalidArgument",
            })
    void whatMakesNoSenseIsRefused(
            @Nullable String algorithm, @Nullable String keyId, @Nullable String context, String code) {
        Headers headers = new Headers();
        add(SSE, algorithm, headers);
        add(SSE + "-aws-kms-key-id", keyId, headers);
        add(SSE + "-context", context, headers);
        secure(Method.PUT, "/bucket/none", headers).isError(400, code);
        secure(Method.POST, "/bucket/none?uploads", headers).isError(400, code);
        Headers copy = new Headers().addAll(headers).add("x-amz-copy-source", "/bucket/absent");
        secure(Method.PUT, "/bucket/none", copy).isError(400, code);
        assertThat(s3.get("/bucket").elements("Key")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AES256 | KEY   |      | InvalidArgument",
                "AES256 |       | MD5  | InvalidArgument",
                "       | KEY   | MD5  | InvalidArgument",
                "AES256 | KEY   | AAAAAAAAAAAAAAAAAAAAAA== | InvalidArgument",
                "AES256 | c2hvcnQ= | MD5 | InvalidArgument",
                "AES256 | no base64 | MD5 | InvalidArgument",
                "AES192 | KEY   | MD5  | InvalidEncryptionAlgorithmError",
            })
    void keyThatIsNoneIsRefusedAndNeverRepeated(
            @Nullable String algorithm, @Nullable String key, @Nullable String md5, String code) {
        for (String prefix : new String[] {CUSTOMER, SOURCE}) {
            Headers headers = new Headers();
            add(prefix + "algorithm", algorithm, headers);
            add(prefix + "key", "KEY".equals(key) ? KEY : key, headers);
            add(prefix + "key-MD5", "MD5".equals(md5) ? MD5 : md5, headers);
            if (prefix.equals(SOURCE)) {
                s3.put("/bucket/source", "x").hasStatus(200);
                headers.add("x-amz-copy-source", "/bucket/source");
            }
            Answer answer = secure(Method.PUT, "/bucket/none", headers).isError(400, code);
            assertThat(answer.body()).doesNotContain(KEY, "c2hvcnQ=", "no base64");
        }
        s3.get("/bucket/none").isError(404, "NoSuchKey");
    }

    @Test
    void keyIsRefusedBesideAnotherWish() {
        secure(Method.PUT, "/bucket/none", keyed().add(SSE, "AES256")).isError(400, "InvalidArgument");
        secure(Method.PUT, "/bucket/none", keyed().add(SSE, "aws:kms")).isError(400, "InvalidArgument");
    }

    @Test
    void keyIsRefusedOverAnOpenConnection() {
        for (String target : new String[] {"/bucket/none", "/bucket/none?uploadId=1&partNumber=1"}) {
            Answer answer = s3.put(target, "x", CUSTOMER + "algorithm", "AES256", CUSTOMER + "key", KEY);
            answer.isError(400, "InvalidRequest");
            assertThat(answer.element("Message")).contains("must be made over a secure connection");
        }
        s3.get("/bucket/none", CUSTOMER + "algorithm", "AES256").isError(400, "InvalidRequest");
    }

    @ParameterizedTest
    @ValueSource(strings = {SSE, SSE + "-aws-kms-key-id", SSE + "-context", SSE + "-bucket-key-enabled"})
    void onlyWritesAskForEncryption(String header) {
        s3.put("/bucket/k", "x").hasStatus(200);
        s3.get("/bucket/k", header, "AES256").isError(400, "InvalidArgument");
        s3.head("/bucket/k", header, "AES256").hasStatus(400);
        s3.get("/bucket/k?attributes", header, "AES256", "x-amz-object-attributes", "ETag")
                .isError(400, "InvalidArgument");
    }

    @Test
    void keyIsNotForAnObjectThatHasNone() {
        s3.put("/bucket/k", "x").hasStatus(200);
        secure(Method.GET, "/bucket/k", keyed()).isError(400, "InvalidRequest");
        secure(Method.HEAD, "/bucket/k", keyed()).hasStatus(400);
        Headers copy = new Headers().add("x-amz-copy-source", "/bucket/k");
        copy.add(SOURCE + "algorithm", "AES256").add(SOURCE + "key", KEY).add(SOURCE + "key-MD5", MD5);
        secure(Method.PUT, "/bucket/none", copy).isError(400, "InvalidRequest");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AES256  |     |       | AES256",
                "aws:kms | k-1 |       | aws:kms;key=k-1",
                "aws:kms | k-1 | true  | aws:kms;key=k-1;bucket-key",
                "aws:kms |     | false | aws:kms",
            })
    void bucketKeepsWhatItDoesByDefault(
            String algorithm, @Nullable String keyId, @Nullable String bucketKey, String kept) {
        s3.get("/bucket?encryption").isError(404, "ServerSideEncryptionConfigurationNotFoundError");
        s3.put("/bucket?encryption", configuration(algorithm, keyId, bucketKey)).hasStatus(200);
        assertThat(property()).isEqualTo(kept);
        Answer read = s3.get("/bucket?encryption").hasStatus(200);
        assertThat(read.element("SSEAlgorithm")).isEqualTo(algorithm);
        assertThat(read.element("KMSMasterKeyID")).isEqualTo(keyId == null ? "" : keyId);
        assertThat(read.element("BucketKeyEnabled")).isEqualTo("true".equals(bucketKey) ? "true" : "false");
        s3.delete("/bucket?encryption").hasStatus(204);
        s3.delete("/bucket?encryption").hasStatus(204);
        s3.get("/bucket?encryption").isError(404, "ServerSideEncryptionConfigurationNotFoundError");
    }

    @Test
    void configurationThatIsNoneIsRefused() {
        String rule = "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>"
                + "</ApplyServerSideEncryptionByDefault></Rule>";
        for (String content : new String[] {"", "<Rule/>", rule + rule}) {
            String document = "<ServerSideEncryptionConfiguration>" + content + "</ServerSideEncryptionConfiguration>";
            s3.put("/bucket?encryption", document).isError(400, "MalformedXML");
        }
        s3.put("/bucket?encryption", configuration("AES128", null, null)).isError(400, "MalformedXML");
        s3.put("/bucket?encryption", configuration("AES256", "key", null)).isError(400, "InvalidArgument");
        s3.put("/bucket?encryption", configuration("aws:kms", "two words", null))
                .isError(400, "InvalidArgument");
        assertThat(property()).isNull();
    }

    private @Nullable String property() {
        Bucket bucket = s3.cluster.state().current().bucket(BucketName.of("bucket"));
        return Objects.requireNonNull(bucket).properties().get(Bucket.ENCRYPTION);
    }

    private static String configuration(String algorithm, @Nullable String keyId, @Nullable String bucketKey) {
        return "<ServerSideEncryptionConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Rule>"
                + "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>" + algorithm + "</SSEAlgorithm>"
                + (keyId == null ? "" : "<KMSMasterKeyID>" + keyId + "</KMSMasterKeyID>")
                + "</ApplyServerSideEncryptionByDefault>"
                + (bucketKey == null ? "" : "<BucketKeyEnabled>" + bucketKey + "</BucketKeyEnabled>")
                + "</Rule></ServerSideEncryptionConfiguration>";
    }

    private static Headers keyed() {
        String key = CustomerKey.parse(KEY).base64();
        return new Headers()
                .add(CUSTOMER + "algorithm", "AES256")
                .add(CUSTOMER + "key", key)
                .add(CUSTOMER + "key-MD5", MD5);
    }

    private static void add(String name, @Nullable String value, Headers headers) {
        if (value != null) {
            headers.add(name, value);
        }
    }

    /// Sends it as over HTTPS.
    private Answer secure(Method method, String target, Headers headers) {
        headers.set("Host", "localhost:8080").set("Content-Length", "1");
        Request request = new Request(method, target, headers);
        byte[] body = {'x'};
        Reply reply = s3.reply(new DirectExchange(request, MemoryBody.of(body), true, LOOPBACK, true, "direct"));
        try (PayloadSource payload = new PayloadSource(reply.payload())) {
            String text = new String(payload.readAll(1 << 20), StandardCharsets.ISO_8859_1);
            return new Answer(reply.status(), reply.headers(), text);
        }
    }
}
