package io.forebay.protocol.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Provider;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodeErrorsTest {
    private final NodeErrors errors = new NodeErrors("t[node1]");

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasALineAndSurvivesTheWire(ErrorCode code) {
        assertThat(NodeErrors.lines()).containsKey(code);
        for (Method method : new Method[] {Method.GET, Method.HEAD}) {
            Reply reply = errors.render(new StoreException(code, "text <of> \"ü\" & more"), exchange(method));
            StoreException rebuilt = NodeErrors.read(reply);
            assertThat(rebuilt.code()).isEqualTo(code);
            assertThat(rebuilt.text()).isEqualTo("text <of> \"ü\" & more");
        }
    }

    @Test
    void missingObjectIsToldInAistoresBody() {
        Reply reply = errors.render(errors.noSuchObject(new ObjectKey(BucketName.of("b"), "o")), exchange(Method.GET));
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.headers().find("Content-Type")).isEqualTo("application/json");
        assertThat(reply.headers().find("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.headers().find(NodeHeaders.ERROR)).isEqualTo("NO_SUCH_OBJECT");
        assertThat(text(reply))
                .isEqualTo("{\"tcode\":\"ErrNotFound\",\"message\":\"t[node1]: ais://b/o does not exist\","
                        + "\"method\":\"GET\",\"url_path\":\"/v1/objects/b/a b\","
                        + "\"remote_addr\":\"localhost:0\",\"caller\":\"\",\"node\":\"t[node1]\",\"status\":404}\n");
    }

    @Test
    void headFailureIsOneAsciiHeaderWithoutBody() {
        StoreException failure = errors.noSuchObject(new ObjectKey(BucketName.of("b"), "ü\n"));
        Reply reply = errors.render(failure, exchange(Method.HEAD));
        assertThat(reply.payload().length()).isZero();
        assertThat(reply.headers().find(NodeErrors.HEAD_ERROR, ""))
                .contains("ais://b/\\u00FC\\n does not exist")
                .matches("[ -~]+");
    }

    @Test
    void deleteOfAMissingObjectHasNoErrorType() {
        StoreException failure = NodeErrors.nothingToDelete(new ObjectKey(BucketName.of("b"), "o"));
        assertThat(text(errors.render(failure, exchange(Method.DELETE))))
                .startsWith("{\"message\":\"ais://b/o doesn't exist\"");
    }

    @Test
    void missingBucketIsNamedByItsKind() {
        assertBucket(BucketName.of("b"), "ErrBckNotFound", "bucket \\\"ais://b\\\" does not exist");
        assertBucket(
                new BucketName(Provider.AWS, Namespace.GLOBAL, "b"),
                "ErrRemoteBckNotFound",
                "aws bucket \\\"s3://b\\\" does not exist");
        assertBucket(
                new BucketName(Provider.AIS, new Namespace("u", ""), "b"),
                "ErrRemoteBckNotFound",
                "remote bucket \\\"ais://@u#/b\\\" does not exist");
        assertBucket(
                new BucketName(Provider.AIS, new Namespace("", "space"), "b"),
                "ErrBckNotFound",
                "bucket \\\"ais://b\\\" of namespace \\\"@#space\\\" does not exist");
    }

    @Test
    void noTargetsIsTheCallersError() {
        StoreException failure = new StoreException(ErrorCode.NODE_UNAVAILABLE, "no storage targets for ais://b/o");
        assertThat(errors.render(failure, exchange(Method.GET)).status()).isEqualTo(400);
        StoreException down = new StoreException(ErrorCode.NODE_UNAVAILABLE, "t[x] does not answer");
        assertThat(errors.render(down, exchange(Method.GET)).status()).isEqualTo(503);
    }

    @Test
    void foreignAnswersAreNotTakenForOurs() {
        assertThat(NodeErrors.read(Reply.text(502, "bad gateway")).code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
        StoreException odd = NodeErrors.read(new Reply(418, new Headers(), Payload.none()));
        assertThat(odd.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(odd.text()).isEqualTo("a node answered status 418");
    }

    @Test
    void wrongMethodIsPlainTextWithTheAllowedOnes() {
        Reply reply = NodeErrors.methodNotAllowed(Method.POST, "GET, HEAD");
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.headers().find("Allow")).isEqualTo("GET, HEAD");
        assertThat(NodeErrors.methodNotAllowed(Method.OPTIONS, "GET").status()).isEqualTo(200);
    }

    private void assertBucket(BucketName bucket, String type, String message) {
        assertThat(text(errors.render(NodeErrors.noSuchBucket(bucket), exchange(Method.GET))))
                .contains("\"tcode\":\"" + type + "\",\"message\":\"" + message + "\"");
    }

    private static DirectExchange exchange(Method method) {
        return DirectExchange.of(new Request(method, "/v1/objects/b/a%20b?provider=ais", new Headers()), Body.empty());
    }

    private static String text(Reply reply) {
        Payload.Memory memory = (Payload.Memory) reply.payload();
        return StandardCharsets.UTF_8.decode(memory.bytes().duplicate()).toString();
    }
}
