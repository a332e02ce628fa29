package io.forebay.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.SteerableTime;
import io.forebay.common.time.Ticker;
import io.forebay.gateway.routing.Router;
import io.forebay.gateway.routing.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/// Whose answers are needed, and when they fit together.
final class CanvassTest {
    private static final BucketName ONCE = BucketName.of("once");
    private static final BucketName TWICE = BucketName.of("twice");

    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog log = new InMemoryCommandLog(state);
    private final SteerableTime ticker = new SteerableTime();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder gaveUp = new LongAdder();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final Router router;
    private final Canvass canvass;

    CanvassTest() {
        for (String id : List.of("na", "nb", "nc")) {
            join(id);
        }
        log.submit(new Command.CreateBucket(ONCE, 1, Map.of()));
        log.submit(new Command.CreateBucket(TWICE, 1, Map.of(Bucket.COPIES, "2")));
        router = new Router(state, Duration.ofSeconds(1));
        canvass = new Canvass(router, Duration.ofMillis(20), ticker, repeated, gaveUp);
    }

    private void join(String id) {
        log.submit(new Command.Join(
                new Node(new NodeId(id), Node.Role.STORAGE, "http://h:1", "http://h:1", Node.Phase.ACTIVE)));
    }

    private void phase(String id, Node.Phase phase) {
        log.submit(new Command.SetPhase(new NodeId(id), phase));
    }

    private void activate() {
        log.submit(new Command.Activate(state.current().newestEpoch().number()));
    }

    private Canvass.Answer<String> answer(Node node, Snapshot snapshot) {
        ticker.advance(Duration.ofMillis(1));
        if (silent.contains(node.id().value())) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, node.id() + " is away");
        }
        return new Canvass.Answer<>(snapshot.epochLabel(), node.id().value());
    }

    private List<String> asked(BucketName bucket) {
        return canvass.ask(router.snapshot(), bucket, this::answer).values();
    }

    @Test
    void everyNodeOfEveryEpochIsAsked() {
        assertThat(asked(ONCE)).containsExactly("na", "nb", "nc");
        phase("nb", Node.Phase.DECOMMISSIONED);
        join("nd");
        activate();
        assertThat(asked(ONCE)).containsExactly("na", "nb", "nc", "nd");
        log.submit(new Command.Settle(state.current().newestEpoch().number()));
        assertThat(asked(ONCE)).containsExactly("na", "nc", "nd");
    }

    @Test
    void formerOwnerThatIsSilentIsExcusedOnlyWhereOthersHaveCopies() {
        phase("nb", Node.Phase.OFFLINE);
        activate();
        silent.add("nb");
        assertThat(asked(TWICE)).containsExactly("na", "nc");
        assertThatThrownBy(() -> asked(ONCE))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE))
                .hasMessageContaining("nb is away");
        assertThat(gaveUp.sum()).isEqualTo(1);
    }

    /// What it serves, no other node lists.
    @Test
    void ownerThatIsSilentIsNeverExcused() {
        silent.add("nb");
        assertThatThrownBy(() -> asked(TWICE)).hasMessageContaining("nb is away");
        phase("nb", Node.Phase.OFFLINE);
        assertThatThrownBy(() -> asked(TWICE)).hasMessageContaining("nb is away");
    }

    /// Those that have copies of what it served are silent on it, as if it were there.
    @Test
    void ownerThatLeftIsMissedUntilOthersServeItsObjects() {
        phase("nb", Node.Phase.OFFLINE);
        log.submit(new Command.Leave(new NodeId("nb")));
        Ticker stepping = () -> {
            ticker.advance(Duration.ofMillis(1));
            return ticker.nanos();
        };
        Canvass impatient = new Canvass(router, Duration.ofMillis(20), stepping, repeated, gaveUp);
        assertThatThrownBy(() -> impatient.ask(router.snapshot(), TWICE, this::answer))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE))
                .hasMessageContaining("node nb has left the cluster");
        activate();
        assertThat(asked(TWICE)).containsExactly("na", "nc");
    }

    @Test
    void silentOwnerIsAwaitedUntilItOwnsNoMore() {
        silent.add("nb");
        Canvass.Answers<String> answers = canvass.ask(router.snapshot(), TWICE, (node, snapshot) -> {
            if (repeated.sum() == 2) {
                phase("nb", Node.Phase.OFFLINE);
                activate();
            }
            return answer(node, snapshot);
        });
        assertThat(answers.values()).containsExactly("na", "nc");
        assertThat(answers.snapshot().epochLabel()).isEqualTo("4 active");
    }

    @Test
    void answersUnderOtherOwnersAreAskedForAgainUnderTheNewerState() {
        Snapshot old = router.snapshot();
        join("nd");
        Canvass.Answers<String> answers = canvass.ask(old, ONCE, (node, snapshot) -> {
            ticker.advance(Duration.ofMillis(1));
            return new Canvass.Answer<>(
                    router.snapshot().epochLabel(), node.id().value());
        });
        assertThat(answers.values()).containsExactly("na", "nb", "nc", "nd");
        assertThat(repeated.sum()).isEqualTo(1);
    }

    @Test
    void answersThatNeverFitAreTold() {
        assertThatThrownBy(() -> canvass.ask(router.snapshot(), ONCE, (node, snapshot) -> {
                    ticker.advance(Duration.ofMillis(1));
                    return new Canvass.Answer<>(node.id().value().equals("nb") ? "9 active" : "3 settled", "x");
                }))
                .hasMessageContaining("owners of ais://once are changing: node nb answered under epoch 9 active");
    }

    @Test
    void whatIsNoSilenceIsToldAtOnce() {
        assertThatThrownBy(() -> canvass.ask(router.snapshot(), TWICE, (node, snapshot) -> {
                    throw new StoreException(ErrorCode.INVALID_ARGUMENT, "nonsense");
                }))
                .hasMessage("nonsense");
        assertThat(repeated.sum()).isZero();
    }

    @Test
    void allAreAskedAgainWhenWhatFollowsIsNoMoreTrue() {
        Canvass.Answers<String> answers = canvass.ask(router.snapshot(), TWICE, this::answer, (snapshot, values) -> {
            if (repeated.sum() < 2) {
                throw new StoreException(ErrorCode.NOT_OWNER, "na does not own b/x");
            }
            return List.of(values.getFirst() + snapshot.epochLabel());
        });
        assertThat(answers.values()).containsExactly("na3 settled");
        assertThatThrownBy(() -> canvass.ask(router.snapshot(), TWICE, this::answer, (snapshot, values) -> {
                    throw new StoreException(ErrorCode.CORRUPT, "b/x is damaged");
                }))
                .hasMessageContaining("damaged");
    }
}
