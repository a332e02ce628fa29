package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.InMemoryCluster;
import io.forebay.gateway.TestUsers;
import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.gateway.auth.OpenAuthorizer;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Forms as browsers send them, with and without a policy, in pieces of any size.
final class S3FormsTest {
    private static final String BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
    private static final Credentials ROOT = new Credentials("ROOTKEY", "rootsecret");
    private static final InstantSource CLOCK = InstantSource.fixed(InMemoryCluster.NOW);
    private static final String DAY =
            InMemoryCluster.NOW.toString().substring(0, 10).replace("-", "");
    private static final String LATER = InMemoryCluster.NOW.plusSeconds(60).toString();

    private final InMemoryCluster cluster = new InMemoryCluster(1);
    private final S3Client open = new S3Client(cluster, new OpenAuthorizer(), "us-east-1");
    private final S3Client closed = new S3Client(cluster, TestUsers.root(ROOT, CLOCK), "us-east-1");
    private final Map<String, String> fields = new LinkedHashMap<>();
    private String content = "the content\r\n--of a file\r\n";
    private int piece = 1 << 16;

    @BeforeEach
    void createBucket() {
        open.put("/bucket", "").hasStatus(200);
        fields.put("key", "folder/${filename}");
    }

    private Answer post(S3Client s3) {
        return post(s3, form());
    }

