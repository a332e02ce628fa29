package io.forebay.cluster.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EpochsTest {
    private ClusterState state = ClusterState.EMPTY
            .apply(new Command.ChangeSettings(Map.of(ClusterState.OWNERS_MOVE, "true")))
            .state();

    /// There is no object that could be elsewhere.
    @Test
    void beforeThereIsABucketOwnersChangeAtOnce() {
        join("na");
        join("nb");
        assertThat(state.epochs()).isEqualTo(List.of(epoch(2, true, "na", "nb")));
        assertThat(state.isSettled()).isTrue();
    }

    /// Nothing moves the objects, so their keys must not go elsewhere.
    @Test
    void ownersStayOnceThereIsABucket() {
        withBucketOn("na", "nb");
        apply(new Command.ChangeSettings(Map.of(ClusterState.OWNERS_MOVE, "")));
        refused(join(new NodeId("nc")), ErrorCode.UNSUPPORTED, "do not move");
        refused(new Command.Leave(new NodeId("na")), ErrorCode.UNSUPPORTED, "do not move");
        refused(new Command.SetPhase(new NodeId("na"), Node.Phase.OFFLINE), ErrorCode.UNSUPPORTED, "do not move");
        assertThat(state.epochs()).isEqualTo(List.of(epoch(2, true, "na", "nb")));
    }

    @Test
    void ownersThatComeLaterWaitForTheirEpoch() {
        withBucketOn("na", "nb");
        join("nc");
        assertThat(state.epochs()).isEqualTo(List.of(epoch(2, true, "na", "nb"), epoch(3, false, "na", "nb", "nc")));
        assertThat(state.isSettled()).isFalse();
        apply(new Command.Activate(3));
        assertThat(state.epochs()).isEqualTo(List.of(epoch(2, true, "na", "nb"), epoch(3, true, "na", "nb", "nc")));
        apply(new Command.Settle(3));
        assertThat(state.epochs()).isEqualTo(List.of(epoch(3, true, "na", "nb", "nc")));
        assertThat(state.isSettled()).isTrue();
    }

    @Test
    void pendingEpochIsReplaced() {
        withBucketOn("na", "nb");
        join("nc");
        join("nd");
        assertThat(state.epochs())
                .isEqualTo(List.of(epoch(2, true, "na", "nb"), epoch(4, false, "na", "nb", "nc", "nd")));
    }

    /// The epoch that serves was not left.
    @Test
    void pendingEpochIsGoneWhenTheOwnersAreAsBefore() {
        withBucketOn("na", "nb");
        join("nc");
        apply(new Command.Leave(new NodeId("nc")));
        assertThat(state.epochs()).isEqualTo(List.of(epoch(4, true, "na", "nb")));
    }

    /// Else a node that prepared the first would be taken to have prepared the second.
    @Test
    void numberOfADroppedEpochIsNotGivenAgain() {
        withBucketOn("na", "nb");
        join("nc");
        long dropped = state.newestEpoch().number();
        apply(new Command.Leave(new NodeId("nc")));
        join("nd");
        assertThat(state.newestEpoch().active()).isFalse();
        assertThat(state.newestEpoch().number()).isGreaterThan(dropped);
    }

    @Test
    void ownersThatComeBackTakeThePlaceOfTheirEarlierEpoch() {
        withBucketOn("na", "nb");
        phase("na", Node.Phase.OFFLINE);
        apply(new Command.Activate(3));
        phase("na", Node.Phase.ACTIVE);
        assertThat(state.epochs())
                .isEqualTo(List.of(epoch(2, true, "na", "nb"), epoch(3, true, "nb"), epoch(4, false, "na", "nb")));
        apply(new Command.Activate(4));
        assertThat(state.epochs()).isEqualTo(List.of(epoch(3, true, "nb"), epoch(4, true, "na", "nb")));
    }

    @Test
    void onlyTheNewestIsActivatedOrSettled() {
        withBucketOn("na", "nb");
        join("nc");
        refused(new Command.Activate(2), ErrorCode.INVALID_ARGUMENT, "not the newest");
        refused(new Command.Settle(3), ErrorCode.INVALID_ARGUMENT, "serves");
        refused(new Command.Settle(2), ErrorCode.INVALID_ARGUMENT, "not the newest");
    }

    @Test
    void tooManyUnsettledOwnerSetsAreRefused() {
        withBucketOn("na");
        for (int number = 1; number < EpochList.MAX; number++) {
            join("m" + number);
            apply(new Command.Activate(state.newestEpoch().number()));
        }
        refused(join(new NodeId("more")), ErrorCode.IN_USE, "wait for the rebalance");
        apply(new Command.Settle(state.newestEpoch().number()));
        join("more");
    }

    private void withBucketOn(String... nodes) {
        for (String node : nodes) {
            join(node);
        }
        apply(new Command.CreateBucket(BucketName.of("train"), 1, Map.of()));
    }

    private void join(String id) {
        apply(join(new NodeId(id)));
    }

    private static Command join(NodeId id) {
        return new Command.Join(new Node(id, Node.Role.STORAGE, "http://h:1", "http://h:2", Node.Phase.ACTIVE));
    }

    private void phase(String id, Node.Phase phase) {
        apply(new Command.SetPhase(new NodeId(id), phase));
    }

    private void apply(Command command) {
        assertThat(state.apply(command))
                .isInstanceOfSatisfying(Applied.Changed.class, changed -> state = changed.state());
    }

    private void refused(Command command, ErrorCode code, String words) {
        assertThat(state.apply(command)).isInstanceOfSatisfying(Applied.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.message()).contains(words);
        });
    }

    private static Epoch epoch(long number, boolean active, String... owners) {
        return new Epoch(number, Arrays.stream(owners).map(NodeId::new).toList(), active);
    }
}
