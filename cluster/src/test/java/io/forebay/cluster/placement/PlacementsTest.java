package io.forebay.cluster.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class PlacementsTest {
    private static final BucketName TRAIN = BucketName.of("train");
    private static final int KEYS = 500;

    private ClusterState state = ClusterState.EMPTY;

    @Test
    void settledStateHasOnePlacement() {
        begin(2, "na", "nb", "nc");
        Placements placements = Placements.of(state);
        assertThat(placements.areSettled()).isTrue();
        for (int index = 0; index < KEYS; index++) {
            ObjectKey key = key(index);
            Node primary = placements.primary(key);
            assertThat(primary).isEqualTo(Placement.of(state).owner(key));
            assertThat(placements.isPrimary(primary.id(), key)).isTrue();
            assertThat(placements.isPrimary(primary.id(), key, 3)).isTrue();
            assertThat(placements.isPrimary(primary.id(), key, 2)).isFalse();
            assertThat(placements.holders(key, bucket())).hasSize(2).startsWith(primary);
            assertThat(placements.earlier(key, bucket())).isEmpty();
            assertThat(placements.run(key, bucket())).isEqualTo(new Run(3, true));
            assertThat(placements.isMoving(key, bucket())).isFalse();
        }
    }

    @Test
    void onlyKeysThatMoveWaitForANewEpoch() {
        begin(1, "na", "nb", "nc");
        Placements before = Placements.of(state);
        apply(join("nd"));
        Placements pending = Placements.of(state);
        apply(new Command.Activate(4));
        Placements active = Placements.of(state);
        int moving = 0;
        for (int index = 0; index < KEYS; index++) {
            ObjectKey key = key(index);
            Node next = pending.newestHolders(key, bucket()).getFirst();
            boolean moves = !next.equals(before.primary(key));
            moving += moves ? 1 : 0;
            assertThat(pending.primary(key)).isEqualTo(before.primary(key));
            assertThat(pending.isMoving(key, bucket())).isEqualTo(moves);
            assertThat(pending.run(key, bucket())).isEqualTo(new Run(3, true));
            assertThat(pending.areSame(key, bucket(), 3, 4)).isEqualTo(!moves);
            assertThat(active.primary(key)).isEqualTo(next);
            assertThat(active.isMoving(key, bucket())).isFalse();
            assertThat(active.run(key, bucket())).isEqualTo(moves ? new Run(4, false) : new Run(3, true));
            assertThat(active.earlier(key, bucket()))
                    .isEqualTo(moves ? List.of(holding(3, before.primary(key))) : List.of());
        }
        assertThat(moving).isBetween(KEYS / 8, KEYS / 2);
        assertThat(active.areSettled()).isFalse();
    }

    /// Nothing but their number says which of them a value was written under.
    @Test
    void earlierHoldersAreNamedOnceAndNewestFirst() {
        begin(1, "na", "nb");
        Placements first = Placements.of(state);
        change(new Command.SetPhase(new NodeId("na"), Node.Phase.OFFLINE));
        change(new Command.SetPhase(new NodeId("na"), Node.Phase.ACTIVE));
        change(join("nc"));
        Placements last = Placements.of(state);
        assertThat(state.epochs()).hasSize(4);
        Node b = Objects.requireNonNull(state.node(new NodeId("nb")));
        Set<String> seen = new TreeSet<>();
        for (int index = 0; index < KEYS; index++) {
            ObjectKey key = key(index);
            Node from = first.primary(key);
            Node to = last.primary(key);
            seen.add(from.id() + "-" + to.id());
            List<Holding> expected = new ArrayList<>();
            if (!to.equals(from)) {
                expected.add(holding(4, from));
            }
            if (!from.equals(b)) {
                expected.add(holding(3, b));
                expected.add(holding(2, from));
            }
            assertThat(last.earlier(key, bucket())).isEqualTo(expected);
        }
        assertThat(seen).containsExactly("na-na", "na-nc", "nb-nb", "nb-nc");
    }

    /// Whoever was not a holder then must not answer for one that left.
    @Test
    void placesOfAnEarlierEpochStayWhenANodeLeaves() {
        begin(2, "na", "nb", "nc");
        Placements before = Placements.of(state);
        apply(new Command.Leave(new NodeId("na")));
        Placements pending = Placements.of(state);
        apply(new Command.Activate(4));
        Placements active = Placements.of(state);
        for (int index = 0; index < KEYS; index++) {
            ObjectKey key = key(index);
            List<Node> stayed = before.holders(key, bucket()).stream()
                    .filter(node -> !node.id().value().equals("na"))
                    .toList();
            assertThat(pending.holders(key, bucket())).isEqualTo(stayed);
            if (before.primary(key).id().value().equals("na")) {
                assertThatThrownBy(() -> pending.primary(key))
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE));
            }
            if (stayed.size() == 1) {
                assertThat(active.earlier(key, bucket())).isEqualTo(List.of(holding(3, stayed.getFirst())));
            } else {
                assertThat(active.run(key, bucket()).isWhole()).isTrue();
            }
        }
    }

    @Test
    void oneEstablishedHolderTellsAnEpoch() {
        Holding holding = new Holding(3, List.of(node("na"), node("nb"), node("nc")), List.of(id("na"), id("nb")));
        assertThat(holding.isToldBy(Set.of(id("nb")))).isTrue();
        assertThat(holding.isToldBy(Set.of(id("nc")))).isFalse();
        assertThat(new Holding(3, List.of(node("nc")), List.of()).isToldBy(Set.of()))
                .isTrue();
    }

    /// Copies that a bucket asked for lately are not there for all objects.
    @Test
    void onlyEstablishedCopiesAreReliedOn() {
        begin(1, "na", "nb", "nc");
        change(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.COPIES, "2")));
        Placements renewed = Placements.of(state);
        change(new Command.SetPhase(new NodeId("na"), Node.Phase.OFFLINE));
        Placements placements = Placements.of(state);
        assertThat(placements.covers(Set.of(id("na")))).isFalse();
        for (int index = 0; index < KEYS; index++) {
            ObjectKey key = key(index);
            List<Node> before = renewed.holders(key, bucket());
            assertThat(before).hasSize(2);
            NodeId primary = before.getFirst().id();
            assertThat(renewed.run(key, bucket())).isEqualTo(new Run(3, true));
            assertThat(renewed.isBased(primary, key, bucket())).isTrue();
            assertThat(renewed.isBased(before.getLast().id(), key, bucket())).isFalse();
            for (Holding holding : placements.earlier(key, bucket())) {
                assertThat(holding.epoch()).isEqualTo(4);
                assertThat(holding.nodes())
                        .extracting(Node::id)
                        .isEqualTo(before.stream().map(Node::id).toList());
                assertThat(holding.sure()).containsExactly(primary);
            }
        }
    }

    @Test
    void silentNodesAreCoveredByTheCopiesOfOthers() {
        begin(2, "na", "nb", "nc");
        change(new Command.SetPhase(id("na"), Node.Phase.OFFLINE));
        Placements one = Placements.of(state);
        assertThat(one.covers(Set.of())).isTrue();
        assertThat(one.covers(Set.of(id("na")))).isTrue();
        assertThat(one.covers(Set.of(id("na"), id("nb")))).isFalse();
        change(new Command.Leave(id("nb")));
        Placements left = Placements.of(state);
        assertThat(left.covers(Set.of())).isTrue();
        assertThat(left.covers(Set.of(id("na"))))
                .as("objects that na and nb had are with nobody else")
                .isFalse();
    }

    @Test
    void bucketOfALaterEpochHasNoEarlierPlaces() {
        begin(1, "na", "nb", "nc");
        change(new Command.SetPhase(id("na"), Node.Phase.OFFLINE));
        BucketName later = BucketName.of("later");
        apply(new Command.CreateBucket(later, 1, Map.of()));
        Bucket bucket = Objects.requireNonNull(state.bucket(later));
        Placements placements = Placements.of(state);
        assertThat(placements.covers(bucket, Set.of(id("na")))).isTrue();
        for (int index = 0; index < KEYS; index++) {
            ObjectKey key = new ObjectKey(later, "object-" + index);
            assertThat(placements.run(key, bucket)).isEqualTo(new Run(4, true));
            assertThat(placements.earlier(key, bucket)).isEmpty();
        }
    }

    /// What is left from more copies is no value.
    @Test
    void onlyHoldersOfAnEpochMayHold() {
        begin(3, "na", "nb", "nc");
        change(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.COPIES, "1")));
        change(new Command.SetPhase(id("na"), Node.Phase.OFFLINE));
        Placements placements = Placements.of(state);
        for (int index = 0; index < KEYS; index++) {
            ObjectKey key = key(index);
            Set<NodeId> holders = new TreeSet<>();
            holders.add(placements.primary(key).id());
            placements.earlier(key, bucket()).forEach(holding -> holders.addAll(holding.sure()));
            for (NodeId node : placements.members().keySet()) {
                assertThat(placements.mayHold(node, key, bucket())).isEqualTo(holders.contains(node));
            }
        }
    }

    /// Else one that is the next epoch's primary would take its stamp of this epoch for the newest.
    @Test
    void fewerCopiesAreKeptFromTheNextEpochOn() {
        begin(3, "na", "nb", "nc");
        apply(new Command.SetBucketProperties(TRAIN, Map.of(Bucket.COPIES, "1")));
        for (int index = 0; index < KEYS; index++) {
            assertThat(Placements.of(state).holders(key(index), bucket())).hasSize(3);
        }
        apply(new Command.Activate(state.newestEpoch().number()));
        for (int index = 0; index < KEYS; index++) {
            assertThat(Placements.of(state).holders(key(index), bucket())).hasSize(1);
        }
    }

    @Test
    void membersAreAllThatMayHoldObjects() {
        begin(1, "na", "nb");
        change(new Command.SetPhase(id("na"), Node.Phase.DECOMMISSIONED));
        apply(join("nc"));
        assertThat(Placements.of(state).members().keySet()).containsExactly(id("na"), id("nb"), id("nc"));
    }

    private void begin(int copies, String... nodes) {
        for (String node : nodes) {
            apply(join(node));
        }
        apply(new Command.CreateBucket(TRAIN, 1, Map.of(Bucket.COPIES, Integer.toString(copies))));
    }

    private void change(Command command) {
        apply(command);
        apply(new Command.Activate(state.newestEpoch().number()));
    }

    private void apply(Command command) {
        state = state.apply(command).state();
    }

    private Bucket bucket() {
        return Objects.requireNonNull(state.bucket(TRAIN));
    }

    private static Holding holding(long epoch, Node node) {
        return new Holding(epoch, List.of(node), List.of(node.id()));
    }

    private static NodeId id(String id) {
        return new NodeId(id);
    }

    private static Node node(String id) {
        return new Node(id(id), Node.Role.STORAGE, "http://h:1", "http://h:2", Node.Phase.ACTIVE);
    }

    private static Command join(String id) {
        return new Command.Join(node(id));
    }

    private static ObjectKey key(int index) {
        return new ObjectKey(TRAIN, "object-" + index);
    }
}
