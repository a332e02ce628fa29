package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.InMemoryCluster;
import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.gateway.auth.OpenAuthorizer;
import io.forebay.protocol.http.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class S3BucketsTest {
    private final S3Client s3 = new S3Client();

    @Test
    void bucketLivesFromCreateToDelete() {
        assertThat(s3.put("/bucket", "").hasStatus(200).header("Location")).isEqualTo("/bucket");
        s3.put("/bucket/", "").hasStatus(200);
        Answer head = s3.head("/bucket").hasStatus(200);
        assertThat(head.header("x-amz-bucket-region")).isEqualTo("eu-central-1");
        assertThat(s3.get("/").elements("Name")).isEqualTo("bucket");
        s3.put("/bucket/k", "x");
        s3.delete("/bucket").isError(409, "BucketNotEmpty");
        s3.put("/bucket/k2", "x").hasStatus(200);
        s3.delete("/bucket/k");
        s3.delete("/bucket/k2");
        s3.delete("/bucket").hasStatus(204);
        s3.head("/bucket").hasStatus(404);
        s3.delete("/bucket").isError(404, "NoSuchBucket");
        s3.get("/bucket").isError(404, "NoSuchBucket");
        s3.get("/bucket/k").isError(404, "NoSuchBucket");
    }

    @Test
    void location() {
        s3.put(
                        "/bucket",
                        "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint>"
                                + "</CreateBucketConfiguration>")
                .hasStatus(200);
        assertThat(s3.get("/bucket?location").hasStatus(200).body()).contains(">eu-central-1</LocationConstraint>");
        s3.put(
                        "/other",
                        "<CreateBucketConfiguration><LocationConstraint>mars</LocationConstraint>"
                                + "</CreateBucketConfiguration>")
                .isError(400, "InvalidLocationConstraint");
        s3.put("/other", "<Create").isError(400, "MalformedXML");
        s3.put("/other", "<Other/>").isError(400, "MalformedXML");
        s3.head("/other").hasStatus(404);
        S3Client oldest = new S3Client(new InMemoryCluster(1), new OpenAuthorizer(), "us-east-1");
        oldest.put("/bucket", "").hasStatus(200);
        oldest.put(
                        "/bucket",
                        "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint>"
                                + "</CreateBucketConfiguration>")
                .hasStatus(200);
        assertThat(oldest.get("/bucket?location").body()).contains("></LocationConstraint>");
    }

    @Test
    void bucketsArePaged() {
        for (String name : new String[] {"b-one", "a-one", "b-two", "b-three"}) {
            s3.put("/" + name, "").hasStatus(200);
        }
        Answer first = s3.get("/?max-buckets=2&prefix=b-");
        assertThat(first.elements("Name")).isEqualTo("b-one,b-three");
        Answer second = s3.get("/?max-buckets=2&prefix=b-&continuation-token=" + first.element("ContinuationToken"));
        assertThat(second.elements("Name")).isEqualTo("b-two");
        assertThat(second.element("ContinuationToken")).isEmpty();
        assertThat(s3.get("/?bucket-region=mars").elements("Name")).isEmpty();
        s3.get("/?max-buckets=0").isError(400, "InvalidArgument");
        s3.get("/?continuation-token=%2A").isError(400, "InvalidArgument");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab",
                "Upper",
                "under_score",
                "-dash",
                "dash-",
                "dot.",
                "a..b",
                "a.-b",
                "a-.b",
                "1.2.3.4",
                "xn--bucket",
                "sthree-bucket",
                "bucket-s3alias",
                "bucket--ol-s3",
                "bucket--x-s3",
                "sp%20ace",
                "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg"
            })
    void namesThatNoBucketMayHave(String name) {
        s3.put("/" + name, "").isError(400, "InvalidBucketName");
        assertThat(s3.get("/").elements("Name")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "a.b-c", "0start", "1.2.3.4a", "a--b"})
    void namesThatABucketMayHave(String name) {
        s3.put("/" + name, "").hasStatus(200);
    }

    @ParameterizedTest
    @CsvSource({
        "website, 404, NoSuchWebsiteConfiguration",
        "replication, 404, ReplicationConfigurationNotFoundError",
        "torrent, 501, NotImplemented",
        "session, 501, NotImplemented",
        "metadataTable, 501, NotImplemented",
    })
    void configurationThatIsNotSet(String sub, int status, String code) {
        s3.put("/bucket", "");
        s3.get("/bucket?" + sub).isError(status, code);
        s3.put("/bucket?" + sub, "<Configuration/>").isError(501, "NotImplemented");
        s3.get("/missing?" + sub).isError(status, status == 404 ? "NoSuchBucket" : code);
        assertThat(s3.get("/").elements("Name")).isEqualTo("bucket");
    }

    @Test
    void configurationsThatEveryBucketHas() {
        s3.put("/bucket", "");
        assertThat(s3.get("/bucket?versioning").hasStatus(200).body()).contains("<VersioningConfiguration");
        assertThat(s3.get("/bucket?acl").hasStatus(200).body()).contains("<Permission>FULL_CONTROL</Permission>");
        assertThat(s3.get("/bucket?requestPayment").element("Payer")).isEqualTo("BucketOwner");
        s3.get("/bucket?logging").hasStatus(200);
        s3.get("/bucket?notification").hasStatus(200);
        s3.delete("/bucket?versioning").isError(501, "NotImplemented");
        s3.put("/bucket/k", "x");
        s3.get("/bucket/k?acl").hasStatus(200);
        s3.get("/bucket/k?retention").isError(400, "InvalidRequest");
        s3.get("/bucket/k?torrent").isError(501, "NotImplemented");
        s3.put("/bucket/k?retention", "<Retention/>").isError(400, "InvalidRequest");
        s3.get("/bucket?object-lock").isError(404, "ObjectLockConfigurationNotFoundError");
        s3.post("/bucket/k?restore", "").isError(501, "NotImplemented");
        s3.post("/bucket/k?select&select-type=2", "").isError(501, "NotImplemented");
        s3.get("/bucket/none?acl").isError(404, "NoSuchKey");
        assertThat(s3.get("/bucket/k").body()).isEqualTo("x");
    }

    @Test
    void methodsThatAreNotOffered() {
        s3.put("/", "").isError(405, "MethodNotAllowed");
        s3.put("/bucket", "");
        Answer post = s3.post("/bucket", "x").isError(405, "MethodNotAllowed");
        assertThat(post.header("Allow")).contains("GET");
        s3.post("/bucket", "x", "Content-Type", "multipart/form-data; boundary=a")
                .isError(400, "MalformedPOSTRequest");
        s3.post("/bucket/k", "x").isError(405, "MethodNotAllowed");
        s3.call(Method.PATCH, "/bucket/k", "x").isError(405, "MethodNotAllowed");
        s3.call(Method.OPTIONS, "/bucket/k", null, "Origin", "o", "Access-Control-Request-Method", "GET")
                .isError(403, "AccessForbidden");
    }

    @Test
    void creatingAgainKeepsWhatIsThere() {
        s3.put("/bucket", "");
        s3.put("/bucket/k", "x");
        s3.put("/bucket", "").hasStatus(200);
        assertThat(s3.get("/bucket").elements("Key")).isEqualTo("k");
        s3.put("/bucket", "", "x-amz-acl", "public-read", "x-amz-object-ownership", "ObjectWriter")
                .isError(409, "BucketAlreadyExists");
    }

    @Test
    void versioningAndLocksAreOfOneBucket() {
        s3.put("/bucket", "");
        String lock = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>%s"
                + "</ObjectLockConfiguration>";
        s3.put("/bucket?object-lock", lock.formatted("")).isError(409, "InvalidBucketState");
        s3.put("/bucket?versioning", "<VersioningConfiguration/>")
                .isError(400, "IllegalVersioningConfigurationException");
        s3.put("/bucket?versioning", versioning("Enabled")).hasStatus(200);
        assertThat(s3.get("/bucket?versioning").element("Status")).isEqualTo("Enabled");
        String rule = "<Rule><DefaultRetention><Mode>%s</Mode><%s>%s</%s></DefaultRetention></Rule>";
        s3.put("/bucket?object-lock", lock.formatted(rule.formatted("governance", "Days", "1", "Days")))
                .isError(400, "MalformedXML");
        s3.put("/bucket?object-lock", lock.formatted(rule.formatted("GOVERNANCE", "Days", "0", "Days")))
                .isError(400, "InvalidRetentionPeriod");
        s3.put("/bucket?object-lock", lock.formatted(rule.formatted("GOVERNANCE", "Years", "101", "Years")))
                .isError(400, "InvalidRetentionPeriod");
        s3.put("/bucket?object-lock", lock.formatted(rule.formatted("COMPLIANCE", "Years", "2", "Years")))
                .hasStatus(200);
        assertThat(s3.get("/bucket?object-lock").element("Years")).isEqualTo("2");
        s3.put("/bucket?versioning", versioning("Suspended")).isError(409, "InvalidBucketState");
        s3.delete("/bucket?object-lock").isError(501, "NotImplemented");
        s3.put("/locked", "", "x-amz-bucket-object-lock-enabled", "true").hasStatus(200);
        assertThat(s3.get("/locked?object-lock").element("ObjectLockEnabled")).isEqualTo("Enabled");
        assertThat(s3.get("/locked?versioning").element("Status")).isEqualTo("Enabled");
    }

    private static String versioning(String status) {
        return "<VersioningConfiguration><Status>" + status + "</Status></VersioningConfiguration>";
    }

    @Test
    void everyAnswerHasItsIds() {
        for (Answer answer : new Answer[] {s3.get("/"), s3.get("/missing"), s3.head("/missing"), s3.get("/%FF")}) {
            assertThat(answer.header("x-amz-request-id")).isEqualTo("direct");
            assertThat(answer.header("x-amz-id-2")).isEqualTo("host-id");
        }
        Answer error = s3.get("/missing/k%3C?x=1").isError(404, "NoSuchBucket");
        assertThat(error.element("Resource")).isEqualTo("/missing/k%3C");
        assertThat(error.element("HostId")).isEqualTo("host-id");
    }
}
