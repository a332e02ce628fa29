package io.forebay.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.codec.CommandBatch;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.config.Secret;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.SteerableTime;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.InMemoryHttp;
import io.forebay.protocol.http.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The feed of one process and the puller of another, without sockets and on steered time.
final class StatePullerTest {
    private static final String FIRST = "http://gateway-1:1";
    private static final String OTHER = "http://gateway-2:1";

    private final SteerableTime time = new SteerableTime();
    private final Metrics metrics = new Metrics();
    private final InMemoryHttp http = new InMemoryHttp();
    private final CurrentState theirs = new CurrentState(100, 1 << 20);
    private final InMemoryCommandLog log = new InMemoryCommandLog(theirs);
    private final CurrentState ours = new CurrentState(100, 1 << 20);

    @Test
    void wholeStateComesFirstAndCommandsAfterwards() {
        found("c1");
        bucket("one");
        http.open(FIRST, feed(theirs));
        try (StatePuller puller = puller("", FIRST)) {
            puller.start();
            time.advance(Duration.ofSeconds(1));
            assertThat(ours.current()).isEqualTo(theirs.current());
            bucket("two");
            bucket("two");
            bucket("three");
            time.advance(Duration.ofSeconds(1));
            assertThat(ours.current()).isEqualTo(theirs.current());
            assertThat(metrics.text())
                    .contains("forebay_cluster_state_answers_total{what=\"state\"} 1")
                    .contains("forebay_cluster_state_answers_total{what=\"commands\"} 1");
            assertThat(ours.commandsSince(2)).hasSize(3);
        }
    }

    @Test
    void commandsThatAreForgottenAreReplacedByTheWholeState() {
        CurrentState small = new CurrentState(2, 1 << 20);
        InMemoryCommandLog smallLog = new InMemoryCommandLog(small);
        small.publish(ClusterState.EMPTY.apply(new Command.Found("c1", 1)).state());
        http.open(FIRST, feed(small));
        try (StatePuller puller = puller("", FIRST)) {
            puller.start();
            time.advance(Duration.ofSeconds(1));
            for (int index = 0; index < 3; index++) {
                smallLog.submit(new Command.CreateBucket(BucketName.of("bucket-" + index), 1, Map.of()));
            }
            time.advance(Duration.ofSeconds(1));
            assertThat(ours.current()).isEqualTo(small.current());
            assertThat(metrics.text()).contains("forebay_cluster_state_answers_total{what=\"state\"} 2");
        }
    }

    @Test
    void otherGatewaysAreLearntFromTheStateAndTriedInTurn() {
        found("c1");
        log.submit(new Command.Join(
                new Node(new NodeId("g2"), Node.Role.GATEWAY, "http://d:1", OTHER, Node.Phase.ACTIVE)));
        http.open(FIRST, feed(theirs));
        http.open(OTHER, feed(theirs));
        try (StatePuller puller = puller("", FIRST)) {
            puller.start();
            time.advance(Duration.ofSeconds(1));
            http.shut(FIRST);
            bucket("one");
            time.advance(Duration.ofSeconds(3));
            assertThat(ours.current()).isEqualTo(theirs.current());
        }
    }

    @Test
    void failuresAreFollowedByGrowingPauses() {
        try (StatePuller puller = puller("", FIRST)) {
            puller.start();
            time.advance(Duration.ofSeconds(60));
            assertThat(http.calls(FIRST)).isBetween(60L, 130L);
        }
    }

    @Test
    void stateOfAnotherClusterIsRefused() {
        found("c2");
        http.open(FIRST, feed(theirs));
        try (StatePuller puller = puller("c1", FIRST)) {
            puller.start();
            time.advance(Duration.ofSeconds(5));
            assertThat(ours.current()).isSameAs(ClusterState.EMPTY);
        }
    }

