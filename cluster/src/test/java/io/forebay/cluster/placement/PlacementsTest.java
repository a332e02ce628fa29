package io.forebay.cluster.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PlacementsTest {
    private static final BucketName TRAIN = BucketName.of("train");
    private static final int KEYS = 500;

    private ClusterState state = ClusterState.EMPTY
            .apply(new Command.ChangeSettings(Map.of(ClusterState.OWNERS_MOVE, "true")))
            .state();

    @Test
    void settledStateHasOnePlacement() {
        begin("na", "nb", "nc");
        Placements placements = Placements.of(state);
        assertThat(placements.areSettled()).isTrue();
        for (int index = 0; index < KEYS; index++) {
            ObjectKey key = key(index);
            assertThat(placements.owner(key)).isEqualTo(Placement.of(state).owner(key));
            assertThat(placements.holders(key, 2)).hasSize(2).startsWith(placements.owner(key));
            assertThat(placements.earlierHolders(key, 2)).isEmpty();
            assertThat(placements.awaitsActivation(key, 2)).isFalse();
        }
    }

    @Test
    void onlyKeysThatMoveWaitForANewEpoch() {
        begin("na", "nb", "nc");
        Placements before = Placements.of(state);
        apply(join("nd"));
        Placements pending = Placements.of(state);
        int moving = 0;
        for (int index = 0; index < KEYS; index++) {
            ObjectKey key = key(index);
            boolean moves = !pending.owner(key).equals(before.owner(key));
            moving += moves ? 1 : 0;
            assertThat(pending.awaitsActivation(key, 1)).isEqualTo(moves);
            assertThat(pending.earlierHolders(key, 1)).isEqualTo(List.of(List.of(before.owner(key))));
        }
        assertThat(moving).isBetween(KEYS / 8, KEYS / 2);
        apply(new Command.Activate(state.newestEpoch().number()));
        assertThat(Placements.of(state).awaitsActivation(key(1), 1)).isFalse();
        assertThat(Placements.of(state).areSettled()).isFalse();
    }

    /// Whoever was not a holder then must not answer for one that left.
    @Test
    void placesOfAnEarlierEpochStayWhenANodeLeaves() {
        begin("na", "nb", "nc");
        Placements before = Placements.of(state);
        apply(new Command.Leave(new NodeId("na")));
        Placements after = Placements.of(state);
        for (int index = 0; index < KEYS; index++) {
            ObjectKey key = key(index);
            List<Node> stayed = before.holders(key, 2).stream()
                    .filter(node -> !node.id().value().equals("na"))
                    .toList();
            assertThat(after.earlierHolders(key, 2)).isEqualTo(List.of(stayed));
            assertThat(after.earlierHolders(key, 1))
                    .isEqualTo(
                            before.owner(key).id().value().equals("na")
                                    ? List.of()
                                    : List.of(List.of(before.owner(key))));
        }
    }

    private void begin(String... nodes) {
        for (String node : nodes) {
            apply(join(node));
        }
        apply(new Command.CreateBucket(TRAIN, 1, Map.of()));
    }

    private void apply(Command command) {
        state = state.apply(command).state();
    }

    private static Command join(String id) {
        return new Command.Join(
                new Node(new NodeId(id), Node.Role.STORAGE, "http://h:1", "http://h:2", Node.Phase.ACTIVE));
    }

    private static ObjectKey key(int index) {
        return new ObjectKey(TRAIN, "object-" + index);
    }
}
