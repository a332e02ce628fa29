package io.forebay.storage.peer;

import static io.forebay.storage.peer.ClusterFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Objects follow their owners: real nodes, whose owners a test changes.
class RebalanceTest {
    private static final Map<String, String> SETTINGS =
            Map.of("peer.adopt", "64KiB", "rebalance.retry", "20ms", "rebalance.page", "10", "rebalance.parallel", "4");

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Each test opens one of its own size.
    ClusterFixture cluster;

    private final Map<String, String> expected = new TreeMap<>();

    /// What is done to a cluster before anything else.
    void prepare() {}

    @AfterEach
    void close() {
        cluster.close();
    }

    private void open(int nodes, int copies) {
        open(nodes, copies, SETTINGS);
    }

    private void open(int nodes, int copies, Map<String, String> settings) {
        cluster = ClusterFixture.of(folder, nodes, copies, settings);
        prepare();
    }

    private ClusterFixture.Member node(String id) {
        return cluster.member(id);
    }

    private void put(String name, String content) {
        assertThat(cluster.put(cluster.primary(name), name, content).status()).isEqualTo(200);
        expected.put(name, content);
    }

    private void delete(String name) {
        assertThat(cluster.delete(cluster.primary(name), name).status()).isEqualTo(200);
        expected.remove(name);
    }

    /// Small objects, and every tenth one large.
    private void fill(int count) {
        for (int index = 0; index < count; index++) {
            put("o" + index, index % 10 == 3 ? ("large" + index).repeat(20_000) : "small" + index);
        }
    }

    private void assertAllThere() {
        expected.forEach((name, content) -> assertThat(told(cluster.get(cluster.primary(name), name)))
                .as(name)
                .isEqualTo("200 " + content));
    }