    private Answer post(S3Client s3, String form) {
        byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
        Headers headers = new Headers()
                .add("Host", "localhost:8080")
                .add("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .add("Content-Length", bytes.length);
        return s3.call(new Request(Method.POST, "/bucket", headers), new Pieces(bytes, piece));
    }

    private String form() {
        StringBuilder form = new StringBuilder();
        fields.forEach((name, value) -> form.append("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        return form + "--" + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\dir\\photo.jpg\"\r\n"
                + "Content-Type: image/jpeg\r\n\r\n" + content + "\r\n--" + BOUNDARY + "--\r\n";
    }

    private void policy(String conditions) {
        policy(LATER, conditions);
    }

    private void policy(String expiration, String conditions) {
        String text = "{\"expiration\":\"" + expiration + "\",\"conditions\":[" + conditions + "]}";
        fields.put("policy", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Signs the policy that the form has.
    private void sign(Credentials keys) {
        fields.put("x-amz-algorithm", "AWS4-HMAC-SHA256");
        fields.put("x-amz-credential", keys.accessKey() + "/" + DAY + "/us-east-1/s3/aws4_request");
        fields.put("x-amz-date", DAY + "T000000Z");
        byte[] key = ("AWS4" + keys.secretKey()).getBytes(StandardCharsets.UTF_8);
        for (String step : new String[] {DAY, "us-east-1", "s3", "aws4_request"}) {
            key = hmac(key, step);
        }
        fields.put("x-amz-signature", HexFormat.of().formatHex(hmac(key, fields.getOrDefault("policy", ""))));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final String SIGNED = ",[\"starts-with\",\"$x-amz-algorithm\",\"\"],"
            + "[\"starts-with\",\"$x-amz-credential\",\"\"],[\"starts-with\",\"$x-amz-date\",\"\"]";
    private static final String FITTING =
            "{\"bucket\":\"bucket\"},[\"starts-with\",\"$key\",\"folder/\"],[\"content-length-range\",5,100]" + SIGNED;

    @Test
    void fileBecomesAnObjectWithWhatTheFieldsSayOfIt() {
        fields.put("Content-Type", "text/plain");
        fields.put("x-amz-meta-who", "Zoë 中");
        fields.put("tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>");
        Answer answer = post(open).hasStatus(204);
        assertThat(answer.header("ETag")).matches("\"[0-9a-f]{32}\"");
        assertThat(answer.header("Location")).isEqualTo("http://localhost:8080/bucket/folder%2Fphoto.jpg");
        Answer object = open.get("/bucket/folder/photo.jpg").hasStatus(200);
        assertThat(object.body()).isEqualTo(content);
        assertThat(object.header("Content-Type")).isEqualTo("text/plain");
        assertThat(object.header("x-amz-meta-who")).startsWith("=?UTF-8?B?");
        assertThat(open.get("/bucket/folder/photo.jpg?tagging").elements("Key")).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 30, 38, 39, 40, 41, 64, 200, 1000})
    void formsComeInPiecesOfAnySize(int bytes) {
        piece = bytes;
        content = "\r\n-\r\n--\r\n------WebKitForm\r\n------WebKitFormBoundary7MA4YWxkTrZu0gX\r\r\n" + "x".repeat(300)
                + "\r";
        post(open).hasStatus(204);
        assertThat(open.get("/bucket/folder/photo.jpg").body()).isEqualTo(content);
        content = "";
        post(open).hasStatus(204);
        assertThat(open.get("/bucket/folder/photo.jpg").body()).isEmpty();
    }

    @Test
    void clientSaysHowItIsAnswered() {
        fields.put("success_action_status", "201");
        Answer created = post(open).hasStatus(201);
        assertThat(created.element("Bucket")).isEqualTo("bucket");
        assertThat(created.element("Key")).isEqualTo("folder/photo.jpg");
        fields.put("success_action_status", "200");
        post(open).hasStatus(200);
        fields.put("success_action_status", "404");
        post(open).hasStatus(204);
        fields.put("success_action_redirect", "http://page.example/done?a=b");
        Answer redirected = post(open).hasStatus(303);
        assertThat(redirected.header("Location"))
                .startsWith("http://page.example/done?a=b&bucket=bucket&key=folder%2Fphoto.jpg&etag=%22");
        fields.put("success_action_redirect", "javascript:alert(1)");
        post(open).hasStatus(204);
    }

    @Test
    void signedPolicyAdmitsWhatItAllows() {
        policy(FITTING);
        sign(ROOT);
        post(closed).hasStatus(204);
        assertThat(open.get("/bucket/folder/photo.jpg").body()).isEqualTo(content);
    }

    @Test
    void nothingIsAdmittedWithoutARightSignature() {
        post(closed).isError(403, "AccessDenied");
        policy(FITTING);
        post(closed).isError(400, "InvalidArgument");
        sign(new Credentials("ROOTKEY", "wrong"));
        post(closed).isError(403, "SignatureDoesNotMatch");
        sign(new Credentials("NOBODY", "rootsecret"));
        post(closed).isError(403, "InvalidAccessKeyId");
        sign(ROOT);
        policy(FITTING + ",{\"x\":\"y\"}");
        post(closed).isError(403, "SignatureDoesNotMatch");
        sign(ROOT);
        fields.put("x-amz-date", "20010101T000000Z");
        post(closed).isError(400, "AuthorizationQueryParametersError");
        sign(ROOT);
        fields.remove("policy");
        post(closed).isError(400, "InvalidArgument");
        fields.remove("x-amz-signature");
        fields.put("policy", "e30=");
        fields.put("signature", "old");
        post(closed).isError(400, "InvalidRequest");
        open.get("/bucket/folder/photo.jpg").isError(404, "NoSuchKey");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    {"bucket":"other"} | 403 | AccessDenied
                    {"bucket":"bucket"},["eq","$key","folder/photo.jpg"] | 204 | -
                    {"bucket":"bucket"},{"KEY":"folder/photo.jpg"} | 204 | -
                    {"bucket":"bucket"},["eq","$key","folder/other"] | 403 | AccessDenied
                    {"bucket":"bucket"} | 403 | AccessDenied
                    ["starts-with","$key",""] | 403 | AccessDenied
                    {"bucket":"bucket"},["starts-with","$key",""],["eq","$Content-Type","text/plain"] | 403 | AccessDenied
                    {"bucket":"bucket"},["starts-with","$key",""],["content-length-range",0,10] | 400 | EntityTooLarge
                    {"bucket":"bucket"},["starts-with","$key",""],["content-length-range",1000,2000] | 400 | EntityTooSmall
                    {"bucket":"bucket"},["starts-with","$key",""],["content-length-range",-1,0] | 400 | InvalidPolicyDocument
                    {"bucket":"bucket"},["starts-with","$key",""],["content-length-range",0] | 400 | InvalidPolicyDocument
                    {"bucket":"bucket"},["ends-with","$key",""] | 400 | InvalidPolicyDocument
                    {"bucket":"bucket"},["starts-with","key",""] | 400 | InvalidPolicyDocument
                    {} | 400 | InvalidPolicyDocument
                    """)
    void policyBindsTheForm(String conditions, int status, @Nullable String code) {
        policy(conditions);
        Answer answer = post(open);
        if (code == null) {
            answer.hasStatus(status);
        } else {
            answer.isError(status, code);
            open.get("/bucket/folder/photo.jpg").isError(404, "NoSuchKey");
        }
    }

    @Test
    void policyEnds() {
        policy(InMemoryCluster.NOW.toString(), "{\"bucket\":\"bucket\"},[\"starts-with\",\"$key\",\"\"]");
        assertThat(post(open).isError(403, "AccessDenied").element("Message")).contains("Policy expired");
        policy("tomorrow", "{\"bucket\":\"bucket\"}");
        post(open).isError(400, "InvalidPolicyDocument");
        for (String text : new String[] {"{}", "{\"expiration\":\"" + LATER + "\"}", "[]", "{", "null"}) {
            fields.put("policy", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
            post(open).isError(400, "InvalidPolicyDocument");
        }
    }

    @Test
    void brokenFormsAreRefusedAndLeaveNothing() {
        String form = form();
        for (int cut : new int[] {0, 10, 60, 120, form.length() - 60, form.length() - 42}) {
            Answer answer = post(open, form.substring(0, cut));
            assertThat(answer.status()).as("cut at %s", cut).isEqualTo(400);
            assertThat(answer.element("Code")).isIn("MalformedPOSTRequest", "IncompleteBody");
        }
        post(open, form.replace("name=\"file\"", "name=\"other\"")).isError(400, "InvalidArgument");
        post(open, form.replace("name=\"file\"", "name=\"\"")).isError(400, "MalformedPOSTRequest");
        post(open, form.replace("Content-Disposition", "X-Other")).isError(400, "MalformedPOSTRequest");
        fields.remove("key");
        post(open).isError(400, "InvalidArgument");
        fields.put("key", "k".repeat(1025));
        post(open).isError(400, "KeyTooLongError");
        fields.put("key", "folder/photo.jpg");
        fields.put("x-ignore-much", "x".repeat(70_000));
        post(open).isError(400, "MaxPostPreDataLengthExceeded");
        fields.remove("x-ignore-much");
        fields.put("acl", "nonsense");
        post(open).isError(400, "InvalidArgument");
        fields.remove("acl");
        fields.put("x-amz-checksum-crc32", "AAAAAA==");
        post(open).isError(400, "BadDigest");
        fields.remove("x-amz-checksum-crc32");
        fields.put("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==");
        post(open).isError(400, "BadDigest");
        open.get("/bucket/folder/photo.jpg").isError(404, "NoSuchKey");
        open.delete("/bucket").hasStatus(204);
        post(open, form).isError(404, "NoSuchBucket");
    }

    /// Bytes that come so many at a time, each time in the same memory.
    private static final class Pieces implements Body {
        private final ByteBuffer all;
        private final byte[] memory;

        private Pieces(byte[] bytes, int piece) {
            this.all = ByteBuffer.wrap(bytes);
            this.memory = new byte[piece];
        }

        @Override
        public long length() {
            return all.capacity();
        }

        @Override
        public @Nullable ByteBuffer next() {
            if (!all.hasRemaining()) {
                return null;
            }
            int count = Math.min(memory.length, all.remaining());
            all.get(memory, 0, count);
            return ByteBuffer.wrap(memory, 0, count);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
