package io.forebay.storage.peer;

import static io.forebay.storage.peer.ClusterFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.NodeFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies of each object on two of three nodes.
class CopiesTest {
    private static final String NAME = "object";

    @TempDir
    private Path folder;

    ClusterFixture cluster;

    @BeforeEach
    void open() {
        cluster = ClusterFixture.of(folder, 3, 2, Map.of("peer.inline", "64KiB", "peer.repair-interval", "20ms"));
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

    /// By the primary from a copy, and by the primary for another holder.
    @Test
    void damageThatTheScrubFindsIsRepairedFromTheOtherCopy() throws IOException {
        String large = "z".repeat(300_000);
        assertThat(cluster.put(primary(), NAME, large).status()).isEqualTo(200);
        List<ClusterFixture.Member> holders = cluster.members().stream()
                .filter(member -> !files(member).isEmpty())
                .toList();
        assertThat(holders).hasSize(2).contains(primary());
        for (ClusterFixture.Member holder : holders) {
            Path file = files(holder).getFirst();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {'!'}), 1000);
            }
            scrub(holder);
            awaitUntil(() -> !files(holder).contains(file) && scrubText(holder).contains("\"damaged\":[]"));
            assertThat(told(cluster.get(primary(), NAME))).isEqualTo("200 " + large);
        }
        assertThat(cluster.metrics.text()).contains("forebay_peer_repaired_total{node=\"" + primary().id + "\"} 1");
        loseFirstPrimary();
        assertThat(told(cluster.get(primary(), NAME))).isEqualTo("200 " + large);
    }

    /// Of an earlier holder's older object, which would take the place of one that was acknowledged.
    @Test
    void damagedObjectIsNotRepairedFromAnOlderOne() throws IOException {
        try (ClusterFixture four = ClusterFixture.of(
                folder.resolve("four"), 4, 2, Map.of("peer.inline", "64KiB", "peer.repair-interval", "20ms"))) {
            String large = "z".repeat(300_000);
            assertThat(four.put(four.primary(NAME), NAME, "first").status()).isEqualTo(200);
            four.submit(new Command.SetPhase(four.primary(NAME).id, Node.Phase.MAINTENANCE));
            four.activate();
            ClusterFixture.Member damaged = four.primary(NAME);
            assertThat(four.put(damaged, NAME, large).status()).isEqualTo(200);
            NodeId other = Placements.of(four.state())
                    .holders(four.key(NAME), four.bucket())
                    .getLast()
                    .id();
            four.submit(new Command.SetPhase(other, Node.Phase.MAINTENANCE));
            four.activate();
            assertThat(four.primary(NAME)).isEqualTo(damaged);
            four.links.cut(damaged.id, other);
            try (FileChannel channel =
                    FileChannel.open(files(folder.resolve("four"), damaged).getFirst(), StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {'!'}), 1000);
            }
            scrub(damaged);
            awaitUntil(() ->
                    four.count("forebay_peer_repaired_total") + four.count("forebay_peer_repairs_failed_total") > 0);
            four.links.heal();
            awaitUntil(() -> four.count("forebay_peer_repaired_total") > 0);
            assertThat(told(four.get(damaged, NAME))).isEqualTo("200 " + large);
        }
    }

    private List<Path> files(ClusterFixture.Member member) {
        return files(folder, member);
    }

    private static List<Path> files(Path folder, ClusterFixture.Member member) {
        Path files = folder.resolve(member.id.value()).resolve("files");
        if (!Files.exists(files)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(files)) {
            return all.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void scrub(ClusterFixture.Member member) {
        Request request = new Request(Method.POST, "/v1/daemon/scrub", new Headers());
        Reply reply = member.node()
                .handler()
                .handle(DirectExchange.of(request, MemoryBody.of(NodeFixture.bytes("{\"volume\":\"\"}"))));
        assertThat(reply.status()).isEqualTo(200);
    }

    private static String scrubText(ClusterFixture.Member member) {
        Request request = new Request(Method.GET, "/v1/daemon/scrub", new Headers());
        return NodeFixture.text(member.node().handler().handle(DirectExchange.of(request, Body.empty())));
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

    /// Made again by the next owner, it would meet its own effect and tell that there was nothing to remove.
    @Test
    void changeThatOneHolderTookIsNotMadeAgainByAnotherOwnerWhenItsAnswerTellsWhatWas() {
        try (ClusterFixture three = ClusterFixture.of(folder.resolve("three"), 3, 3, Map.of())) {
            String name = three.nameThatWillMove("n1", "n4");
            assertThat(three.put(three.member("n1"), name, "content").status()).isEqualTo(200);
            three.inform(three.member("n1"), false);
            three.inform(three.member("n2"), false);
            three.add("n4");
            three.awaitPrepared(three.member("n3"));
            Headers condition = new Headers().add("If-Match", "*");
            Reply conditional = three.send(
                    three.member("n1"), Method.PUT, name, condition, MemoryBody.of(NodeFixture.bytes("new")));
            for (Reply reply : List.of(conditional, three.delete(three.member("n1"), name))) {
                assertThat(reply.headers().find("Forebay-Error")).isEqualTo("NODE_UNAVAILABLE");
                assertThat(NodeFixture.text(reply)).contains("it may have been done");
            }
            assertThat(three.put(three.member("n1"), name, "new").headers().find("Forebay-Error"))
                    .isEqualTo("NOT_OWNER");
        }
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
        awaitUntil(() -> cluster.metrics.text().contains(none));
    }

    private static void awaitUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("what was waited for did not happen");
            }
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