    private static void await(String what, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("what was waited for did not happen: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    private boolean isDone() {
        long newest = cluster.state().newestEpoch().number();
        return cluster.state().newestEpoch().owners().stream()
                .map(cluster::member)
                .allMatch(member -> member.isUp()
                        && member.node().progress().epoch() == newest
                        && member.node().progress().done());
    }

    private void awaitDone() {
        await("all owners have gathered", this::isDone);
    }

    private void settle() {
        awaitDone();
        cluster.submit(new Command.Settle(cluster.state().newestEpoch().number()));
        for (ClusterFixture.Member member : cluster.members()) {
            if (member.isUp()) {
                long base = cluster.state().newestEpoch().number();
                await(
                        "cleaned",
                        () -> cluster.metrics
                                .text()
                                .contains("forebay_rebalance_clean_epoch{node=\"" + member.id + "\"} " + base));
            }
        }
    }

    /// Its removal is being decided, and comes to nothing: what other nodes hold has to go all the same.
    @Test
    void whatASealedBucketHasOfOthersIsRemovedWhenItIsOpenAgain() {
        open(2, 1);
        fill(60);
        cluster.add("n3");
        cluster.activate();
        awaitDone();
        cluster.submit(
                new Command.SealBucket(cluster.bucket().name(), cluster.bucket().id(), true));
        cluster.submit(new Command.Settle(cluster.state().newestEpoch().number()));
        await(
                "all have seen it",
                () -> cluster.members().stream()
                        .allMatch(member -> member.node().fence().view().isSettled()));
        cluster.submit(
                new Command.SealBucket(cluster.bucket().name(), cluster.bucket().id(), false));
        await(
                "each object is on one node",
                () -> counts().values().stream().mapToLong(Long::longValue).sum() == 60);
        assertAllThere();
    }

    private void setPhase(String id, Node.Phase phase) {
        cluster.submit(new Command.SetPhase(new NodeId(id), phase));
        cluster.activate();
    }

    /// Starts a node again with an empty disk.
    private void wipe(ClusterFixture.Member member) throws IOException {
        member.stop();
        Files.delete(folder.resolve(member.id + ".volumes"));
        try (Stream<Path> tree = Files.walk(folder.resolve(member.id.value()))) {
            for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        member.start();
        member.renew();
    }

    private Map<NodeId, Long> counts() {
        Map<NodeId, Long> counts = new TreeMap<>();
        for (ClusterFixture.Member member : cluster.members()) {
            if (member.isUp()) {
                Reply reply = member.node()
                        .handler()
                        .handle(DirectExchange.of(
                                new Request(Method.GET, "/v1/daemon/volumes", new Headers()), Body.empty()));
                String text = NodeFixture.text(reply);
                counts.put(member.id, Long.parseLong(text.replaceFirst("(?s).*\"objects\":(\\d+).*", "$1")));
            }
        }
        return counts;
    }

    private long total() {
        return counts().values().stream().mapToLong(Long::longValue).sum();
    }

    private void isolateAll() {
        List<NodeId> ids = cluster.members().stream().map(member -> member.id).toList();
        ids.forEach(id -> cluster.links.isolate(id, ids));
    }

    @Test
    void aNodeThatJoinsGetsItsShareAndNothingIsRemovedBefore() {
        open(3, 1);
        fill(120);
        long before = total();
        cluster.add("n4");
        cluster.activate();
        awaitDone();
        Placements placements = Placements.of(cluster.state());
        long share = expected.keySet().stream()
                .filter(name -> placements.isPrimary(new NodeId("n4"), cluster.key(name)))
                .count();
        assertThat(share).isBetween(10L, 60L);
        assertThat(counts()).containsEntry(new NodeId("n4"), share);
        assertThat(node("n4").node().progress().objects()).isEqualTo(share);
        assertThat(node("n4").node().progress().objectsGiven()).isZero();
        assertThat(node("n4").node().progress().bytesLeft()).isZero();
        assertThat(node("n4").node().progress().startedMillis()).isPositive();
        assertThat(node("n4").node().progress().endedMillis())
                .isGreaterThanOrEqualTo(node("n4").node().progress().startedMillis());
        assertThat(total())
                .as("nothing is removed before the cluster is settled")
                .isEqualTo(before + share);
        for (String id : List.of("n1", "n2", "n3")) {
            assertThat(node(id).node().progress().objects()).as(id).isZero();
        }
        settle();
        assertThat(total()).isEqualTo(120);
        isolateAll();
        assertAllThere();
    }

    @Test
    void aNodeThatLeavesGivesEverythingAway() {
        open(3, 1);
        fill(60);
        setPhase("n2", Node.Phase.DECOMMISSIONED);
        settle();
        assertThat(counts()).containsEntry(new NodeId("n2"), 0L);
        assertThat(total()).isEqualTo(60);
        cluster.member("n2").stop();
        assertAllThere();
    }

    @Test
    void whatIsRemovedWhileObjectsMoveStaysRemoved() {
        open(2, 1);
        fill(60);
        cluster.add("n3");
        cluster.activate();
        for (int index = 0; index < 60; index += 2) {
            delete("o" + index);
        }
        put("o7", "another");
        settle();
        assertThat(total()).isEqualTo(expected.size());
        isolateAll();
        assertAllThere();
        for (int index = 0; index < 60; index += 2) {
            String name = "o" + index;
            assertThat(cluster.get(cluster.primary(name), name).status())
                    .as(name)
                    .isEqualTo(404);
        }
    }

    @Test
    void aNodeThatDiesIsReplacedByOthersCopies() {
        open(4, 2);
        fill(60);
        assertThat(total()).isEqualTo(120);
        node("n2").stop();
        setPhase("n2", Node.Phase.OFFLINE);
        assertAllThere();
        settle();
        assertThat(total()).isEqualTo(120);
        node("n3").stop();
        setPhase("n3", Node.Phase.OFFLINE);
        assertAllThere();
    }

    @Test
    void aNodeThatWasAwayBringsNothingOldBack() {
        open(3, 2);
        fill(40);
        node("n2").stop();
        setPhase("n2", Node.Phase.OFFLINE);
        for (int index = 0; index < 40; index += 2) {
            delete("o" + index);
        }
        put("o1", "newer");
        settle();
        node("n2").start();
        setPhase("n2", Node.Phase.ACTIVE);
        settle();
        for (int index = 0; index < 40; index += 2) {
            String name = "o" + index;
            assertThat(cluster.get(cluster.primary(name), name).status())
                    .as(name)
                    .isEqualTo(404);
        }
        assertAllThere();
        assertThat(total()).isEqualTo(2L * expected.size());
    }

    @Test
    void aNodeThatIsRestartedGoesOnWhereItWas() throws Exception {
        Map<String, AtomicInteger> pulls = stopInTheMiddle(() -> {});
        assertThat(pulls.values()).as("pulled twice").allMatch(count -> count.get() == 1);
    }

    @Test
    void aNodeThatForgotHowFarItHadCleanedUpLosesNothing() throws Exception {
        stopInTheMiddle(
                () -> assertThat(folder.resolve("n3.custody").toFile().delete()).isTrue());
    }

    /// Stops a new node when it has some of its objects, and starts it again. Returns how often each was
    /// pulled.
    private Map<String, AtomicInteger> stopInTheMiddle(Runnable meanwhile) throws Exception {
        open(2, 1);
        fill(120);
        Map<String, AtomicInteger> pulls = new ConcurrentHashMap<>();
        AtomicInteger allowed = new AtomicInteger(12);
        try (AutoCloseable watching = cluster.links.interfere(new Links.Interference() {
            @Override
            public void before(NodeId from, NodeId to, Request request) {
                if (request.target().contains("what=object")) {
                    if (allowed.decrementAndGet() < 0) {
                        throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "out of order");
                    }
                    pulls.computeIfAbsent(request.target().replaceFirst("\\?.*", ""), key -> new AtomicInteger())
                            .incrementAndGet();
                }
            }
        })) {
            assertThat(watching).isNotNull();
            cluster.add("n3");
            cluster.activate();
            await("some are there", () -> allowed.get() < 0);
            node("n3").stop();
            assertThat(isDone()).isFalse();
            allowed.set(Integer.MAX_VALUE);
            meanwhile.run();
            node("n3").start();
            node("n3").renew();
            settle();
        }
        assertThat(total()).isEqualTo(120);
        assertAllThere();
        return pulls;
    }

    /// What is read must be with the other holders: the owner may be lost before it has given them all the rest.
    @Test
    void changeThatOneHolderTookIsReadOnlyOnceTheOthersHaveItToo() throws Exception {
        open(3, 2);
        String name = "o";
        ClusterFixture.Member first = cluster.primary(name);
        put(name, "first");
        try (AutoCloseable _ =
                cluster.links.loseReplies((to, request) -> request.target().contains("what=commit"))) {
            assertThat(cluster.put(first, name, "second").status()).isEqualTo(503);
        }
        Set<NodeId> compared = ConcurrentHashMap.newKeySet();
        try (AutoCloseable _ = cluster.links.interfere(new Links.Interference() {
            @Override
            public void before(NodeId from, NodeId to, Request request) {
                if (request.target().contains("what=compare")) {
                    compared.add(from);
                    throw new StoreException(ErrorCode.NODE_UNAVAILABLE, to + " does not say what it lacks");
                }
            }
        })) {
            setPhase(first.id.value(), Node.Phase.MAINTENANCE);
            cluster.activate();
            ClusterFixture.Member second = cluster.primary(name);
            await("it has gathered", () -> compared.contains(second.id));
            assertThat(told(cluster.get(second, name))).isEqualTo("200 second");
            second.stop();
            setPhase(second.id.value(), Node.Phase.MAINTENANCE);
            cluster.activate();
            assertThat(told(cluster.get(cluster.primary(name), name))).isEqualTo("200 second");
        }
    }

    @Test
    void removalThatFailedDoesNotCountForAnObjectOfTheSameStamp() {
        assertThat(readFromOneHolderAndThenTheOther(this::deleteFails, this::putFails))
                .containsExactly("200 second", "200 second");
    }

    @Test
    void objectThatFailedDoesNotCountForARemovalOfTheSameStamp() {
        assertThat(readFromOneHolderAndThenTheOther(this::putFails, this::deleteFails))
                .containsExactly("404", "404");
    }

    private void deleteFails(ClusterFixture.Member primary, String name) {
        assertThat(cluster.delete(primary, name).status()).isEqualTo(503);
    }

    private void putFails(ClusterFixture.Member primary, String name) {
        assertThat(cluster.put(primary, name, "second").status()).isEqualTo(503);
    }

    /// What the other two holders tell one after the other when the primary is gone, each as the primary: the second
    /// of them took a change that failed, and the first another one of the same stamp, since a primary that was
    /// restarted does not know that it gave that before.
    private List<String> readFromOneHolderAndThenTheOther(
            BiConsumer<ClusterFixture.Member, String> atSecond, BiConsumer<ClusterFixture.Member, String> atFirst) {
        open(3, 3);
        String name = "o";
        List<NodeId> holders = Placements.of(cluster.state()).holders(cluster.key(name), cluster.bucket()).stream()
                .map(Node::id)
                .toList();
        ClusterFixture.Member primary = cluster.member(holders.getFirst());
        put(name, "first");
        cluster.links.cut(primary.id, holders.get(1));
        atSecond.accept(primary, name);
        cluster.links.heal();
        primary.stop();
        primary.start();
        primary.renew();
        cluster.links.cut(primary.id, holders.get(2));
        atFirst.accept(primary, name);
        cluster.links.heal();
        setPhase(primary.id.value(), Node.Phase.MAINTENANCE);
        cluster.activate();
        awaitDone();
        ClusterFixture.Member first = cluster.member(holders.get(1));
        String before = found(first, name);
        first.stop();
        setPhase(first.id.value(), Node.Phase.MAINTENANCE);
        cluster.activate();
        return List.of(before, found(cluster.member(holders.get(2)), name));
    }

    private String found(ClusterFixture.Member member, String name) {
        Reply reply = cluster.get(member, name);
        return reply.status() == 404 ? "404" : told(reply);
    }

    @Test
    void aNewerEpochTakesOver() throws Exception {
        open(2, 1);
        fill(80);
        AtomicInteger allowed = new AtomicInteger(5);
        try (AutoCloseable watching = cluster.links.interfere(new Links.Interference() {
            @Override
            public void before(NodeId from, NodeId to, Request request) {
                if (request.target().contains("what=object") && allowed.decrementAndGet() < 0) {
                    throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "out of order");
                }
            }
        })) {
            assertThat(watching).isNotNull();
            cluster.add("n3");
            cluster.activate();
            await("some are there", () -> allowed.get() < 0);
            cluster.add("n4");
            cluster.activate();
            allowed.set(Integer.MAX_VALUE);
            settle();
        }
        assertThat(cluster.state().isSettled()).isTrue();
        assertThat(total()).isEqualTo(80);
        isolateAll();
        assertAllThere();
    }

