package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Command;
import io.forebay.common.metrics.Metrics;
import io.forebay.gateway.InMemoryCluster;
import io.forebay.gateway.TestUsers;
import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.gateway.auth.Account;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two users, an administrator, root and nobody, at buckets of the first.
final class S3UsersTest {
    private static final InstantSource CLOCK = InstantSource.fixed(InMemoryCluster.NOW);
    private static final Credentials ROOT = new Credentials("ROOTKEY", "rootsecret");

    private final InMemoryCluster cluster = new InMemoryCluster(1);
    private final Metrics metrics = new Metrics();
    private final S3Client s3 = new S3Client(cluster, TestUsers.of(ROOT, cluster.state(), CLOCK, metrics), "us-east-1");
    private final Credentials alice = TestUsers.add(cluster.commands(), "alice", false);
    private final Credentials bob = TestUsers.add(cluster.commands(), "bob", false);
    private final Credentials carol = TestUsers.add(cluster.commands(), "carol", true);

    @BeforeEach
    void fill() {
        as(alice, Method.PUT, "/hers", "").hasStatus(200);
        as(alice, Method.PUT, "/hers/k", "x").hasStatus(200);
        as(bob, Method.PUT, "/his", "").hasStatus(200);
    }

    private Answer as(Credentials keys, Method method, String target, String body, String... lines) {
        Headers headers = new Headers().add("Host", "localhost:8080").add("Content-Length", body.length());
        for (int index = 0; index < lines.length; index += 2) {
            headers.add(lines[index], lines[index + 1]);
        }
        Request request = new Request(method, target, headers);
        new SigV4Signer(keys, "anywhere", CLOCK).sign(request, "UNSIGNED-PAYLOAD");
        return s3.call(request, MemoryBody.of(body.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String canonical(String name) {
        return Account.of("id-" + name, name).canonicalId();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /hers
            GET    | /hers?list-type=2
            GET    | /hers?versions
            GET    | /hers?uploads
            GET    | /hers?location
            GET    | /hers?acl
            GET    | /hers?policy
            GET    | /hers?policyStatus
            GET    | /hers?cors
            GET    | /hers?tagging
            GET    | /hers?versioning
            GET    | /hers?lifecycle
            GET    | /hers?encryption
            GET    | /hers?object-lock
            GET    | /hers?publicAccessBlock
            GET    | /hers?ownershipControls
            GET    | /hers?logging
            GET    | /hers?notification
            GET    | /hers?replication
            GET    | /hers?website
            GET    | /hers?accelerate
            GET    | /hers?requestPayment
            GET    | /hers?analytics
            GET    | /hers?inventory
            GET    | /hers?metrics
            GET    | /hers?intelligent-tiering
            PUT    | /hers?cors
            PUT    | /hers?lifecycle
            DELETE | /hers?lifecycle
            PUT    | /hers?tagging
            PUT    | /hers?acl
            DELETE | /hers?cors
            DELETE | /hers?policy
            DELETE | /hers?website
            DELETE | /hers
            GET    | /hers/k
            GET    | /hers/none
            GET    | /hers/k?acl
            GET    | /hers/k?attributes
            GET    | /hers/k?tagging
            GET    | /hers/k?retention
            GET    | /hers/k?legal-hold
            GET    | /hers/k?uploadId=x
            PUT    | /hers/k
            PUT    | /hers/k?acl
            PUT    | /hers/k?tagging
            PUT    | /hers/k?renameObject
            PUT    | /hers/k?partNumber=1&uploadId=x
            DELETE | /hers/k
            DELETE | /hers/none
            DELETE | /hers/k?tagging
            DELETE | /hers/k?uploadId=x
            POST   | /hers/k?uploads
            POST   | /hers/k?uploadId=x
            """)
    void othersMayDoNothing(Method method, String target) {
        as(bob, method, target, "").isError(403, "AccessDenied");
        s3.call(method, target, "").isError(403, "AccessDenied");
        assertThat(as(alice, method, target, "").element("Code")).isNotEqualTo("AccessDenied");
    }

    @Test
    void ownersAndAdministratorsMayDoEverything() {
        for (Credentials keys : new Credentials[] {alice, carol, ROOT}) {
            assertThat(as(keys, Method.GET, "/hers/k", "").hasStatus(200).body())
                    .isEqualTo("x");
            as(keys, Method.PUT, "/hers/k2", "y").hasStatus(200);
            as(keys, Method.DELETE, "/hers/k2", "").hasStatus(204);
            assertThat(as(keys, Method.GET, "/hers", "").elements("Key")).isEqualTo("k");
            as(keys, Method.HEAD, "/hers", "").hasStatus(200);
        }
        as(bob, Method.HEAD, "/hers", "").hasStatus(403);
        as(bob, Method.HEAD, "/hers/k", "").hasStatus(403);
    }

    /// Who may create buckets learns which names are free.
    @Test
    void bucketsThatAreNotThereAreNoSecret() {
        as(bob, Method.GET, "/missing", "").isError(404, "NoSuchBucket");
        as(bob, Method.GET, "/missing/k", "").isError(404, "NoSuchBucket");
        s3.get("/missing").isError(404, "NoSuchBucket");
    }

    @Test
    void everyUserSeesTheirBuckets() {
        assertThat(as(alice, Method.GET, "/", "").elements("Name")).isEqualTo("hers");
        assertThat(as(bob, Method.GET, "/", "").elements("Name")).isEqualTo("his");
        assertThat(as(carol, Method.GET, "/", "").elements("Name")).isEqualTo("hers,his");
        assertThat(as(ROOT, Method.GET, "/", "").elements("Name")).isEqualTo("hers,his");
        assertThat(as(alice, Method.GET, "/", "").element("ID")).isEqualTo(canonical("alice"));
    }

    @Test
    void namesOfBucketsAreTakenOnce() {
        as(alice, Method.PUT, "/hers", "").hasStatus(200);
        as(bob, Method.PUT, "/hers", "").isError(409, "BucketAlreadyExists");
        as(carol, Method.PUT, "/hers", "").isError(409, "BucketAlreadyExists");
        S3Client elsewhere = new S3Client(cluster, TestUsers.of(ROOT, cluster.state(), CLOCK, metrics), "eu-central-1");
        String target = new SigV4Signer(alice, "eu-central-1", CLOCK)
                .presign(Method.PUT, "localhost:8080", "/hers", Duration.ofMinutes(1));
        elsewhere.put(target, "").hasStatus(200);
    }

    @Test
    void ownersAreShownAsTheyAre() {
        String hers = canonical("alice");
        for (Credentials keys : new Credentials[] {alice, carol, ROOT}) {
            assertThat(as(keys, Method.GET, "/hers?acl", "").elements("ID")).isEqualTo(hers + "," + hers);
            assertThat(as(keys, Method.GET, "/hers/k?acl", "").elements("DisplayName"))
                    .isEqualTo("alice,alice");
            assertThat(as(keys, Method.GET, "/hers", "").element("ID")).isEqualTo(hers);
            assertThat(as(keys, Method.GET, "/hers?list-type=2", "").element("ID"))
                    .isEmpty();
            assertThat(as(keys, Method.GET, "/hers?list-type=2&fetch-owner=true", "")
                            .element("DisplayName"))
                    .isEqualTo("alice");
            assertThat(as(keys, Method.GET, "/hers?versions", "").element("ID")).isEqualTo(hers);
        }
        String id = as(carol, Method.POST, "/hers/big?uploads", "").element("UploadId");
        assertThat(as(carol, Method.GET, "/hers/big?uploadId=" + id, "").elements("ID"))
                .isEqualTo(hers + "," + hers);
        assertThat(as(carol, Method.GET, "/hers?uploads", "").elements("ID")).isEqualTo(hers + "," + hers);
    }

    @Test
    void expectedOwnersAreHeldTo() {
        String expected = "x-amz-expected-bucket-owner";
        as(alice, Method.GET, "/hers/k", "", expected, canonical("alice")).hasStatus(200);
        as(alice, Method.GET, "/hers/k", "", expected, "alice").hasStatus(200);
        as(alice, Method.GET, "/hers/k", "", expected, canonical("bob")).isError(403, "AccessDenied");
        as(
                        carol,
                        Method.PUT,
                        "/his/k",
                        "",
                        "x-amz-copy-source",
                        "hers/k",
                        "x-amz-source-expected-bucket-owner",
                        canonical("bob"))
                .isError(403, "AccessDenied");
    }

    @Test
    void copiesNeedTheRightToReadTheirSource() {
        as(bob, Method.PUT, "/his/k", "", "x-amz-copy-source", "hers/k").isError(403, "AccessDenied");
        as(alice, Method.PUT, "/his/k", "", "x-amz-copy-source", "hers/k").isError(403, "AccessDenied");
        String id = as(bob, Method.POST, "/his/big?uploads", "").element("UploadId");
        as(bob, Method.PUT, "/his/big?partNumber=1&uploadId=" + id, "", "x-amz-copy-source", "hers/k")
                .isError(403, "AccessDenied");
        as(carol, Method.PUT, "/his/k", "", "x-amz-copy-source", "hers/k").hasStatus(200);
        assertThat(as(bob, Method.GET, "/his/k", "").body()).isEqualTo("x");
    }

    @Test
    void eachKeyOfManyIsLookedAtAlone() {
        String keys = "<Delete><Object><Key>k</Key></Object><Object><Key>none</Key></Object></Delete>";
        Answer refused = as(bob, Method.POST, "/hers?delete", keys).hasStatus(200);
        assertThat(refused.elements("Code")).isEqualTo("AccessDenied,AccessDenied");
        s3.post("/hers?delete", keys).isError(403, "AccessDenied");
        s3.post("/hers?delete", "nonsense").isError(403, "AccessDenied");
        as(alice, Method.GET, "/hers/k", "").hasStatus(200);
        assertThat(as(alice, Method.POST, "/hers?delete", keys).elements("Key")).isEqualTo("k,none");
        as(alice, Method.GET, "/hers/k", "").isError(404, "NoSuchKey");
    }

    @Test
    void disabledAndRemovedUsersAreUnknown() {
        cluster.commands().submit(new Command.EnableUser("alice", false));
        as(alice, Method.GET, "/hers/k", "").isError(403, "InvalidAccessKeyId");
        cluster.commands().submit(new Command.EnableUser("alice", true));
        as(alice, Method.GET, "/hers/k", "").hasStatus(200);
        cluster.commands().submit(new Command.RemoveUser("alice", true));
        as(alice, Method.GET, "/hers/k", "").isError(403, "InvalidAccessKeyId");
        assertThat(as(ROOT, Method.GET, "/hers?acl", "").element("ID")).isEqualTo(Account.ROOT.canonicalId());
    }

    /// A new secret under the same key is a new signature, at once.
    @Test
    void keysThatWereRotatedAwayAreRefused() {
        Credentials next = new Credentials("NEXTKEY", "the next secret");
        cluster.commands().submit(new Command.AddUserKey("alice", TestUsers.KEYS.sealed(next, "id-alice", 2), 1));
        as(alice, Method.GET, "/hers/k", "").hasStatus(200);
        as(next, Method.GET, "/hers/k", "").hasStatus(200);
        Credentials last = new Credentials("LASTKEY", "the last secret");
        cluster.commands().submit(new Command.AddUserKey("alice", TestUsers.KEYS.sealed(last, "id-alice", 3), 0));
        as(next, Method.GET, "/hers/k", "").isError(403, "InvalidAccessKeyId");
        as(last, Method.GET, "/hers/k", "").hasStatus(200);
        as(new Credentials("LASTKEY", "another secret"), Method.GET, "/hers/k", "")
                .isError(403, "SignatureDoesNotMatch");
    }

    @Test
    void refusalsAreCounted() {
        as(new Credentials("NOBODY", "x"), Method.GET, "/", "").isError(403, "InvalidAccessKeyId");
        assertThat(metrics.text()).contains("forebay_auth_refused_total{reason=\"UNKNOWN_KEY\"} 1");
    }
}
