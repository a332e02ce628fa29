package io.forebay.storage.peer;

import static io.forebay.storage.peer.ClusterFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
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

/// Who serves a key, and with what, while its owner changes.
class OwnersChangeTest {
    private static final int LARGE_BYTES = 100_000;

    @TempDir
    private Path folder;

    ClusterFixture cluster;

    @BeforeEach
    void open() {
        cluster = ClusterFixture.of(folder, 2, 1, Map.of("peer.adopt", "64KiB"));
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private ClusterFixture.Member node(String id) {
        return cluster.member(id);
    }

    /// Has node `n3` join, and returns a name of node `n1` that is to be its own.
    private String movingToN3() {
        cluster.add("n3");
        return cluster.nameThatMoves("n1", "n3");
    }

    @Test
    void movingKeyIsServedByNobodyOnceItsOwnersHavePreparedAndByTheNewOwnerAfterwards() {
        String name = movingToN3();
        cluster.awaitPrepared(node("n1"), node("n2"), node("n3"));
        assertThat(cluster.put(node("n1"), name, "x").status()).isEqualTo(503);
        assertThat(cluster.get(node("n1"), name).status()).isEqualTo(503);
        cluster.activate();
        assertThat(cluster.put(node("n1"), name, "x").headers().find("Forebay-Error"))
                .isEqualTo("NOT_OWNER");
        assertThat(cluster.put(node("n3"), name, "x").status()).isEqualTo(200);
        assertThat(told(cluster.get(node("n3"), name))).isEqualTo("200 x");
    }

    @Test
    void requestWaitsForTheActivation() throws Exception {
        String name = movingToN3();
        cluster.awaitPrepared(node("n1"), node("n2"), node("n3"));
        CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(() -> cluster.put(node("n3"), name, "x"));
        cluster.activate();
        assertThat(waiting.get().status()).isEqualTo(200);
    }

    @Test
    void keysThatStayAreServedThroughout() {
        cluster.add("n3");
        String stays = cluster.nameThatMoves("n1", "n1");
        assertThat(cluster.put(node("n1"), stays, "1").status()).isEqualTo(200);
        cluster.awaitPrepared(node("n1"), node("n2"), node("n3"));
        assertThat(cluster.put(node("n1"), stays, "2").status()).isEqualTo(200);
        assertThat(told(cluster.get(node("n1"), stays))).isEqualTo("200 2");
        cluster.activate();
        assertThat(told(cluster.get(node("n1"), stays))).isEqualTo("200 2");
    }

    @Test
    void withoutALeaseNothingIsServed() {
        String name = cluster.nameThatMoves("n1", "n1");
        assertThat(cluster.put(node("n1"), name, "x").status()).isEqualTo(200);
        node("n1").expire();
        assertThat(cluster.get(node("n1"), name).headers().find("Forebay-Error"))
                .isEqualTo("NODE_UNAVAILABLE");
        assertThat(cluster.put(node("n1"), name, "y").status()).isEqualTo(503);
        node("n1").renew();
        assertThat(told(cluster.get(node("n1"), name))).isEqualTo("200 x");
    }

    @Test
    void objectIsFoundWithItsFormerOwnerAndStaysWhereItIsAskedFor() {
        String name = movedWith("old");
        assertThat(told(cluster.get(node("n3"), name))).isEqualTo("200 old");
        cluster.links.cut(new NodeId("n3"), new NodeId("n1"));
        assertThat(told(cluster.get(node("n3"), name))).isEqualTo("200 old");
        assertThat(cluster.metrics.text()).contains("forebay_peer_adopted_total{node=\"n3\"} 1");
    }

    @Test
    void largeObjectIsPassedThroughAndStaysWithItsFormerOwner() {
        String large = "x".repeat(LARGE_BYTES);
        String name = movedWith(large);
        assertThat(told(cluster.get(node("n3"), name))).isEqualTo("200 " + large);
        Reply range = cluster.send(node("n3"), Method.GET, name, new Headers().add("Range", "bytes=2-4"), Body.empty());
        assertThat(told(range)).isEqualTo("206 xxx");
        Reply head = cluster.send(node("n3"), Method.HEAD, name, new Headers(), Body.empty());
        assertThat(head.payload().length()).isEqualTo(LARGE_BYTES);
        assertThat(cluster.metrics.text()).contains("forebay_node_relayed_total{node=\"n3\"} 3");
        cluster.links.cut(new NodeId("n3"), new NodeId("n1"));
        assertThat(cluster.get(node("n3"), name).status()).isEqualTo(503);
    }

    @Test
    void formerOwnerThatDoesNotAnswerMakesAKeyUnavailableNotAbsent() {
        String name = movedWith("old");
        cluster.links.cut(new NodeId("n3"), new NodeId("n1"));
        for (Method method : new Method[] {Method.GET, Method.HEAD, Method.DELETE}) {
            Reply reply = cluster.send(node("n3"), method, name, new Headers(), Body.empty());
            assertThat(reply.headers().find("Forebay-Error")).isEqualTo("NODE_UNAVAILABLE");
        }
        Reply conditional = cluster.send(
                node("n3"),
                Method.PUT,
                name,
                new Headers().add("If-None-Match", "*"),
                MemoryBody.of(NodeFixture.bytes("new")));
        assertThat(conditional.status()).isEqualTo(503);
        // What replaces everything need not know what it replaces.
        assertThat(cluster.put(node("n3"), name, "new").status()).isEqualTo(200);
        assertThat(told(cluster.get(node("n3"), name))).isEqualTo("200 new");
    }

    @Test
    void writeAfterTheMoveCountsOverWhatTheFormerOwnerHas() {
        String name = movedWith("old");
        assertThat(cluster.put(node("n3"), name, "new").status()).isEqualTo(200);
        assertThat(told(cluster.get(node("n3"), name))).isEqualTo("200 new");
        assertThat(told(cluster.send(node("n3"), Method.GET, name, new Headers(), Body.empty())))
                .isEqualTo("200 new");
    }

    @Test
    void removedObjectDoesNotComeBackFromItsFormerOwner() {
        String name = movedWith("old");
        assertThat(cluster.delete(node("n3"), name).status()).isEqualTo(200);
        assertThat(cluster.get(node("n3"), name).status()).isEqualTo(404);
        assertThat(cluster.delete(node("n3"), name).status()).isEqualTo(404);
        // Also for the next owner.
        cluster.submit(new Command.SetPhase(new NodeId("n3"), Node.Phase.MAINTENANCE));
        cluster.activate();
        assertThat(cluster.get(cluster.primary(name), name).status()).isEqualTo(404);
        assertThat(cluster.put(cluster.primary(name), name, "again").status()).isEqualTo(200);
        assertThat(told(cluster.get(cluster.primary(name), name))).isEqualTo("200 again");
    }

    @Test
    void conditionsAreJudgedByTheNewestValueWhereverItIs() {
        String name = movedWith("old");
        Reply refused = cluster.send(
                node("n3"),
                Method.PUT,
                name,
                new Headers().add("If-None-Match", "*"),
                MemoryBody.of(NodeFixture.bytes("new")));
        assertThat(refused.status()).isEqualTo(412);
        assertThat(told(cluster.get(node("n3"), name))).isEqualTo("200 old");
    }

    @Test
    void metadataAreChangedOfAnObjectThatHasYetToMove() {
        String large = "y".repeat(LARGE_BYTES);
        String name = movedWith(large);
        Reply patched = cluster.send(
                node("n3"),
                Method.PATCH,
                name,
                new Headers(),
                MemoryBody.of(NodeFixture.bytes("{\"value\":{\"colour\":\"blue\"}}")));
        assertThat(patched.status()).isEqualTo(200);
        Reply got = cluster.get(node("n3"), name);
        assertThat(got.headers().all("Ais-Custom-Md").toString()).contains("blue");
        assertThat(told(got)).isEqualTo("200 " + large);
    }

    @Test
    void bodyThatArrivesWhileItsKeyMovesEndsAtTheNewOwner() throws Exception {
        String name = cluster.nameThatWillMove("n1", "n3");
        SlowBody body = new SlowBody("content");
        CompletableFuture<Reply> writing =
                CompletableFuture.supplyAsync(() -> cluster.send(node("n1"), Method.PUT, name, new Headers(), body));
        body.awaitFirst();
        cluster.add("n3");
        cluster.activate();
        body.finish();
        assertThat(writing.get().status()).isEqualTo(200);
        assertThat(told(cluster.get(node("n3"), name))).isEqualTo("200 content");
        assertThat(cluster.metrics.text()).contains("forebay_node_handed_over_total{node=\"n1\"} 1");
    }

    @Test
    void redirectedClientThatComesTooLateIsSentOn() {
        String name = movingToN3();
        cluster.activate();
        Reply put = cluster.redirected(node("n1"), Method.PUT, name, MemoryBody.of(NodeFixture.bytes("late")));
        assertThat(put.status()).isEqualTo(200);
        assertThat(told(cluster.redirected(node("n1"), Method.GET, name, Body.empty())))
                .isEqualTo("200 late");
        assertThat(cluster.redirected(node("n1"), Method.DELETE, name, Body.empty())
                        .status())
                .isEqualTo(200);
        assertThat(cluster.get(node("n3"), name).status()).isEqualTo(404);
    }

    @Test
    void nodeThatKnowsNoNewerStateServesNothingWithoutItsLease() {
        cluster.inform(node("n1"), false);
        String name = movedWith("old");
        assertThat(cluster.get(node("n1"), name).status()).isEqualTo(503);
        assertThat(cluster.put(node("n1"), name, "lost").status()).isEqualTo(503);
        cluster.inform(node("n1"), true);
        assertThat(told(cluster.get(node("n3"), name))).isEqualTo("200 old");
    }

    /// A name of `n3` whose object is still with `n1`.
    private String movedWith(String content) {
        String name = cluster.nameThatWillMove("n1", "n3");
        assertThat(cluster.put(node("n1"), name, content).status()).isEqualTo(200);
        cluster.add("n3");
        cluster.activate();
        return name;
    }
}
