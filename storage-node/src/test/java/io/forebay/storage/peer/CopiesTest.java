package io.forebay.storage.peer;

import static io.forebay.storage.peer.ClusterFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.NodeFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies of each object on two of three nodes.
final class CopiesTest {
    private static final String NAME = "object";

    @TempDir
    private Path folder;

    private ClusterFixture cluster;

    @BeforeEach
    void open() {
        cluster = ClusterFixture.of(folder, 3, 2, Map.of("peer.inline", "64KiB"));
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void acknowledgedWriteSurvivesItsPrimary() {
        assertThat(cluster.put(primary(), NAME, "content").status()).isEqualTo(200);
        loseFirstPrimary();
        assertThat(told(cluster.get(primary(), NAME))).isEqualTo("200 content");
    }

    @Test
    void largeObjectsAreSentAheadAndSurviveToo() {
        String large = "z".repeat(300_000);
        assertThat(cluster.put(primary(), NAME, large).status()).isEqualTo(200);
        loseFirstPrimary();
        assertThat(told(cluster.get(primary(), NAME))).isEqualTo("200 " + large);
    }

    @Test
    void removalAndChangeOfMetadataReachTheCopy() {
        cluster.put(primary(), NAME, "content");
        Reply patched = cluster.send(
                primary(),
                Method.PATCH,
                NAME,
                new Headers(),
                MemoryBody.of(NodeFixture.bytes("{\"value\":{\"colour\":\"blue\"}}")));
        assertThat(patched.status()).isEqualTo(200);
        cluster.put(primary(), "other", "content");
        loseFirstPrimary();
        assertThat(cluster.get(primary(), NAME).headers().all("Ais-Custom-Md").toString())
                .contains("blue");
        assertThat(cluster.delete(primary(), NAME).status()).isEqualTo(200);
        assertThat(cluster.get(primary(), NAME).status()).isEqualTo(404);
    }

    @Test
    void writeFailsWhileACopyCannotBeMade() {
        cluster.links.cut(primary().id, replica().id);
        Reply reply = cluster.put(primary(), NAME, "content");
        assertThat(reply.headers().find("Forebay-Error")).isEqualTo("NODE_UNAVAILABLE");
        assertThat(cluster.get(primary(), NAME).status()).isEqualTo(404);
        cluster.links.heal();
        assertThat(cluster.put(primary(), NAME, "content").status()).isEqualTo(200);
    }

    @Test
    void writeGoesAboveACopyThatWasNeverAcknowledged() throws Exception {
        cluster.put(primary(), NAME, "first");
        try (AutoCloseable _ =
                cluster.links.loseReplies((to, request) -> request.target().contains("what=commit"))) {
            assertThat(cluster.put(primary(), NAME, "lost").status()).isEqualTo(503);
        }
        assertThat(told(cluster.get(primary(), NAME))).isEqualTo("200 first");
        assertThat(cluster.put(primary(), NAME, "second").status()).isEqualTo(200);
        loseFirstPrimary();
        assertThat(told(cluster.get(primary(), NAME))).isEqualTo("200 second");
    }

    @Test
    void copyThatWasNeverAcknowledgedAndIsReadStays() throws Exception {
        cluster.put(primary(), NAME, "first");
        try (AutoCloseable _ =
                cluster.links.loseReplies((to, request) -> request.target().contains("what=commit"))) {
            assertThat(cluster.put(primary(), NAME, "second").status()).isEqualTo(503);
        }
        loseFirstPrimary();
        assertThat(told(cluster.get(primary(), NAME))).isEqualTo("200 second");
        loseFirstPrimary();
        assertThat(told(cluster.get(primary(), NAME))).isEqualTo("200 second");
    }

    @Test
    void nodesThatHoldEachOthersKeysDoNotWaitForEachOther() {
        List<CompletableFuture<Integer>> writes = new ArrayList<>();
        for (int index = 0; index < 200; index++) {
            String name = "name" + index;
            writes.add(CompletableFuture.supplyAsync(
                    () -> cluster.put(cluster.primary(name), name, "x").status()));
        }
        assertThat(writes.stream().map(CompletableFuture::join).distinct().toList())
                .containsExactly(200);
    }

    @Test
    void bytesThatWereSentAheadAndNeverCommittedAreDropped() {
        cluster.close();
        cluster = ClusterFixture.of(folder.resolve("patient"), 3, 2, Map.of("peer.staged-patience", "20ms"));
        String target = "/v1/peer/b/" + NAME + "?provider=ais&what=stage&from=" + primary().id;
        Reply reply = replica()
                .node()
                .handler()
                .handle(DirectExchange.of(
                        new Request(Method.PUT, target, new Headers()), MemoryBody.of(NodeFixture.bytes("content"))));
        assertThat(reply.status()).isEqualTo(200);
        String none = "forebay_peer_staged{node=\"" + replica().id + "\"} 0";
        while (!cluster.metrics.text().contains(none)) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    private ClusterFixture.Member primary() {
        return cluster.primary(NAME);
    }

    private ClusterFixture.Member replica() {
        return cluster.member(Placements.of(cluster.state())
                .holders(cluster.key(NAME), cluster.bucket())
                .getLast()
                .id());
    }

    /// The key's primary is gone for good.
    private void loseFirstPrimary() {
        ClusterFixture.Member lost = primary();
        NodeId id = lost.id;
        lost.stop();
        cluster.submit(new Command.SetPhase(id, Node.Phase.OFFLINE));
        cluster.activate();
    }
}
