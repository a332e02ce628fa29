package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.extended;
import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.placement.Placement;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.RemovalsReply;
import io.forebay.protocol.api.RemovalsRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `DELETE /v1/buckets/BUCKET?what=objects`.
class JointRemovalsTest {
    @TempDir
    private Path folder;

    private NodeFixture node;

    @BeforeEach
    void open() {
        node = new NodeFixture(folder, Map.of());
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static RemovalsRequest.Removal removal(String name) {
        return new RemovalsRequest.Removal(name, "", null, null, null, false);
    }

    private Reply remove(RemovalsRequest.Removal... removals) {
        return send(new String(WireJson.write(new RemovalsRequest(Arrays.asList(removals))), StandardCharsets.UTF_8));
    }

    private Reply send(String message) {
        return node.send(Method.DELETE, "/buckets/b?what=objects", extended(), message);
    }

    private static List<RemovalsReply.Outcome> outcomes(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        return WireJson.read(text(reply).getBytes(StandardCharsets.UTF_8), RemovalsReply.class)
                .outcomes();
    }

    /// Lets another node join, and the newest owners serve.
    private void join() {
        node.log.submit(new Command.Join(
                new Node(new NodeId("node2"), Node.Role.STORAGE, "http://127.0.0.1:4", "", Node.Phase.ACTIVE)));
        node.log.submit(new Command.Activate(node.state.current().newestEpoch().number()));
    }

    private String name(String owner) {
        for (int index = 0; ; index++) {
            String name = "n" + index;
            ObjectKey key = new ObjectKey(BucketName.of("b"), name);
            if (Placement.of(node.state.current()).owner(key).id().value().equals(owner)) {
                return name;
            }
        }
    }

    @Test
    void eachIsAnsweredAsItsOwnRemovalWouldBe() {
        node.put("a", "1");
        node.put("b", "22");
        node.put("c", "333");
        List<RemovalsReply.Outcome> outcomes = outcomes(remove(
                removal("a"),
                removal("none"),
                new RemovalsRequest.Removal("b", "", "\"other\"", null, null, false),
                new RemovalsRequest.Removal("c", "", null, 3L, null, false)));
        assertThat(outcomes)
                .extracting(RemovalsReply.Outcome::code)
                .containsExactly(null, ErrorCode.NO_SUCH_OBJECT, ErrorCode.PRECONDITION_FAILED, null);
        assertThat(outcomes.get(1).message()).isEqualTo("ais://b/none doesn't exist");
        assertThat(node.send(Method.GET, "/objects/b/a").status()).isEqualTo(404);
        assertThat(text(node.send(Method.GET, "/objects/b/b"))).isEqualTo("22");
        assertThat(node.send(Method.GET, "/objects/b/c").status()).isEqualTo(404);
    }

    @Test
    void whatIsAnotherNodesIsLeftToIt() {
        join();
        node.log.submit(new Command.Settle(node.state.current().newestEpoch().number()));
        String own = name("node1");
        node.send(Method.PUT, "/objects/b/" + own, extended(), "x");
        assertThat(outcomes(remove(removal(own), removal(name("node2")))))
                .extracting(RemovalsReply.Outcome::code)
                .containsExactly(null, ErrorCode.NOT_OWNER);
    }

    @Test
    void nothingIsRemovedTogetherWhileOwnersChange() {
        node.put("a", "1");
        join();
        Reply reply = remove(removal("a"));
        assertThat(reply.headers().find("Forebay-Error")).isEqualTo("STALE_MAP");
    }

    @Test
    void badRequestsAreRefused() {
        assertThat(remove(Collections.nCopies(1001, removal("a")).toArray(RemovalsRequest.Removal[]::new))
                        .status())
                .isEqualTo(400);
        assertThat(send("nonsense").status()).isEqualTo(400);
        assertThat(outcomes(send("{}"))).isEmpty();
        assertThat(node.send(Method.DELETE, "/buckets/b?what=page", extended(), "{}")
                        .status())
                .isEqualTo(400);
        assertThat(node.send(Method.DELETE, "/buckets/none?what=objects", extended(), "{}")
                        .status())
                .isEqualTo(404);
    }
}
