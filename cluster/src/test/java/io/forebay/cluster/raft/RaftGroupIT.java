package io.forebay.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.peer.Peer;
import io.forebay.cluster.peer.PeerCalls;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpClient;
import io.forebay.protocol.http.netty.EventLoopConfig;
import io.forebay.protocol.http.netty.EventLoops;
import io.forebay.protocol.http.netty.HttpClientConfig;
import io.forebay.protocol.http.netty.NettyHttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Members of one group, each behind a real control port, in one process.
final class RaftGroupIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Logger LEADER_LOG = Logger.getLogger("org.apache.ratis.server.RaftServer$Division");

    @TempDir
    Path temporary;

    private final List<TestGateway> gateways = new ArrayList<>();

    /// What Ratis says when a leader that is overtaken stood still for five seconds, waiting for itself.
    private final Queue<LogRecord> standstills = new ConcurrentLinkedQueue<>();

    private final Filter noting = line -> {
        if (line.getThrown() instanceof TimeoutException) {
            standstills.add(line);
        }
        return true;
    };

    @BeforeEach
    void noteStandstills() {
        LEADER_LOG.setFilter(noting);
    }

    @AfterEach
    void closeAll() {
        gateways.forEach(TestGateway::close);
        LEADER_LOG.setFilter(null);
        assertThat(standstills).extracting(LogRecord::getMessage).isEmpty();
    }

    @Test
    void groupOfOneGrowsToThreeAndShrinksWithoutRestartOfTheFirst() {
        TestGateway first = grow(1);
        first.createBucket("alone");
        grow(3);
        assertThat(voters(first)).containsExactlyInAnyOrder("gateway1", "gateway2", "gateway3");
        for (TestGateway gateway : gateways) {
            Applied applied = gateway.createBucket("from-" + gateway.id);
            assertThat(applied).isInstanceOf(Applied.Changed.class);
            assertThat(gateway.state.current().bucket(BucketName.of("from-" + gateway.id)))
                    .isNotNull();
        }
        awaitSameState(5);

        for (TestGateway leaving : List.of(gateways.get(2), gateways.get(1))) {
            first.log.removeMember(leaving.id);
            leaving.log.left().orTimeout(30, TimeUnit.SECONDS).join();
            assertFails(() -> leaving.createBucket("late"), ErrorCode.NODE_UNAVAILABLE);
            leaving.close();
            gateways.remove(leaving);
            first.createBucket("after-" + leaving.id);
        }
        assertThat(voters(first)).containsExactly("gateway1");
        assertFails(() -> first.log.removeMember(first.id), ErrorCode.PRECONDITION_FAILED);
    }

    @Test
    void commandsGoOnWhenTheLeaderIsCutOffAndNothingIsLostOrAppliedTwice() throws Exception {
        grow(5);
        TestGateway old = leader();
        TestGateway other =
                gateways.stream().filter(each -> each != old).findFirst().orElseThrow();
        other.createBucket("before");
        Leadership proof = old.log.confirmLeadership();
        old.cut(true);
        assertThat(other.createBucket("during")).isInstanceOf(Applied.Changed.class);
        assertThatThrownBy(old.log::confirmLeadership)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.code()).isIn(ErrorCode.NODE_UNAVAILABLE, ErrorCode.NOT_LEADER));
        Leadership next = leaderOtherThan(old).log.confirmLeadership();
        assertThat(next.term()).isGreaterThan(proof.term());
        assertThat(next.electedNanos() - proof.confirmedNanos()).isPositive();

        // Waits there until the connection is back, and is then ordered by whoever leads.
        CountDownLatch submitted = new CountDownLatch(1);
        Thread waiting = Thread.ofVirtual().start(() -> {
            submitted.countDown();
            old.createBucket("waiting");
        });
        submitted.await();
        old.cut(false);
        waiting.join();
        other.createBucket("after");
        awaitSameState(5);
        assertThat(other.state.current().buckets()).hasSize(4);
    }

    /// The proof must not rest on what was acknowledged earlier, when nothing was ordered since.
    @Test
    void leaderThatIsCutOffProvesNothingThoughNothingWasOrderedSince() {
        grow(3);
        TestGateway leader = leader();
        leader.createBucket("one");
        for (int round = 0; round < 3; round++) {
            Leadership proof = leader.log.confirmLeadership();
            assertThat(proof.confirmedNanos() - proof.electedNanos()).isPositive();
        }
        gateways.forEach(gateway -> gateway.cut(true));
        assertThatThrownBy(leader.log::confirmLeadership)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.code()).isIn(ErrorCode.NODE_UNAVAILABLE, ErrorCode.NOT_LEADER));
        gateways.forEach(gateway -> gateway.cut(false));
        gateways.getFirst().createBucket("two");
        TestGateway follower =
                gateways.stream().filter(each -> each != leader()).findFirst().orElseThrow();
        assertFails(follower.log::confirmLeadership, ErrorCode.NOT_LEADER);
    }

    @Test
    void commandOfATermIsOrderedInThatTermOrNotAtAll() {
        grow(3);
        TestGateway leader = leader();
        GroupLeadership leadership = new GroupLeadership(leader.log);
        long term = leadership.confirm();
        Command command = new Command.ChangeSettings(Map.of("who", "leader"));
        assertThat(leadership.submit(term, command)).isInstanceOf(Applied.Changed.class);
        assertFails(() -> leadership.submit(term - 1, command), ErrorCode.NOT_LEADER);
        assertFails(() -> leadership.submit(term + 1, command), ErrorCode.NOT_LEADER);
        TestGateway follower =
                gateways.stream().filter(each -> each != leader).findFirst().orElseThrow();
        assertThat(new GroupLeadership(follower.log).leader()).isEqualTo(leader.id);
        assertFails(() -> new GroupLeadership(follower.log).submit(term, command), ErrorCode.NOT_LEADER);
        gateways.forEach(gateway -> gateway.cut(true));
        awaitTrue(() -> !leader.log.isLeader());
        assertFails(() -> leadership.submit(term, command), ErrorCode.NOT_LEADER);
        gateways.forEach(gateway -> gateway.cut(false));
        long version = leader.state.current().version();
        leader().createBucket("after");
        awaitSameState(version + 1);
    }

    @Test
    void closedLeaderIsFollowedByAnotherAndComesBackUnderAnotherAddress() throws Exception {
        grow(3);
        for (int round = 0; round < 3; round++) {
            TestGateway closed = leader();
            closed.createBucket("before" + round);
            closed.close();
            gateways.remove(closed);
            assertThat(gateways.getFirst().createBucket("during" + round)).isInstanceOf(Applied.Changed.class);

            TestGateway again = gateway(closed.id.value(), new Membership.Founding());
            again.log.start();
            assertThat(again.url).isNotEqualTo(closed.url);
            assertThat(again.state.current().bucket(BucketName.of("during" + round)))
                    .as("what was ordered before the start")
                    .isNotNull();
            again.createBucket("after" + round);
            awaitTrue(() -> leader().log.voters().contains(new Peer(again.id, again.url)));
        }
        awaitSameState(10);
    }

    @Test
    void groupThatIsStartedAgainAsAWholeGoesOn() throws Exception {
        grow(3);
        gateways.getFirst().createBucket("before");
        awaitSameState(2);
        List<TestGateway> before = List.copyOf(gateways);
        before.forEach(TestGateway::close);
        gateways.clear();
        // Two come back where they were; the third seeks them, and they learn its new address.
        for (TestGateway each : before) {
            int port = each == before.getLast() ? 0 : Integer.parseInt(each.url.replaceAll(".*:", ""));
            TestGateway again = new TestGateway(
                    each.id.value(),
                    temporary.resolve(each.id.value()),
                    new Membership.Founding(),
                    TestGateway.SECRET,
                    TestGateway.config(4096),
                    port);
            gateways.add(again);
        }
        List<Thread> starts = gateways.stream()
                .map(each -> Thread.ofVirtual().start(each.log::start))
                .toList();
        for (Thread start : starts) {
            start.join();
        }
        gateways.getLast().createBucket("after");
        awaitSameState(3);
    }

    @Test
    void lateJoinerGetsASnapshotInPlaceOfTheLog() {
        TestGateway first = gateway("gateway1", new Membership.Founding(), 10);
        first.log.start();
        String large = "x".repeat(400_000);
        for (int number = 0; number < 40; number++) {
            first.log.submit(new Command.ChangeSettings(Map.of("large" + number % 4, large + number)));
        }
        TestGateway late = gateway("gateway2", TestGateway.joining(first), 10);
        join(first, late);
        assertThat(late.state.current().settings()).containsEntry("large3", large + 39);
        late.createBucket("after");
        awaitSameState(42);
        assertThat(late.metrics.text()).contains("forebay_cluster_snapshots_installed_total 1");
    }

    @Test
    void nodeThatWasRemovedJoinsAgain() {
        TestGateway first = grow(3);
        TestGateway removed = gateways.getLast();
        first.log.removeMember(removed.id);
        removed.log.left().orTimeout(30, TimeUnit.SECONDS).join();
        removed.close();
        gateways.remove(removed);
        first.createBucket("meanwhile");

        TestGateway unled = gateway(removed.id.value(), new Membership.Founding());
        assertFails(unled.log::start, ErrorCode.PRECONDITION_FAILED);
        unled.close();
        gateways.remove(unled);
        TestGateway again = gateway(removed.id.value(), TestGateway.joining(first));
        join(leader(), again);
        assertThat(again.createBucket("again")).isInstanceOf(Applied.Changed.class);
        awaitSameState(3);
    }

    @Test
    void leaderThatRemovesItselfIsFollowedByAnother() {
        grow(3);
        TestGateway leader = leader();
        leader.log.removeMember(leader.id);
        leader.log.left().orTimeout(30, TimeUnit.SECONDS).join();
        leader.close();
        gateways.remove(leader);
        assertThat(gateways.getFirst().createBucket("after")).isInstanceOf(Applied.Changed.class);
        assertThat(voters(gateways.getFirst())).hasSize(2).doesNotContain(leader.id.value());
    }

    @Test
    void wrongSecretIsRefused() {
        TestGateway first = grow(1);
        TestGateway stranger = new TestGateway(
                "stranger",
                temporary.resolve("stranger"),
                TestGateway.joining(first),
                new Secret("another"),
                TestGateway.config(4096),
                0);
        gateways.add(stranger);
        assertFails(stranger.log::start, ErrorCode.FORBIDDEN);
        assertThat(first.metrics.text()).contains("forebay_cluster_calls_refused_total 1");
    }

    @Test
    void nodeThatDoesNotAnswerDoesNotBecomeAVoterAndHarmsNothing() {
        TestGateway first = grow(1);
        assertFails(() -> first.log.addMember(new NodeId("nobody"), "http://127.0.0.1:1"), ErrorCode.NODE_UNAVAILABLE);
        first.createBucket("after");
        assertThat(voters(first)).containsExactly("gateway1");
    }

    @Test
    void commandSentTwiceUnderOneNameIsAppliedOnce() {
        TestGateway first = grow(1);
        try (EventLoops loops = new EventLoops(Settings.defaults(EventLoopConfig.class));
                NettyHttpClient http = new NettyHttpClient(HttpClientConfig.defaults(), loops, new Metrics())) {
            PeerCalls calls = calls(http);
            byte[] command = new Submission(new Command.CreateBucket(BucketName.of("one"), 1, Map.of()))
                    .getContent()
                    .toByteArray();
            Set<String> outcomes = new HashSet<>();
            for (int time = 0; time < 2; time++) {
                Headers name = new Headers().set("Forebay-Command", "00000000-0000-0001-0000-000000000001 7");
                PeerCalls.Answer answer = calls.post(first.url, Forwarding.PATH, name, command, LONG);
                outcomes.add(answer.text());
                assertThat(answer.headers().find(NodeHeaders.STATE_VERSION)).isEqualTo("2");
            }
            assertThat(outcomes).containsExactly("");
            assertThat(first.state.current().version()).isEqualTo(2);
            RemoteCommandLog remote =
                    new RemoteCommandLog(calls, first.state, () -> List.of(first.url), TestGateway.config(1));
            assertThat(remote.submit(new Command.CreateBucket(BucketName.of("one"), 1, Map.of())))
                    .isInstanceOfSatisfying(
                            Applied.Refused.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
            assertFails(
                    () -> calls.post(
                            first.url, Forwarding.PATH, new Headers().set("Forebay-Command", "x"), command, LONG),
                    ErrorCode.INVALID_ARGUMENT);
            byte[] unknown = {1, '{', '"', 'x', '"', ':', '{', '}', '}'};
            Headers name = new Headers().set("Forebay-Command", "00000000-0000-0001-0000-000000000001 8");
            assertThatThrownBy(() -> calls.post(first.url, Forwarding.PATH, name, unknown, LONG))
                    .isInstanceOf(StoreException.class);
            first.createBucket("still-works");
        }
    }

    private static PeerCalls calls(HttpClient http) {
        return new PeerCalls(
                http, TestGateway.SECRET, new Peer(new NodeId("asking"), "http://127.0.0.1:1"), new Metrics());
    }

    /// Gateways 1 to `count`, all voters; gives the first.
    private TestGateway grow(int count) {
        if (gateways.isEmpty()) {
            gateway("gateway1", new Membership.Founding()).log.start();
        }
        TestGateway first = gateways.getFirst();
        while (gateways.size() < count) {
            join(first, gateway("gateway" + (gateways.size() + 1), TestGateway.joining(first)));
        }
        return first;
    }

    private static void join(TestGateway leader, TestGateway joining) {
        joining.log.start();
        leader.log.addMember(joining.id, joining.url);
        joining.log.awaitMembership(LONG);
    }

    private TestGateway gateway(String name, Membership membership) {
        return gateway(name, membership, 4096);
    }

    private TestGateway gateway(String name, Membership membership, int snapshotEvery) {
        TestGateway made = new TestGateway(
                name, temporary.resolve(name), membership, TestGateway.SECRET, TestGateway.config(snapshotEvery), 0);
        gateways.add(made);
        return made;
    }

    private TestGateway leader() {
        awaitTrue(() -> gateways.stream().anyMatch(each -> each.log.isLeader()));
        return gateways.stream().filter(each -> each.log.isLeader()).findFirst().orElseGet(this::leader);
    }

    private TestGateway leaderOtherThan(TestGateway old) {
        BooleanSupplier there = () -> gateways.stream().anyMatch(each -> each != old && each.log.isLeader());
        awaitTrue(there);
        return gateways.stream()
                .filter(each -> each != old && each.log.isLeader())
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> voters(TestGateway gateway) {
        return gateway.log.voters().stream().map(peer -> peer.id().value()).collect(Collectors.toSet());
    }

    private void awaitSameState(long version) {
        gateways.forEach(gateway -> gateway.state.await(version, LONG));
        assertThat(gateways)
                .allSatisfy(gateway -> assertThat(gateway.state.current())
                        .isEqualTo(gateways.getFirst().state.current()));
    }

    private static void awaitTrue(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("nanoseconds late").isNegative();
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static void assertFails(ThrowableAssert.ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.code()).as(e.text()).isEqualTo(code));
    }
}
