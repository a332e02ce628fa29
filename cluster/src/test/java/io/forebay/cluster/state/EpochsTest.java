package io.forebay.cluster.state;

import static io.forebay.cluster.state.Epoch.Phase.ACTIVE;
import static io.forebay.cluster.state.Epoch.Phase.PENDING;
import static io.forebay.cluster.state.Epoch.Phase.SETTLED;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class EpochsTest {
    private static final BucketName TRAIN = BucketName.of("train");

    private ClusterState state = ClusterState.EMPTY;

    /// There is no object that could be elsewhere.
    @Test
    void beforeThereIsABucketOwnersChangeAtOnce() {
        join("na");
        join("nb");
        assertThat(state.epochs()).isEqualTo(List.of(epoch(2, SETTLED, "na", "nb")));
        assertThat(state.isSettled()).isTrue();
    }

    /// Nobody could take over what it has.
    @Test
    void lastOwnerStaysWhileThereIsABucket() {
        withBucketOn("na", "nb");
        phase("nb", Node.Phase.MAINTENANCE);
        NodeId last = new NodeId("na");
        refused(new Command.SetPhase(last, Node.Phase.MAINTENANCE), ErrorCode.IN_USE, "na is the last storage node");
        refused(new Command.SetPhase(last, Node.Phase.DECOMMISSIONED), ErrorCode.IN_USE, "na is the last storage node");
        phase("nb", Node.Phase.ACTIVE);
        phase("na", Node.Phase.DECOMMISSIONED);
        assertThat(state.newestEpoch()).isEqualTo(epoch(5, PENDING, "nb"));
    }

    @Test
    void ownersThatComeLaterWaitForTheirEpoch() {
        withBucketOn("na", "nb");
        join("nc");
        assertThat(state.epochs())
                .isEqualTo(List.of(epoch(2, SETTLED, "na", "nb"), epoch(3, PENDING, "na", "nb", "nc")));
        assertThat(state.isSettled()).isFalse();
        apply(new Command.Activate(3));
        assertThat(state.epochs())
                .isEqualTo(List.of(epoch(2, SETTLED, "na", "nb"), epoch(3, ACTIVE, "na", "nb", "nc")));
        apply(new Command.Settle(3));
        assertThat(state.epochs()).isEqualTo(List.of(epoch(3, SETTLED, "na", "nb", "nc")));
        assertThat(state.isSettled()).isTrue();
    }

    @Test
    void pendingEpochIsReplaced() {
        withBucketOn("na", "nb");
        join("nc");
        join("nd");
        assertThat(state.epochs())
                .isEqualTo(List.of(epoch(2, SETTLED, "na", "nb"), epoch(4, PENDING, "na", "nb", "nc", "nd")));
    }

    /// Whoever prepared it has to be told that nothing moves.
    @Test
    void pendingEpochIsReplacedWhenTheOwnersAreAsBefore() {
        withBucketOn("na", "nb");
        join("nc");
        apply(new Command.Leave(new NodeId("nc")));
        assertThat(state.epochs()).isEqualTo(List.of(epoch(2, SETTLED, "na", "nb"), epoch(4, PENDING, "na", "nb")));
    }

    /// Else a node that prepared the first would be taken to have prepared the second.
    @Test
    void numberOfADroppedEpochIsNotGivenAgain() {
        withBucketOn("na", "nb");
        join("nc");
        long dropped = state.newestEpoch().number();
        apply(new Command.Leave(new NodeId("nc")));
        join("nd");
        assertThat(state.newestEpoch().serves()).isFalse();
        assertThat(state.newestEpoch().number()).isGreaterThan(dropped);
    }

    @Test
    void ownersThatComeBackTakeThePlaceOfTheirEarlierEpoch() {
        withBucketOn("na", "nb");
        phase("na", Node.Phase.OFFLINE);
        apply(new Command.Activate(3));
        phase("na", Node.Phase.ACTIVE);
        apply(new Command.Activate(4));
        phase("na", Node.Phase.OFFLINE);
        assertThat(state.epochs())
                .isEqualTo(List.of(
                        epoch(2, SETTLED, "na", "nb"),
                        epoch(3, ACTIVE, "nb"),
                        epoch(4, ACTIVE, "na", "nb"),
                        epoch(5, PENDING, "nb")));
        apply(new Command.Activate(5));
        assertThat(state.epochs())
                .isEqualTo(
                        List.of(epoch(2, SETTLED, "na", "nb"), epoch(4, ACTIVE, "na", "nb"), epoch(5, ACTIVE, "nb")));
    }

    /// A node that was away since before it was settled learns from it what to drop.
    @Test
    void baseStaysUntilTheStateIsSettled() {
        withBucketOn("na", "nb");
        phase("na", Node.Phase.OFFLINE);
        apply(new Command.Activate(3));
        phase("na", Node.Phase.ACTIVE);
        apply(new Command.Activate(4));
        assertThat(state.epochs())
                .isEqualTo(
                        List.of(epoch(2, SETTLED, "na", "nb"), epoch(3, ACTIVE, "nb"), epoch(4, ACTIVE, "na", "nb")));
        apply(new Command.Settle(4));
        assertThat(state.epochs()).isEqualTo(List.of(epoch(4, SETTLED, "na", "nb")));
    }

    @Test
    void changedCopiesRenewTheNewestEpoch() {
        withBucketOn("na", "nb");
        copies("2");
        assertThat(state.epochs()).isEqualTo(List.of(epoch(2, SETTLED, "na", "nb"), epoch(3, PENDING, "na", "nb")));
        assertThat(bucket().established()).isEqualTo(1);
        apply(new Command.Activate(3));
        assertThat(state.epochs()).isEqualTo(List.of(epoch(2, SETTLED, "na", "nb"), epoch(3, ACTIVE, "na", "nb")));
        copies("3");
        apply(new Command.Activate(4));
        assertThat(state.epochs()).isEqualTo(List.of(epoch(2, SETTLED, "na", "nb"), epoch(4, ACTIVE, "na", "nb")));
        assertThat(bucket().established()).isEqualTo(1);
        join("nc");
        copies("4");
        assertThat(state.epochs())
                .isEqualTo(List.of(
                        epoch(2, SETTLED, "na", "nb"),
                        epoch(4, ACTIVE, "na", "nb"),
                        epoch(6, PENDING, "na", "nb", "nc")));
        apply(new Command.Activate(6));
        apply(new Command.Settle(6));
        assertThat(bucket().established()).isEqualTo(4);
        assertThat(state.isSettled()).isTrue();
    }

    @Test
    void rebalanceRenewsTheNewestEpochUnlessItIsUnderWay() {
        apply(new Command.Rebalance());
        assertThat(state.epochs()).as("nobody owns anything").isEmpty();
        withBucketOn("na", "nb");
        apply(new Command.Rebalance());
        List<Epoch> renewed = List.of(epoch(2, SETTLED, "na", "nb"), epoch(3, PENDING, "na", "nb"));
        assertThat(state.epochs()).isEqualTo(renewed);
        apply(new Command.Rebalance());
        assertThat(state.epochs()).isEqualTo(renewed);
        settle();
        assertThat(state.epochs()).isEqualTo(List.of(epoch(3, SETTLED, "na", "nb")));
    }

    /// Copies that are left behind would be taken for values when more are asked for again.
    @Test
    void copiesThatBecameFewerBecomeMoreOnlyWhenTheRestIsRemoved() {
        withBucketOn("na", "nb");
        copies("3");
        settle();
        copies("2");
        assertThat(bucket().established()).isEqualTo(2);
        refused(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.COPIES, "3")), ErrorCode.IN_USE, "rebalance");
        settle();
        apply(new Command.ResetBucketProperties(TRAIN));
        refused(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.COPIES, "2")), ErrorCode.IN_USE, "rebalance");
        settle();
        copies("2");
        settle();
        assertThat(bucket().established()).isEqualTo(2);
        copies("1");
        assertThat(bucket().established()).isEqualTo(1);
        apply(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.MD5, "false")));
        refused(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.COPIES, "2")), ErrorCode.IN_USE, "rebalance");
    }

    /// A node that is lost may have been the only one of the fewer holders that an earlier epoch would then name.
    @Test
    void copiesBecomeFewerOnlyWhereEveryObjectIsWhereItBelongs() {
        withBucketOn("na", "nb");
        copies("3");
        refused(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.COPIES, "2")), ErrorCode.IN_USE, "rebalance");
        refused(new Command.ResetBucketProperties(TRAIN), ErrorCode.IN_USE, "rebalance");
        settle();
        apply(new Command.Leave(new NodeId("na")));
        refused(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.COPIES, "1")), ErrorCode.IN_USE, "rebalance");
        settle();
        copies("1");
        assertThat(bucket().copies()).isEqualTo(1);
    }

    @Test
    void newBucketHasNothingWhereEarlierEpochsWouldPlaceIt() {
        withBucketOn("na", "nb");
        assertThat(bucket().firstEpoch()).isEqualTo(2);
        join("nc");
        BucketName later = BucketName.of("later");
        apply(new Command.CreateBucket(later, 1, Map.of(Bucket.COPIES, "2")));
        assertThat(Objects.requireNonNull(state.bucket(later)).firstEpoch()).isEqualTo(2);
        assertThat(Objects.requireNonNull(state.bucket(later)).established()).isEqualTo(2);
        apply(new Command.Activate(3));
        BucketName last = BucketName.of("last");
        apply(new Command.CreateBucket(last, 1, Map.of()));
        assertThat(Objects.requireNonNull(state.bucket(last)).firstEpoch()).isEqualTo(3);
    }

    @Test
    void onlyTheNewestIsActivatedOrSettled() {
        withBucketOn("na", "nb");
        join("nc");
        refused(new Command.Activate(2), ErrorCode.INVALID_ARGUMENT, "not the newest");
        refused(new Command.Settle(3), ErrorCode.INVALID_ARGUMENT, "serves");
        refused(new Command.Settle(2), ErrorCode.INVALID_ARGUMENT, "not the newest");
        apply(new Command.Activate(3));
        refused(new Command.Activate(3), ErrorCode.INVALID_ARGUMENT, "pending");
        apply(new Command.Settle(3));
        refused(new Command.Settle(3), ErrorCode.INVALID_ARGUMENT, "serves");
    }

    @Test
    void tooManyUnsettledOwnerSetsAreRefused() {
        withBucketOn("na");
        for (int number = 1; number < EpochList.MAX_GROWING; number++) {
            join("m" + number);
            apply(new Command.Activate(state.newestEpoch().number()));
        }
        refused(join(new NodeId("more")), ErrorCode.IN_USE, "wait for the rebalance");
        for (int number = 1; number <= EpochList.MAX - EpochList.MAX_GROWING; number++) {
            phase("m" + number, Node.Phase.OFFLINE);
            apply(new Command.Activate(state.newestEpoch().number()));
        }
        refused(new Command.SetPhase(new NodeId("m9"), Node.Phase.OFFLINE), ErrorCode.IN_USE, "wait for the rebalance");
        apply(new Command.Settle(state.newestEpoch().number()));
        join("more");
    }

    private void withBucketOn(String... nodes) {
        for (String node : nodes) {
            join(node);
        }
        apply(new Command.CreateBucket(TRAIN, 1, Map.of()));
    }

    private void settle() {
        apply(new Command.Activate(state.newestEpoch().number()));
        apply(new Command.Settle(state.newestEpoch().number()));
    }

    private void copies(String copies) {
        apply(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.COPIES, copies)));
    }

    private Bucket bucket() {
        return Objects.requireNonNull(state.bucket(TRAIN));
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
            assertThat(refused.state().nodes()).isEqualTo(state.nodes());
            assertThat(refused.state().buckets()).isEqualTo(state.buckets());
            assertThat(refused.state().epochs()).isEqualTo(state.epochs());
        });
    }

    private static Epoch epoch(long number, Epoch.Phase phase, String... owners) {
        return new Epoch(number, Arrays.stream(owners).map(NodeId::new).toList(), phase);
    }
}