    @Test
    void moreCopiesAreMadeWhenTheBucketAsksForThem() {
        open(3, 1);
        fill(40);
        cluster.submit(new Command.SetBucketProperties(cluster.bucket().name(), Map.of(Bucket.COPIES, "2")));
        cluster.activate();
        settle();
        assertThat(total()).isEqualTo(80);
        node("n1").stop();
        setPhase("n1", Node.Phase.OFFLINE);
        assertAllThere();
    }

    @Test
    void anOrderedRebalanceBringsWhatAHolderLacks() throws IOException {
        open(3, 2);
        fill(40);
        wipe(node("n2"));
        long own = expected.keySet().stream()
                .filter(name -> cluster.primary(name) == node("n2"))
                .count();
        cluster.submit(new Command.Rebalance());
        cluster.activate();
        settle();
        assertThat(total()).as("what it owns itself it decides").isEqualTo(80 - own);
    }

    /// What an owner says of its keys counts, unless others own them meanwhile.
    @Test
    void aNodeThatLostItsDiskIsFilledFromTheCopiesAfterMaintenance() throws IOException {
        open(3, 2);
        fill(40);
        setPhase("n2", Node.Phase.MAINTENANCE);
        wipe(node("n2"));
        setPhase("n2", Node.Phase.ACTIVE);
        settle();
        assertThat(total()).isEqualTo(80);
        node("n1").stop();
        setPhase("n1", Node.Phase.OFFLINE);
        assertAllThere();
    }

