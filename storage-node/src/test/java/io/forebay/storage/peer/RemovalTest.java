package io.forebay.storage.peer;

import static io.forebay.storage.peer.ClusterFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.storage.NodeFixture;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was removed does not come back, and what was written afterwards stays.
final class RemovalTest {
    private static final String NAME = "object";

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Each test opens one of its own.
    private ClusterFixture cluster;

    @AfterEach
    void close() {
        cluster.close();
    }

    private void open(Map<String, String> settings) {
        cluster = ClusterFixture.of(folder, 3, 2, settings);
    }

    private List<ClusterFixture.Member> holders() {
        return Placements.of(cluster.state()).holders(cluster.key(NAME), cluster.bucket()).stream()
                .map(node -> cluster.member(node.id()))
                .toList();
    }

    private void setPhase(ClusterFixture.Member member, Node.Phase phase) {
        cluster.submit(new Command.SetPhase(member.id, phase));
        cluster.activate();
    }

    private String get() {
        return told(cluster.get(cluster.primary(NAME), NAME)).substring(0, 3);
    }

    /// What a node says that it has of the key.
    private String held(ClusterFixture.Member member) {
        String target = "/v1/peer/b/" + NAME + "?provider=ais&what=held&epoch=0&from=" + member.id;
        return NodeFixture.text(member.node()
                .handler()
                .handle(DirectExchange.of(new Request(Method.GET, target, new Headers()), Body.empty())));
    }

    @Test
    void removalThatOneHolderMadeStaysMadeOnceItWasSeen() throws Exception {
        open(Map.of());
        List<ClusterFixture.Member> holders = holders();
        assertThat(cluster.put(holders.getFirst(), NAME, "content").status()).isEqualTo(200);
        try (AutoCloseable _ = cluster.links.loseReplies((to, request) -> request.method() == Method.DELETE)) {
            assertThat(cluster.delete(holders.getFirst(), NAME).status()).isEqualTo(503);
        }
        holders.getFirst().stop();
        setPhase(holders.getFirst(), Node.Phase.OFFLINE);
        assertThat(get()).isEqualTo("404");
        // The node that still has the object serves the key again.
        holders.getFirst().start();
        setPhase(holders.getFirst(), Node.Phase.ACTIVE);
        assertThat(cluster.primary(NAME)).isEqualTo(holders.getFirst());
        assertThat(get()).isEqualTo("404");
    }

    @Test
    void removalIsRememberedByAllHoldersForAWhile() {
        open(Map.of());
        cluster.put(holders().getFirst(), NAME, "content");
        assertThat(cluster.delete(holders().getFirst(), NAME).status()).isEqualTo(200);
        assertThat(holders()).allMatch(member -> held(member).contains("removed"));
    }

    @Test
    void removalIsForgottenInTime() {
        Map<String, String> settings = new HashMap<>();
        settings.put("rebalance.tombstone-age", "0ms");
        settings.put("rebalance.retry", "5ms");
        open(settings);
        cluster.put(holders().getFirst(), NAME, "content");
        assertThat(cluster.delete(holders().getFirst(), NAME).status()).isEqualTo(200);
        await(() -> holders().stream().allMatch(member -> held(member).contains("nothing")));
    }

    @Test
    void removalWhileTheBucketHasFewerCopiesThanBeforeCountsForTheFormerHolder() {
        open(Map.of());
        List<ClusterFixture.Member> holders = holders();
        cluster.put(holders.getFirst(), NAME, "content");
        cluster.submit(new Command.SetBucketProperties(cluster.bucket().name(), Map.of(Bucket.COPIES, "1")));
        cluster.activate();
        assertThat(cluster.delete(holders.getFirst(), NAME).status()).isEqualTo(200);
        setPhase(holders.getFirst(), Node.Phase.MAINTENANCE);
        assertThat(cluster.primary(NAME)).isEqualTo(holders.getLast());
        assertThat(get()).isEqualTo("404");
    }

    @Test
    void whatIsWrittenWhileAnOlderRemovalIsFoundStays() throws Exception {
        open(Map.of());
        List<ClusterFixture.Member> holders = holders();
        cluster.put(holders.getFirst(), NAME, "old");
        cluster.delete(holders.getFirst(), NAME);
        ClusterFixture.Member added = null;
        // Until one serves the key that did not hold it.
        for (int number = 4; added == null; number++) {
            String id = "n" + number;
            cluster.add(id);
            cluster.activate();
            added = cluster.primary(NAME).id.equals(new NodeId(id)) ? cluster.member(id) : null;
        }
        ClusterFixture.Member primary = added;
        AtomicBoolean once = new AtomicBoolean();
        try (AutoCloseable _ = cluster.links.interfere(new Links.Interference() {
            @Override
            public void after(NodeId from, NodeId to, Request request) {
                if (request.target().contains("what=held") && once.compareAndSet(false, true)) {
                    assertThat(cluster.put(primary, NAME, "new").status()).isEqualTo(200);
                }
            }
        })) {
            cluster.get(primary, NAME);
        }
        assertThat(once).isTrue();
        assertThat(told(cluster.get(primary, NAME))).isEqualTo("200 new");
    }

    @Test
    void aCopyReturnsInPlaceOfARemovalThatItsPrimaryNeverMade() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("rebalance.tombstone-age", "0ms");
        settings.put("rebalance.retry", "5ms");
        open(settings);
        List<ClusterFixture.Member> holders = holders();
        cluster.put(holders.getFirst(), NAME, "content");
        try (AutoCloseable _ = cluster.links.loseReplies((to, request) -> request.method() == Method.DELETE)) {
            assertThat(cluster.delete(holders.getFirst(), NAME).status()).isEqualTo(503);
        }
        await(() -> {
            String copy = held(holders.getLast());
            return copy.contains("object") && copy.equals(held(holders.getFirst()));
        });
        assertThat(get()).isEqualTo("200");
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("what was waited for did not happen");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
