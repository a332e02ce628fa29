package io.forebay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Command;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.TestCluster.Answer;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.Identity;
import io.forebay.gateway.auth.OpenAuthorizer;
import io.forebay.gateway.auth.UserToken;
import io.forebay.protocol.api.RedirectSignature;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.PayloadForm;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class GatewayTest {
    private static final Credentials ROOT = new Credentials("root", "secret-of-root");
    private static final RedirectSignature SIGNATURE = new RedirectSignature("cluster secret");

    @Test
    void aistoreIsBelowV1AndS3IsTheRest() {
        TestCluster cluster = TestCluster.local("t1").bucket("bucket", Map.of());
        assertThat(cluster.call(Method.GET, "/v1/daemon?what=smap").text()).startsWith("{\"pmap\"");
        assertThat(cluster.call(Method.GET, "/v1").headers().find("Content-Type"))
                .isEqualTo("application/json");
        for (String target : new String[] {"/", "/s3", "/s3/", "/s3?max-buckets=7"}) {
            assertThat(cluster.call(Method.GET, target).text()).as(target).contains("<Name>bucket</Name>");
        }
        assertThat(cluster.call(Method.GET, "/v1x").text()).contains("NoSuchBucket");
        assertThat(cluster.call(Method.GET, "/s3x").text()).contains("NoSuchBucket");
    }

    @Test
    void bothFacesSeeTheSameObjects() {
        TestCluster cluster = TestCluster.local("t1", "t2", "t3").bucket("bucket", Map.of());
        assertThat(cluster.call(Method.PUT, "/v1/objects/bucket/a%20b", "from aistore")
                        .status())
                .isEqualTo(200);
        assertThat(cluster.call(Method.GET, "/bucket/a%20b").text()).isEqualTo("from aistore");
        assertThat(cluster.call(Method.GET, "/s3/bucket/a%20b").text()).isEqualTo("from aistore");
        assertThat(cluster.call(Method.PUT, "/bucket/c", new Headers().add("Content-Length", 7), "from s3")
                        .status())
                .isEqualTo(200);
        assertThat(cluster.call(Method.GET, "/v1/objects/bucket/c").text()).isEqualTo("from s3");
    }

    @Test
    void signaturesBelowS3AreCheckedAgainstWhatTheClientSigned() {
        List<String> identified = new CopyOnWriteArrayList<>();
        TestCluster cluster = new TestCluster(
                Set.of("t1"),
                (request, query) -> {
                    identified.add(request.target());
                    return new Identity.Known(Caller.ROOT, PayloadForm.ABSENT, null);
                },
                null,
                "t1");
        cluster.call(Method.GET, "/s3/bucket/a%20b?versionId=null");
        cluster.call(Method.GET, "/bucket/c");
        assertThat(identified).containsExactly("/s3/bucket/a%20b?versionId=null", "/bucket/c");
    }

    @Test
    void smallReadsPassOnTheEventLoopAndWritesDoNot() {
        TestCluster cluster = TestCluster.local("t1").bucket("bucket", Map.of());
        cluster.call(Method.PUT, "/v1/objects/bucket/o", "x");
        assertThat(cluster.call(onEventLoop(Method.GET, "/v1/objects/bucket/o")).status())
                .isEqualTo(200);
        assertThat(cluster.call(onEventLoop(Method.HEAD, "/v1/objects/bucket/o"))
                        .status())
                .isEqualTo(200);
        assertThat(cluster.call(onEventLoop(Method.HEAD, "/v1/buckets/bucket")).status())
                .isEqualTo(200);
        assertThat(cluster.call(onEventLoop(Method.GET, "/v1/daemon?what=smap")).status())
                .isEqualTo(200);
        assertThat(cluster.call(onEventLoop(Method.GET, "/v1/health")).status()).isEqualTo(200);
        for (String target : new String[] {"/v1/buckets", "/v1/buckets/bucket", "/v1/cluster?what=sysinfo"}) {
            assertThat(cluster.call(onEventLoop(Method.GET, target)).status())
                    .as(target)
                    .isZero();
        }
        assertThat(cluster.call(onEventLoop(Method.DELETE, "/v1/buckets/bucket"))
                        .status())
                .isZero();
        assertThat(cluster.call(onEventLoop(Method.POST, "/v1/objects/bucket/o"))
                        .status())
                .isZero();
    }

    @Test
    void withAuthenticationOnlyHealthIsOpen() {
        TestCluster cluster = authenticating(Set.of("t1"));
        cluster.bucket("bucket", Map.of());
        assertThat(cluster.call(Method.GET, "/v1/health").status()).isEqualTo(200);
        for (String target : new String[] {"/v1/daemon?what=smap", "/v1/buckets", "/v1/objects/bucket/o"}) {
            Answer refused = cluster.call(Method.GET, target);
            assertThat(refused.status()).as(target).isEqualTo(401);
            assertThat(refused.text()).contains("\"status\":401");
        }
        Headers wrong = new Headers().add("Authorization", "Bearer nonsense");
        assertThat(cluster.call(Method.GET, "/v1/daemon?what=smap", wrong, "").status())
                .isEqualTo(401);
        assertThat(cluster.call(Method.GET, "/v1/daemon?what=smap", token(), "").status())
                .isEqualTo(200);
        assertThat(cluster.call(Method.PUT, "/v1/objects/bucket/o", token(), "x")
                        .status())
                .isEqualTo(200);
        assertThat(cluster.call(Method.GET, "/v1/cluster?what=cluster_config", token(), "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void redirectsOfAdmittedCallersAreSigned() {
        TestCluster cluster = authenticating(Set.of());
        cluster.bucket("bucket", Map.of());
        Answer answer = cluster.call(Method.PUT, "/v1/objects/bucket/a%2Fb?provider=ais", token(), "");
        assertThat(answer.status()).isEqualTo(307);
        String location = answer.headers().find("Location", "");
        Query query = Query.parse(location.substring(location.indexOf('?') + 1));
        ObjectKey key = new ObjectKey(BucketName.of("bucket"), "a/b");
        long now = TestCluster.NOW.toEpochMilli();
        assertThat(SIGNATURE.admits(Method.PUT, key, query, now)).isTrue();
        assertThat(SIGNATURE.admits(Method.GET, key, query, now)).isFalse();
        assertThat(SIGNATURE.admits(
                        Method.PUT, key, query, now + Duration.ofHours(1).toMillis()))
                .isFalse();
    }

    @Test
    void withAuthenticationABucketsAccessHoldsForReadsToo() {
        TestCluster cluster = authenticating(Set.of("t1"));
        cluster.bucket("bucket", Map.of("access", "4"));
        assertThat(cluster.call(Method.PUT, "/v1/objects/bucket/o", token(), "x")
                        .status())
                .isEqualTo(200);
        assertThat(cluster.call(Method.GET, "/v1/objects/bucket/o", token(), "").status())
                .isEqualTo(403);
        String open = "{\"action\":\"set-bprops\",\"value\":{\"access\":\"18446744073709551615\"}}";
        assertThat(cluster.call(Method.PATCH, "/v1/buckets/bucket", token(), open)
                        .status())
                .isEqualTo(200);
        assertThat(cluster.call(Method.GET, "/v1/objects/bucket/o", token(), "").status())
                .isEqualTo(200);
    }

    @Test
    void usersComeToTheirOwnOverAistoreToo() {
        TestCluster cluster = TestCluster.authenticating(ROOT, "t1");
        Headers alice = bearer(TestUsers.add(cluster.commands(), "alice", false));
        Headers bob = bearer(TestUsers.add(cluster.commands(), "bob", false));
        Headers carol = bearer(TestUsers.add(cluster.commands(), "carol", true));
        String create = "{\"action\":\"create-bck\"}";
        assertThat(cluster.call(Method.POST, "/v1/buckets/hers", alice, create).status())
                .isEqualTo(200);
        assertThat(cluster.call(Method.PUT, "/v1/objects/hers/o", alice, "x").status())
                .isEqualTo(200);
        for (Headers may : List.of(alice, carol, token())) {
            assertThat(cluster.call(Method.HEAD, "/v1/objects/hers/o", may, "").status())
                    .isEqualTo(200);
            assertThat(cluster.call(Method.GET, "/v1/buckets", may, "").text()).contains("\"hers\"");
        }
        assertThat(cluster.call(Method.GET, "/v1/buckets", bob, "").text()).isEqualTo("[]\n");
        for (String line : List.of(
                "GET /v1/objects/hers/o",
                "HEAD /v1/objects/hers/o",
                "PUT /v1/objects/hers/o",
                "DELETE /v1/objects/hers/o",
                "PATCH /v1/objects/hers/o",
                "GET /v1/buckets/hers",
                "HEAD /v1/buckets/hers",
                "GET /v1/daemon?what=smap",
                "PUT /v1/cluster?action=shutdown")) {
            int blank = line.indexOf(' ');
            Method method = Method.valueOf(line.substring(0, blank));
            assertThat(cluster.call(method, line.substring(blank + 1), bob, "").status())
                    .as(line)
                    .isEqualTo(403);
        }
        for (String action : List.of("destroy-bck", "set-bprops", "make-n-copies")) {
            Method method =
                    action.startsWith("d") ? Method.DELETE : action.startsWith("s") ? Method.PATCH : Method.POST;
            String message = "{\"action\":\"" + action + "\"}";
            assertThat(cluster.call(method, "/v1/buckets/hers", bob, message).status())
                    .as(action)
                    .isEqualTo(403);
        }
        assertThat(cluster.call(Method.GET, "/v1/daemon?what=smap", carol, "").status())
                .isEqualTo(200);
        assertThat(cluster.call(Method.DELETE, "/v1/objects/hers/o", alice, "").status())
                .isEqualTo(200);
    }

    @Test
    void policiesHoldOverAistoreToo() {
        TestCluster cluster = TestCluster.authenticating(ROOT, "t1");
        Headers alice = bearer(TestUsers.add(cluster.commands(), "alice", false));
        Headers bob = bearer(TestUsers.add(cluster.commands(), "bob", false));
        cluster.call(Method.POST, "/v1/buckets/hers", alice, "{\"action\":\"create-bck\"}");
        cluster.call(Method.PUT, "/v1/objects/hers/o", alice, "x");
        cluster.call(Method.PUT, "/v1/objects/hers/closed", alice, "x");
        String policy = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"bob\"},"
                + "\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::hers/*\"},"
                + "{\"Effect\":\"Deny\",\"Principal\":\"*\","
                + "\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::hers/closed\"}]}";
        for (String ownership : List.of("BucketOwnerEnforced", "ObjectWriter")) {
            cluster.commands()
                    .submit(new Command.SetBucketProperties(
                            BucketName.of("hers"), Map.of("s3.policy", policy, "s3.ownershipControls", ownership)));
            assertThat(cluster.call(Method.GET, "/v1/objects/hers/o", bob, "").text())
                    .as(ownership)
                    .isEqualTo("x");
            for (String line : List.of("PUT /v1/objects/hers/o", "DELETE /v1/objects/hers/o", "GET /v1/buckets/hers")) {
                int blank = line.indexOf(' ');
                Method method = Method.valueOf(line.substring(0, blank));
                assertThat(cluster.call(method, line.substring(blank + 1), bob, "")
                                .status())
                        .as(line)
                        .isEqualTo(403);
            }
            for (Headers caller : List.of(alice, bob)) {
                assertThat(cluster.call(Method.GET, "/v1/objects/hers/closed", caller, "")
                                .status())
                        .isEqualTo(403);
            }
            assertThat(cluster.call(Method.GET, "/v1/objects/hers/o", alice, "").status())
                    .isEqualTo(200);
        }
    }

    private static Headers bearer(Credentials keys) {
        return new Headers().add("Authorization", "Bearer " + UserToken.of(keys));
    }

    @Test
    void bugIsAnsweredAndCounted() {
        TestCluster cluster = new TestCluster(
                Set.of(),
                (request, query) -> {
                    throw new IllegalStateException("broken");
                },
                null,
                "t1");
        Answer answer = cluster.call(Method.GET, "/v1/daemon?what=smap");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text()).contains("\"status\":500").doesNotContain("broken");
        assertThat(cluster.metrics().text())
                .contains("forebay_gateway_failures_total{api=\"ais\",code=\"INTERNAL\"} 1");
    }

    @Test
    void startingGatewayAnswersBare503() {
        TestCluster cluster = TestCluster.local("t1");
        cluster.commands().submit(new Command.Leave(TestCluster.GATEWAY));
        assertThat(cluster.call(Method.GET, "/v1/health").status()).isEqualTo(503);
        assertThat(cluster.call(Method.GET, "/v1/daemon?what=smap").status()).isEqualTo(503);
        assertThat(cluster.call(Method.GET, "/v1/daemon?what=smap").text()).isEmpty();
    }

    @Test
    void openGatewayIsNotFooledByCredentials() {
        TestCluster cluster = new TestCluster(Set.of("t1"), new OpenAuthorizer(), null, "t1");
        Headers wrong = new Headers().add("Authorization", "Bearer nonsense");
        assertThat(cluster.call(Method.GET, "/v1/daemon?what=smap", wrong, "").status())
                .isEqualTo(200);
    }

    private static TestCluster authenticating(Set<String> local) {
        return new TestCluster(local, TestUsers.root(ROOT, InstantSource.fixed(TestCluster.NOW)), SIGNATURE, "t1");
    }

    private static Headers token() {
        return new Headers().add("Authorization", "Bearer " + UserToken.ofRoot(ROOT));
    }

    private static DirectExchange onEventLoop(Method method, String target) {
        return new DirectExchange(
                new Request(method, target, new Headers()),
                Body.empty(),
                false,
                InetSocketAddress.createUnresolved("client", 1),
                false,
                "id");
    }
}
