package io.forebay.cluster.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Durability;
import io.forebay.common.model.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ClusterStateTest {
    private static final BucketName TRAIN = BucketName.of("train");

    private ClusterState state = ClusterState.EMPTY;

    @Test
    void clusterIsFoundedOnce() {
        assertChanged(new Command.Found("Cluster01", 5));
        assertRefused(new Command.Found("Cluster02", 6), ErrorCode.ALREADY_EXISTS, "Cluster01");
        assertThat(state.clusterId()).isEqualTo("Cluster01");
        assertThat(state.createdMillis()).isEqualTo(5);
        assertThat(state.version()).isEqualTo(2);
    }

    @Test
    void joiningAgainChangesAddressesAndKeepsThePhase() {
        assertChanged(new Command.Join(storage("t1", "http://h:1")));
        assertChanged(new Command.SetPhase(new NodeId("t1"), Node.Phase.MAINTENANCE));
        assertChanged(new Command.Join(storage("t1", "http://h:7")));
        assertThat(state.node(new NodeId("t1")))
                .isEqualTo(storage("t1", "http://h:7").in(Node.Phase.MAINTENANCE));
        assertRefused(
                new Command.Join(
                        new Node(new NodeId("t1"), Node.Role.GATEWAY, "http://h:1", "http://h:2", Node.Phase.ACTIVE)),
                ErrorCode.IN_USE,
                "t1");
        assertChanged(new Command.Leave(new NodeId("t1")));
        assertRefused(new Command.Leave(new NodeId("t1")), ErrorCode.NO_SUCH_NODE, "t1");
        assertThat(state.nodes()).isEmpty();
    }

    @Test
    void ownersAreActiveStorageNodesInOrder() {
        assertChanged(new Command.Join(storage("t3", "http://h:3")));
        assertChanged(new Command.Join(storage("t1", "http://h:1")));
        assertChanged(new Command.Join(storage("t2", "http://h:2")));
        assertChanged(new Command.SetPhase(new NodeId("t2"), Node.Phase.DECOMMISSIONED));
        assertChanged(new Command.Join(
                new Node(new NodeId("g1"), Node.Role.GATEWAY, "http://h:8", "http://h:9", Node.Phase.ACTIVE)));
        assertThat(state.owners()).extracting(node -> node.id().value()).isEqualTo(List.of("t1", "t3"));
    }

    @Test
    void bucketMadeAgainHasAnotherIdAndOldIdsNoLongerTouchIt() {
        assertChanged(new Command.CreateBucket(TRAIN, 9, Map.of()));
        assertRefused(new Command.CreateBucket(TRAIN, 9, Map.of()), ErrorCode.ALREADY_EXISTS, "ais://train");
        assertChanged(new Command.SealBucket(TRAIN, 1, true));
        assertThat(train().sealed()).isTrue();
        assertChanged(new Command.DestroyBucket(TRAIN, 1));
        assertChanged(new Command.CreateBucket(TRAIN, 10, Map.of()));
        assertThat(train().id()).isEqualTo(2);
        assertThat(train().sealed()).isFalse();
        assertRefused(new Command.DestroyBucket(TRAIN, 1), ErrorCode.NO_SUCH_BUCKET, "ais://train");
        assertRefused(new Command.SealBucket(TRAIN, 1, true), ErrorCode.NO_SUCH_BUCKET, "ais://train");
        assertThat(train().createdMillis()).isEqualTo(10);
    }

    @Test
    void propertiesChangeLeafByLeafAndEmptyOnesGoBackToTheirDefault() {
        assertChanged(new Command.CreateBucket(TRAIN, 9, Map.of(Bucket.DURABILITY, "strict", Bucket.MD5, "")));
        assertThat(train().properties()).containsOnlyKeys(Bucket.DURABILITY);
        assertChanged(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.MD5, "false")));
        assertThat(train().durability()).isEqualTo(Durability.STRICT);
        assertThat(train().keepsMd5()).isFalse();
        assertChanged(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.DURABILITY, "")));
        assertThat(train().durability()).isEqualTo(Durability.GROUP);
        assertChanged(new Command.ResetBucketProperties(TRAIN));
        assertThat(train().keepsMd5()).isTrue();
        BucketName absent = BucketName.of("absent");
        assertRefused(
                new Command.SetBucketProperties(absent, Map.of("a", "b")), ErrorCode.NO_SUCH_BUCKET, "ais://absent");
    }

    /// Such a bucket would fail every write, on every node.
    @Test
    void propertiesThatNoNodeCouldReadAreRefused() {
        Map<String, String> wrong = Map.of(Bucket.DURABILITY, "sometimes");
        assertRefused(new Command.CreateBucket(TRAIN, 9, wrong), ErrorCode.INVALID_ARGUMENT, "sometimes");
        assertChanged(new Command.CreateBucket(TRAIN, 9, Map.of()));
        assertRefused(new Command.SetBucketProperties(TRAIN, wrong), ErrorCode.INVALID_ARGUMENT, "sometimes");
        assertThat(train().properties()).isEmpty();
    }

    @Test
    void settingsChangeOneByOne() {
        assertChanged(new Command.ChangeSettings(Map.of("a", "1", "b", "2")));
        assertChanged(new Command.ChangeSettings(Map.of("a", "", "c", "3")));
        assertThat(state.settings()).isEqualTo(Map.of("b", "2", "c", "3"));
    }

    private Bucket train() {
        return Objects.requireNonNull(state.bucket(TRAIN));
    }

    private void assertChanged(Command command) {
        long version = state.version();
        assertThat(state.apply(command)).isInstanceOfSatisfying(Applied.Changed.class, changed -> {
            state = changed.state();
            assertThat(state.version()).isEqualTo(version + 1);
        });
    }

    private void assertRefused(Command command, ErrorCode code, String text) {
        ClusterState before = state;
        assertThat(state.apply(command)).isInstanceOfSatisfying(Applied.Refused.class, refused -> {
            state = refused.state();
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.message()).contains(text);
            assertThat(state.version()).isEqualTo(before.version() + 1);
            assertThat(state.buckets()).isEqualTo(before.buckets());
        });
    }

    private static Node storage(String id, String url) {
        return new Node(new NodeId(id), Node.Role.STORAGE, url, "http://h:2", Node.Phase.ACTIVE);
    }
}
