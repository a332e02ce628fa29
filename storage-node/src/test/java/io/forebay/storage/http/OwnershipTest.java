package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.extended;
import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.placement.Placement;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnershipTest {
    @TempDir
    private Path folder;

    private NodeFixture node;

    @BeforeEach
    void open() {
        node = new NodeFixture(folder, Map.of("state-patience", "20s"));
        node.log.submit(new Command.Join(
                new Node(new NodeId("node2"), Node.Role.STORAGE, "http://127.0.0.1:4", "", Node.Phase.ACTIVE)));
        settle();
    }

    /// Lets the newest owners serve, and says that every object is with them.
    private void settle() {
        long newest = node.state.current().newestEpoch().number();
        node.log.submit(new Command.Activate(newest));
        node.log.submit(new Command.Settle(newest));
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void gatewayIsToldWhoDoesNotOwnTheKeyAndUnderWhichState() {
        Headers routed = extended().add("Forebay-State-Version", Long.toString(version()));
        for (Method method : new Method[] {Method.GET, Method.HEAD, Method.PUT, Method.DELETE, Method.POST}) {
            Reply reply = node.send(method, "/objects/b/" + name("node2"), routed, "{}");
            assertThat(reply.headers().find("Forebay-Error")).isEqualTo("NOT_OWNER");
            assertThat(reply.headers().find("Forebay-State-Version")).isEqualTo(Long.toString(version()));
        }
        assertThat(node.metrics.text()).contains("forebay_node_not_owned_total{node=\"node1\"} 5");
        assertThat(node.send(Method.PUT, "/objects/b/" + name("node1"), routed, "x")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void clientThatCameByItselfIsToldWhatAistoreWouldSay() {
        String name = name("node2");
        Reply get = node.send(Method.GET, "/objects/b/" + name);
        assertThat(get.status()).isEqualTo(404);
        assertThat(text(get)).contains("t[node1]: ais://b/" + name + " does not exist");
        Reply put = node.put(name, "x");
        assertThat(put.status()).isEqualTo(400);
        assertThat(text(put)).contains("t[node1]: PUT(obj) is expected to be redirected");
        assertThat(node.put(name("node1"), "x").status()).isEqualTo(200);
    }

    @Test
    void redirectedClientIsToldToComeAgain() {
        Reply put = node.send(Method.PUT, "/objects/b/" + name("node2") + "?pid=gateway1&utm=abc", new Headers(), "x");
        assertThat(put.status()).isEqualTo(503);
    }

    @Test
    void requestOfANewerStateWaitsForIt() throws Exception {
        long next = version() + 1;
        Headers routed = extended().add("Forebay-State-Version", Long.toString(next));
        assertThat(node.sendWithoutWaiting(Method.GET, "/objects/c/" + name("node1"), routed)
                        .wouldWait())
                .isTrue();
        CompletableFuture<Reply> reply =
                CompletableFuture.supplyAsync(() -> node.send(Method.PUT, "/objects/c/c-of-node1", routed, "x"));
        node.createBucket("c", Map.of());
        boolean owned = owner("c", "c-of-node1").equals(NodeFixture.SELF);
        assertThat(reply.get().headers().find("Forebay-Error", "")).isEqualTo(owned ? "" : "NOT_OWNER");
    }

    @Test
    void redirectCarriesItsStateToo() throws Exception {
        long next = version() + 1;
        String name = name("node1");
        CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(() -> node.send(
                Method.PUT, "/objects/b/" + name + "?pid=gateway1&utm=abc&fbver=" + next, new Headers(), "x"));
        node.createBucket("c", Map.of());
        assertThat(reply.get().status()).isEqualTo(200);
    }

    @Test
    void stateThatDoesNotArriveIsStale() {
        node.close();
        node = new NodeFixture(folder.resolve("other"), Map.of("state-patience", "10ms"));
        Headers routed = extended().add("Forebay-State-Version", Long.toString(version() + 1));
        Reply reply = node.send(Method.GET, "/objects/b/o", routed);
        assertThat(reply.headers().find("Forebay-Error")).isEqualTo("STALE_MAP");
        assertThat(reply.headers().find("Forebay-State-Version")).isEqualTo(Long.toString(version()));
    }

    @Test
    void nodeInMaintenanceOwnsNothing() {
        node.log.submit(new Command.SetPhase(NodeFixture.SELF, Node.Phase.OFFLINE));
        settle();
        Headers routed = extended().add("Forebay-State-Version", Long.toString(version()));
        Reply reply = node.send(Method.PUT, "/objects/b/o", routed, "x");
        assertThat(reply.headers().find("Forebay-Error")).isEqualTo("NOT_OWNER");
    }

    @Test
    void copyToAnotherOwnerIsTheGatewaysWork() {
        String source = name("node1");
        node.put(source, "x");
        Headers routed = extended().add("Forebay-State-Version", Long.toString(version()));
        Reply reply = node.send(Method.PUT, "/objects/b/" + source + "?object_to=ais/@%23/b/" + name("node2"), routed);
        assertThat(reply.headers().find("Forebay-Error")).isEqualTo("NOT_OWNER");
    }

    private long version() {
        return node.state.current().version();
    }

    /// A name in bucket `b` that this node owns.
    private String name(String owner) {
        for (int index = 0; ; index++) {
            if (owner("b", "name" + index).value().equals(owner)) {
                return "name" + index;
            }
        }
    }

    private NodeId owner(String bucket, String name) {
        return Placement.of(node.state.current())
                .owner(new ObjectKey(BucketName.of(bucket), name))
                .id();
    }
}