    @Test
    void aSilentNodeWithTheOnlyCopiesKeepsTheEpochOpen() {
        open(3, 1);
        fill(30);
        node("n2").stop();
        setPhase("n2", Node.Phase.OFFLINE);
        await(
                "the others have tried",
                () -> cluster.metrics.text().contains("forebay_rebalance_failures_total{node=\"n1\"}"));
        assertThat(isDone()).isFalse();
        node("n2").start();
        settle();
        assertThat(total()).isEqualTo(30);
        assertAllThere();
    }

    @Test
    void uploadsInProgressMoveWithTheirObjects() {
        open(2, 1);
        Map<String, String> ids = new TreeMap<>();
        for (int index = 0; index < 20; index++) {
            String name = "u" + index;
            ClusterFixture.Member primary = cluster.primary(name);
            ids.put(name, NodeFixture.text(message(primary, name, "{\"action\":\"mpt-upload\"}")));
            assertThat(sendPart(primary, name, ids.get(name), 1, "one").status())
                    .isEqualTo(200);
        }
        cluster.add("n3");
        cluster.activate();
        awaitDone();
        ids.forEach((name, id) -> assertThat(
                        sendPart(cluster.primary(name), name, id, 2, "two").status())
                .as(name)
                .isEqualTo(200));
        settle();
        isolateAll();
        String parts = "[{\"part-number\":1,\"etag\":\"\"},{\"part-number\":2,\"etag\":\"\"}]";
        ids.forEach((name, id) -> {
            Reply completed = message(
                    cluster.primary(name),
                    name + "?uploadId=" + id,
                    "{\"action\":\"mpt-complete\",\"name\":\"\",\"value\":" + parts + "}");
            assertThat(completed.status()).as(name).isEqualTo(200);
            assertThat(told(cluster.get(cluster.primary(name), name))).isEqualTo("200 onetwo");
        });
        assertThat(ids.keySet()).anyMatch(name -> cluster.primary(name).equals(node("n3")));
        assertThat(total()).isEqualTo(20);
    }