    @Test
    void olderStateIsLeftAlone() {
        found("c1");
        CurrentState old = new CurrentState();
        old.publish(theirs.current());
        bucket("one");
        ours.publish(theirs.current());
        http.open(FIRST, feed(old));
        try (StatePuller puller = puller("", FIRST)) {
            puller.start();
            time.advance(Duration.ofSeconds(5));
            assertThat(ours.current()).isSameAs(theirs.current());
        }
    }

    @Test
    void commandThatCannotBeReadIsReplacedByTheWholeState() {
        found("c1");
        ours.publish(theirs.current());
        bucket("one");
        Handler feed = feed(theirs);
        byte[] broken = new CommandBatch(1, List.of("\u0001{}".getBytes(StandardCharsets.UTF_8))).encode();
        http.open(
                FIRST,
                exchange -> exchange.request().target().contains("after=-1")
                        ? feed.handle(exchange)
                        : Reply.of(200, StateFeed.COMMANDS, broken).with(NodeHeaders.CLUSTER, "c1"));
        try (StatePuller puller = puller("", FIRST)) {
            puller.start();
            time.advance(Duration.ofMillis(200));
            assertThat(ours.current()).isEqualTo(theirs.current());
            assertThat(metrics.text()).contains("forebay_cluster_state_doubts_total ");
        }
    }

    /// Found when nothing else happens: both say what they have come to.
    @Test
    void stateThatCameOutDifferentIsCorrected() {
        found("c1");
        bucket("one");
        ClusterState right = theirs.current();
        CurrentState wrong = new CurrentState();
        InMemoryCommandLog wrongLog = new InMemoryCommandLog(wrong);
        wrongLog.submit(new Command.Found("c1", 1));
        wrongLog.submit(new Command.CreateBucket(BucketName.of("other"), 1, Map.of()));
        CurrentState follower = new CurrentState();
        follower.publish(wrong.current());
        http.open(FIRST, feed(theirs));
        try (StatePuller puller = puller(follower, "", FIRST)) {
            puller.start();
            time.advance(Duration.ofSeconds(1));
            assertThat(follower.current()).isEqualTo(right);
            assertThat(metrics.text()).contains("forebay_cluster_state_doubts_total 1");
        }
    }

    /// The gateway that is asked may be cut off, and cannot know what it lacks.
    @Test
    void anotherGatewayIsAskedForAVersionThatDoesNotCome() {
        found("c1");
        CurrentState old = new CurrentState();
        old.publish(theirs.current());
        bucket("one");
        http.open(FIRST, feed(old));
        http.open(OTHER, feed(theirs));
        ours.publish(old.current());
        try (StatePuller puller = puller("", FIRST, OTHER)) {
            puller.start();
            puller.expect(2);
            time.advance(Duration.ofSeconds(1));
            assertThat(ours.current()).isEqualTo(theirs.current());
        }
    }

    /// As after a start: how that state came about is not known any more.
    private void found(String clusterId) {
        theirs.publish(ClusterState.EMPTY.apply(new Command.Found(clusterId, 1)).state());
    }

    private void bucket(String name) {
        log.submit(new Command.CreateBucket(BucketName.of(name), 1, Map.of()));
    }

    /// Waits for nobody: the thread that would is the one that steers the time.
    private StateFeed feed(CurrentState state) {
        QuorumContact contact = new QuorumContact(Duration.ofSeconds(3), () -> 0, metrics);
        return new StateFeed(state, contact, Duration.ZERO, time, time, metrics);
    }

    private StatePuller puller(String clusterId, String... gateways) {
        return puller(ours, clusterId, gateways);
    }

    private StatePuller puller(CurrentState state, String clusterId, String... gateways) {
        return new StatePuller(
                WatchConfig.defaults(),
                new StatePuller.Parts(
                        state,
                        clusterId,
                        new KnownGateways(state, List.of(gateways)),
                        new ControlCalls(http, new Secret("s"), time, 1 << 20),
                        time,
                        time,
                        new Random(1),
                        metrics));
    }
}
