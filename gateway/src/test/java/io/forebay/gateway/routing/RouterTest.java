package io.forebay.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static final ObjectKey KEY = new ObjectKey(BucketName.of("b"), "o");

    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog log = new InMemoryCommandLog(state);
    private final Router router = new Router(state, Duration.ofMillis(10));

    @Test
    void snapshotIsMadeOnceForEachState() {
        Snapshot first = router.snapshot();
        assertThat(router.snapshot()).isSameAs(first);
        log.submit(new Command.CreateBucket(KEY.bucket(), 1, Map.of()));
        Snapshot second = router.snapshot();
        assertThat(second).isNotSameAs(first);
        assertThat(second.versionText()).isEqualTo("1");
        assertThat(router.await(1)).isSameAs(second);
    }

    @Test
    void snapshotStaysWhatItWasWhenTheStateMovesOn() {
        Snapshot before = router.snapshot();
        log.submit(new Command.Join(
                new Node(new NodeId("t1"), Node.Role.STORAGE, "http://h:1", "http://h:1", Node.Phase.ACTIVE)));
        assertThat(before.owners()).isEmpty();
        assertThat(router.snapshot().owner(KEY).id()).isEqualTo(new NodeId("t1"));
        assertThatThrownBy(() -> before.owner(KEY)).hasMessageContaining("no storage targets");
    }

    @Test
    void newerStateThatDoesNotComeIsTold() {
        assertThatThrownBy(() -> router.await(7))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STALE_MAP));
    }

    @Test
    void missingBucketHasAistoresText() {
        assertThatThrownBy(() -> router.snapshot().require(KEY.bucket()))
                .hasMessage("bucket \"ais://b\" does not exist");
    }
}
