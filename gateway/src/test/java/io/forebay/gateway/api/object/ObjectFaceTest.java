package io.forebay.gateway.api.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.NativeNodes;
import io.forebay.gateway.TestCluster;
import io.forebay.gateway.TestCluster.Answer;
import io.forebay.gateway.TestUsers;
import io.forebay.gateway.auth.UserToken;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.RedirectSignature;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectFaceTest {
    private static final String O = "/v1/objects/mybck/obj?provider=ais";

    private final TestCluster local = TestCluster.local("t1", "t2", "t3").bucket("mybck", Map.of());
    private final TestCluster redirecting =
            TestCluster.redirecting("t1", "t2", "t3").bucket("mybck", Map.of());

    @Test
    void localOwnerAnswersInPlace() {
        assertThat(local.call(Method.PUT, O, "some bytes").status()).isEqualTo(200);
        Answer read = local.call(Method.GET, O);
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.text()).isEqualTo("some bytes");
        assertThat(local.call(Method.HEAD, O).status()).isEqualTo(200);
        assertThat(local.call(Method.DELETE, O).status()).isEqualTo(200);
        assertThat(local.call(Method.GET, O).status()).isEqualTo(404);
    }

    /// The first and third worked vectors of the placement reference: both own what the SDK computes.
    @ParameterizedTest
    @CsvSource({"obj,t3,9002", "a,t1,9000", "dir/sub/file.txt,t2,9001"})
    void redirectsToTheNodeThatTheSdkComputes(String name, String owner, int port) {
        Answer answer = redirecting.call(Method.GET, "/v1/objects/mybck/" + name + "?provider=ais");
        assertThat(answer.status()).isEqualTo(301);
        assertThat(answer.headers().find("Location", ""))
                .as("owner is %s", owner)
                .startsWith(
                        "http://127.0.0.1:" + port + "/v1/objects/mybck/" + name + "?provider=ais&pid=gateway1&utm=")
                .contains("&fbver=");
        assertThat(answer.headers().find("Location", "")).doesNotContain(AisQuery.STATE_VERSION + "=0");
        assertThat(redirecting.nodes().requests()).isEmpty();
    }

    @Test
    void redirectKeepsThePathAsItWasSentAndStartsAQuery() {
        Answer answer = redirecting.call(Method.HEAD, "/v1/objects/mybck/a%20b%3F%C3%BC//c");
        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.headers().find("Location", "")).contains("/v1/objects/mybck/a%20b%3F%C3%BC//c?pid=gateway1&");
    }

    @ParameterizedTest
    @CsvSource({"PUT", "HEAD", "DELETE", "PATCH"})
    void allButGetAreRedirectedWithTheirBody(Method method) {
        assertThat(redirecting.call(method, O).status()).isEqualTo(307);
    }

    @ParameterizedTest
    @CsvSource({"check-lock", "mpt-upload", "mpt-complete", "mpt-abort"})
    void actionsOfOneObjectGoToItsOwner(String action) {
        String body = "{\"action\":\"" + action + "\",\"name\":\"\",\"value\":null}";
        assertThat(redirecting.call(Method.POST, O, body).status()).isEqualTo(307);
        assertThat(local.call(Method.POST, O, body).text()).isEqualTo("POST " + body);
    }

    @Test
    void onlyHeadersThatANodeMaySeeReachIt() {
        Headers headers = new Headers()
                .add("Authorization", "Bearer x")
                .add("Content-Type", "application/json")
                .add("range", "bytes=0-1")
                .add("If-Match", "*")
                .add("ais-custom-md", "k=v")
                .add(NodeHeaders.ATTRIBUTES, "1")
                .add("forebay-node-secret", "guess");
        local.call(Method.GET, O, headers, "");
        Headers seen = local.nodes().requests().getFirst().request().headers();
        assertThat(seen.toString().lines())
                .containsExactly("range: bytes=0-1", "If-Match: *", "ais-custom-md: k=v", "Forebay-State-Version: 6");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GET    | /v1/objects/nope/o             | 404 | ErrBckNotFound | bucket \\"ais://nope\\" does not exist
                    GET    | /v1/objects/nope/o?provider=s3 | 404 | ErrRemoteBckNotFound | aws bucket \\"s3://nope\\" does not exist
                    GET    | /v1/objects/mybck/missing      | 404 | ErrNotFound | t[t3]: ais://mybck/missing does not exist
                    DELETE | /v1/objects/mybck/missing      | 404 | - | "ais://mybck/missing doesn't exist"
                    GET    | /v1/objects/mybck              | 400 | - | invalid object name
                    GET    | /v1/objects/mybck/a/../b       | 400 | - | invalid object name \\"a/../b\\"
                    PUT    | /v1/objects/mybck/dir/         | 400 | - | invalid object name \\"dir/\\"
                    GET    | /v1/objects/my%20bck/o         | 400 | - | bucket name \\"my bck\\" is invalid
                    GET    | /v1/objects/mybck/o?provider=x | 400 | - | invalid provider \\"x\\"
                    GET    | /v1/objects/mybck/%zz          | 400 | - | invalid percent-encoding
                    GET    | /v1/objects/mybck/o?provider=ais&etl_name=x | 501 | ErrUnsupp | etl_name=x
                    PUT    | /v1/objects/mybck/o?object_to=junk | 400 | - | invalid object uname \\"junk\\"
                    PUT    | /v1/objects/mybck/o?object_to=ais/@%23/nope/o | 404 | ErrBckNotFound | ais://nope
                    PUT    | /v1/objects/mybck/o?append_type=append&append_handle=x | 400 | - | expecting 4 fields
                    PUT    | /v1/objects/mybck/o?append_type=append&append_handle=t9%7Ca%7Cb%7Cc | 404 | errNodeNotFound | t9
                    POST   | /v1/objects/mybck/o            | 400 | - | unknown object action
                    """)
    void wrongRequestsAreToldAsAistoreDoes(Method method, String target, int status, String type, String message) {
        Answer answer = local.call(method, target);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.headers().find("Content-Type")).isEqualTo("application/json");
        assertThat(answer.text())
                .contains(message)
                .contains("\"method\":\"" + method + "\"")
                .contains("\"status\":" + status + "}\n");
        if (type.equals("-")) {
            assertThat(answer.text()).doesNotContain("tcode");
        } else {
            assertThat(answer.text()).startsWith("{\"tcode\":\"" + type + "\",");
        }
    }

    @Test
    void emptyArchiveParametersAreAbsent() {
        local.call(Method.PUT, O, "x");
        assertThat(local.call(Method.GET, O + "&archpath=&archregx=&etl_name=").status())
                .isEqualTo(200);
    }

    @Test
    void failedHeadHasItsErrorInAHeader() {
        Answer answer = local.call(Method.HEAD, "/v1/objects/nope/o");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).isEmpty();
        assertThat(answer.headers().find(NodeErrors.HEAD_ERROR, ""))
                .contains("\"tcode\":\"ErrBckNotFound\"")
                .contains("\"node\":\"p[gateway1]\"");
    }

    @Test
    void optionsAreAlwaysFine() {
        assertThat(local.call(Method.OPTIONS, O).status()).isEqualTo(200);
        assertThat(local.call(Method.OPTIONS, O).headers().find("Allow"))
                .isEqualTo("DELETE, GET, HEAD, PATCH, POST, PUT");
    }

    /// `obj` belongs to t3 and `a` to t1.
    @Test
    void copyBetweenOwnersIsDoneByTheGatewayWithAllAttributes() {
        local.bucket("other", Map.of());
        Headers custom = new Headers();
        local.call(Method.PUT, O, custom, "some bytes");
        Answer copied = local.call(Method.PUT, O + "&object_to=ais/@%23/mybck/a");
        assertThat(copied.status()).as(copied.text()).isEqualTo(200);
        assertThat(local.nodes().keys(new NodeId("t1"))).contains(TestCluster.key("mybck", "a"));
        assertThat(local.call(Method.GET, "/v1/objects/mybck/a").text()).isEqualTo("some bytes");
        assertThat(local.call(Method.GET, O).text()).isEqualTo("some bytes");
        NativeNodes.Sent put = local.nodes().requests().stream()
                .filter(sent -> sent.request().target().contains("/a"))
                .findFirst()
                .orElseThrow();
        assertThat(put.request().headers().find(NodeHeaders.CHECKSUM, "")).startsWith("xxhash2=");
    }

    @Test
    void copyOfAMissingObjectIsTold() {
        Answer answer = local.call(Method.PUT, O + "&object_to=ais/@%23/mybck/a");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).contains("ais://mybck/obj does not exist");
    }

    @Test
    void copyWithinOneOwnerIsItsOwn() {
        TestCluster single = TestCluster.redirecting("t1").bucket("mybck", Map.of());
        assertThat(single.call(Method.PUT, O + "&object_to=ais/@%23/mybck/a").status())
                .isEqualTo(307);
    }

    /// A redirect's signature covers the method and the object, so whatever else would have to be covered is not
    /// redirected.
    @Test
    void withAuthenticationCopiesAndMessagesAreNotRedirected() {
        Credentials root = new Credentials("ROOTKEY", "rootsecret");
        TestCluster guarded = new TestCluster(
                        Set.of(),
                        TestUsers.root(root, InstantSource.fixed(TestCluster.NOW)),
                        new RedirectSignature("cluster secret"),
                        "t1")
                .bucket("mybck", Map.of());
        Headers token = new Headers().add("Authorization", "Bearer " + UserToken.ofRoot(root));
        assertThat(guarded.call(Method.PUT, O, token, "").status()).isEqualTo(307);
        assertThat(guarded.nodes().requests()).isEmpty();
        assertThat(guarded.call(Method.PUT, O + "&object_to=ais/@%23/mybck/a", token, "")
                        .status())
                .isEqualTo(200);
        String rename = "{\"action\":\"rename-obj\",\"name\":\"a\",\"value\":null}";
        for (String message : new String[] {rename, "{\"action\":\"check-lock\"}"}) {
            assertThat(guarded.call(Method.POST, O, token, message).status()).isEqualTo(200);
        }
        assertThat(guarded.nodes().requests()).hasSize(3);
    }

    @Test
    void renameBetweenOwnersMovesTheObject() {
        local.call(Method.PUT, O, "some bytes");
        String body = "{\"action\":\"rename-obj\",\"name\":\"a\",\"value\":null}";
        assertThat(local.call(Method.POST, O, body).status()).isEqualTo(200);
        assertThat(local.call(Method.GET, "/v1/objects/mybck/a").text()).isEqualTo("some bytes");
        assertThat(local.call(Method.GET, O).status()).isEqualTo(404);
    }

    @Test
    void renameToItselfOrABadNameIsRefused() {
        assertThat(local.call(Method.POST, O, "{\"action\":\"rename-obj\",\"name\":\"obj\"}")
                        .status())
                .isEqualTo(400);
        assertThat(local.call(Method.POST, O, "{\"action\":\"rename-obj\",\"name\":\"x/\"}")
                        .status())
                .isEqualTo(400);
        assertThat(local.call(Method.POST, O, "{\"action\":\"rename-obj\",\"name\":\"\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void actionsWithoutABackendAreRefusedPrecisely() {
        Answer blob = local.call(Method.POST, "/v1/objects/mybck", "{\"action\":\"blob-download\",\"name\":\"o\"}");
        assertThat(blob.status()).isEqualTo(400);
        assertThat(blob.text()).contains("not a remote bucket");
        Answer promote = local.call(Method.POST, "/v1/objects/mybck", "{\"action\":\"promote\",\"name\":\"/x\"}");
        assertThat(promote.status()).isEqualTo(501);
        assertThat(local.call(Method.POST, O, "not json").status()).isEqualTo(400);
    }

    /// `obj` belongs to t3.
    @Test
    void appendGoesOnWhereItBegan() {
        String append = O + "&append_type=append&append_handle=";
        assertThat(redirecting.call(Method.PUT, append + "t3%7Ca%7Cb%7Cc", "x").status())
                .isEqualTo(307);
        redirecting.call(Method.PUT, append + "t1%7Ca%7Cb%7Cc", "x");
        assertThat(redirecting.nodes().requests().getFirst().node()).isEqualTo(new NodeId("t1"));
    }

    /// The SDK sends no body with what it expects to be redirected.
    @Test
    void overTlsRedirectsLeadToHttpsAppendsIncluded() {
        assertThat(redirecting.call(secure(O)).headers().find("Location", "")).startsWith("https://");
        String append = O + "&append_type=append&append_handle=";
        Answer moved = redirecting.call(secure(append + "t1%7Ca%7Cb%7Cc"));
        assertThat(moved.status()).isEqualTo(307);
        assertThat(moved.headers().find("Location", ""))
                .startsWith("https://")
                .contains("append_handle=t1%7Ca%7Cb%7Cc");
        assertThat(moved.headers().find("Location", ""))
                .as("the node of the handle, not the owner")
                .doesNotStartWith(redirecting
                        .call(secure(append))
                        .headers()
                        .find("Location", "")
                        .split("/v1", 2)[0]);
        assertThat(redirecting.nodes().requests()).isEmpty();
    }

    @Test
    void overTlsAPutIsRedirectedOnceEvenToALocalOwner() {
        assertThat(local.call(secure(O)).status()).isEqualTo(307);
        assertThat(local.call(secure(O + "&pid=gateway1&utm=1")).status()).isEqualTo(200);
    }

    @Test
    void bucketsAccessRefusesWritesButNeverReads() {
        local.bucket("ro", Map.of("access", "771"));
        Answer denied = local.call(Method.PUT, "/v1/objects/ro/o", "x");
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.text())
                .contains("bucket ais://ro: PUT access denied (allowed: [GET,HEAD-OBJECT,HEAD-BUCKET,LIST-OBJECTS])");
        assertThat(local.call(Method.DELETE, "/v1/objects/ro/o").status()).isEqualTo(403);
        assertThat(local.call(Method.PUT, "/v1/objects/ro/o?append_type=append", "x")
                        .text())
                .contains("APPEND access");
        assertThat(local.call(Method.PATCH, "/v1/objects/ro/o", "{}").status()).isEqualTo(403);
        local.bucket("wo", Map.of("access", "4"));
        assertThat(local.call(Method.PUT, "/v1/objects/wo/o", "x").status()).isEqualTo(200);
        assertThat(local.call(Method.GET, "/v1/objects/wo/o").status()).isEqualTo(200);
    }

    @Test
    void withoutStorageNodesThereAreNoTargets() {
        for (String id : new String[] {"t1", "t2", "t3"}) {
            local.commands().submit(new Command.SetPhase(new NodeId(id), Node.Phase.OFFLINE));
        }
        long newest = local.state().current().newestEpoch().number();
        local.commands().submit(new Command.Activate(newest));
        Answer answer = local.call(Method.GET, O);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("\"tcode\":\"ErrNoNodes\"").contains("no storage targets");
    }

    private static DirectExchange secure(String target) {
        return new DirectExchange(
                new Request(Method.PUT, target, new Headers()),
                Body.empty(),
                true,
                InetSocketAddress.createUnresolved("client", 1),
                true,
                "id");
    }
}