    @Test
    void uploadsOfANodeThatDoesNotAnswerOnceAreNotGivenUp() throws Exception {
        open(3, 2);
        Map<String, String> ids = new TreeMap<>();
        for (int index = 0; index < 20; index++) {
            String name = "u" + index;
            ids.put(name, NodeFixture.text(message(cluster.primary(name), name, "{\"action\":\"mpt-upload\"}")));
        }
        AtomicInteger refused = new AtomicInteger();
        try (AutoCloseable _ = cluster.links.interfere(new Links.Interference() {
            @Override
            public void before(NodeId from, NodeId to, Request request) {
                if (from.value().equals("n4") && to.value().equals("n1") && refused.getAndIncrement() == 0) {
                    throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "out of order");
                }
            }
        })) {
            cluster.add("n4");
            cluster.activate();
            settle();
        }
        assertThat(refused.get()).isPositive();
        ids.forEach((name, id) -> assertThat(
                        sendPart(cluster.primary(name), name, id, 1, "one").status())
                .as(name)
                .isEqualTo(200));
    }

    @Test
    void uploadThatCameBackIsNotDroppedByALateCall() throws Exception {
        open(2, 1);
        String name = cluster.nameThatWillMove("n1", "n3");
        String id = NodeFixture.text(message(node("n1"), name, "{\"action\":\"mpt-upload\"}"));
        assertThat(sendPart(node("n1"), name, id, 1, "one").status()).isEqualTo(200);
        List<Request> late = new CopyOnWriteArrayList<>();
        try (AutoCloseable _ = cluster.links.interfere(new Links.Interference() {
            @Override
            public void before(NodeId from, NodeId to, Request request) {
                if (request.method() == Method.DELETE && request.target().contains("what=upload&")) {
                    late.add(request);
                    throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "it is late");
                }
            }
        })) {
            cluster.add("n3");
            cluster.activate();
            assertThat(sendPart(node("n3"), name, id, 2, "two").status()).isEqualTo(503);
            cluster.submit(new Command.SetPhase(new NodeId("n3"), Node.Phase.MAINTENANCE));
            cluster.activate();
        }
        assertThat(cluster.primary(name)).isEqualTo(node("n1"));
        assertThat(late).isNotEmpty();
        Reply reply = node("n1").node().handler().handle(DirectExchange.of(late.getFirst(), Body.empty()));
        assertThat(reply.headers().find("Forebay-Error")).isEqualTo("NOT_OWNER");
        assertThat(sendPart(node("n1"), name, id, 2, "two").status()).isEqualTo(200);
    }

    private Reply message(ClusterFixture.Member member, String target, String text) {
        return cluster.send(member, Method.POST, target, new Headers(), MemoryBody.of(NodeFixture.bytes(text)));
    }

    private Reply sendPart(ClusterFixture.Member member, String name, String id, int number, String content) {
        String target = name + "?uploadId=" + id + "&partNumber=" + number;
        return cluster.send(member, Method.PUT, target, new Headers(), MemoryBody.of(NodeFixture.bytes(content)));
    }

    @Test
    void movingKeepsToItsBandwidth() {
        Map<String, String> slow = new TreeMap<>(SETTINGS);
        slow.put("rebalance.bandwidth", "1MiB");
        open(1, 1, slow);
        for (int index = 0; index < 12; index++) {
            put("o" + index, "x".repeat(100_000));
        }
        cluster.add("n2");
        cluster.activate();
        settle();
        assertAllThere();
        String paused = Objects.requireNonNull(cluster.metrics
                .text()
                .lines()
                .filter(line -> line.startsWith("forebay_rebalance_paused_millis_total{node=\"n2\"}"))
                .findFirst()
                .orElse(null));
        assertThat(Long.parseLong(paused.substring(paused.lastIndexOf(' ') + 1)))
                .isPositive();
    }

    @Test
    void writesGoOnWhileObjectsMove() {
        open(3, 2);
        fill(40);
        cluster.add("n4");
        cluster.activate();
        for (int round = 0; round < 3; round++) {
            for (int index = 0; index < 40; index += 3) {
                put("o" + index, "round" + round + "." + index);
            }
        }
        settle();
        assertThat(total()).isEqualTo(2L * expected.size());
        assertAllThere();
        MemoryBody body = MemoryBody.of(NodeFixture.bytes("x"));
        assertThat(cluster.send(cluster.primary("last"), Method.PUT, "last", new Headers(), body)
                        .status())
                .isEqualTo(200);
    }
}
