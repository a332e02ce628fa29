package io.forebay.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.control.Heartbeat;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.api.control.Space;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Defaults: a lease of 5 s, down after 10 s more; clocks may differ by a twentieth.
final class SupervisionTest {
    private static final long SECOND = 1_000_000_000;
    private static final long DRIFT = SECOND / 4;

    private final Supervision supervision = new Supervision(Settings.defaults(SupervisorConfig.class));
    private ClusterState state = ClusterState.EMPTY;
    private long now = 100 * SECOND;

    @Test
    void leaseLivesAsLongAsTheProofCarries() {
        serving("na");
        assertThat(report("na", 1)).isZero();
        supervision.proven(1, now, now);
        assertThat(report("na", 1)).isEqualTo(5 * SECOND);
        now += 2 * SECOND;
        assertThat(report("na", 1)).isEqualTo(3 * SECOND);
        supervision.proven(1, now - SECOND, now);
        assertThat(report("na", 1)).isEqualTo(4 * SECOND);
        now += 4 * SECOND;
        assertThat(report("na", 1)).isZero();
        assertThat(supervision.decide(state, now)).isEmpty();
    }

    @Test
    void pendingEpochServesWhenAllOwnersHavePreparedIt() {
        serving("na", "nb");
        supervision.proven(1, now, now);
        report("na", 2);
        report("nb", 2);
        apply(join("nc"));
        assertThat(decide()).isEmpty();
        report("na", 3);
        assertThat(decide()).isEmpty();
        report("nb", 3);
        assertThat(decide()).isEmpty();
        report("nc", 3);
        assertThat(decide()).containsExactly(new Command.Activate(3));
    }

    /// Its keys would be served by nobody until it is ready. Whoever does not come does not hold up the
    /// others.
    @Test
    void ownerThatIsToServeFirstIsWaitedForAsLongAsALease() {
        serving("na");
        supervision.proven(1, now, now);
        report("na", 1);
        assertThat(decide()).isEmpty();
        pass(60 * SECOND);
        report("na", 1);
        apply(join("nb"));
        report("na", 2);
        assertThat(decide()).isEmpty();
        pass(5 * SECOND);
        report("na", 2);
        assertThat(decide()).isEmpty();
        pass(DRIFT);
        assertThat(decide()).containsExactly(new Command.Activate(2));
        apply(new Command.Activate(2));
        pass(10 * SECOND + 1);
        report("na", 2);
        assertThat(decide()).containsExactly(new Command.SetPhase(id("nb"), Node.Phase.OFFLINE));
    }

    @Test
    void ownerWithoutALeaseIsNotWaitedForOnceItsLeaseHasEnded() {
        serving("na", "nb");
        supervision.proven(1, now, now);
        pass(10 * SECOND);
        report("na", 2);
        report("nb", 2);
        apply(join("nc"));
        report("na", 3);
        pass(5 * SECOND);
        report("na", 3);
        assertThat(decide()).isEmpty();
        pass(DRIFT);
        assertThat(decide()).containsExactly(new Command.Activate(3));
    }

    /// An earlier leader may have granted leases that this one does not know.
    @Test
    void newLeaderTakesNothingAwayBeforeOneLease() {
        serving("na", "nb");
        apply(join("nc"));
        supervision.proven(7, now, now);
        report("na", 3);
        pass(5 * SECOND);
        assertThat(decide()).isEmpty();
        pass(DRIFT);
        assertThat(decide()).containsExactly(new Command.Activate(3));
        supervision.proven(8, now, now);
        assertThat(decide()).isEmpty();
    }

    /// The decision rests on its having no lease.
    @Test
    void nobodyGetsALeaseWhoHasNotPreparedWhatIsBeingActivated() {
        serving("na", "nb");
        apply(join("nc"));
        supervision.proven(1, now, now);
        report("na", 3);
        pass(5 * SECOND + DRIFT);
        assertThat(decide()).containsExactly(new Command.Activate(3));
        assertThat(report("nb", 2)).isZero();
        apply(new Command.Activate(3));
        assertThat(report("nb", 2)).isZero();
        assertThat(report("nb", 3)).isEqualTo(5 * SECOND);
    }

    @Test
    void nodeThatIsDownIsTakenOutAndComesBackByItsNextHeartbeat() {
        serving("na", "nb");
        supervision.proven(1, now, now);
        report("na", 2);
        report("nb", 2);
        pass(15 * SECOND + DRIFT);
        report("na", 2);
        assertThat(decide()).isEmpty();
        pass(1);
        assertThat(decide()).containsExactly(new Command.SetPhase(id("nb"), Node.Phase.OFFLINE));
        apply(new Command.SetPhase(id("nb"), Node.Phase.OFFLINE));
        assertThat(decide()).isEmpty();
        report("na", 3);
        assertThat(decide()).containsExactly(new Command.Activate(3));
        apply(new Command.Activate(3));
        assertThat(decide()).isEmpty();
        report("nb", 2);
        assertThat(decide()).as("it may have what others changed without it").isEmpty();
        assertThat(report("nb", 3)).isEqualTo(5 * SECOND);
        assertThat(decide()).containsExactly(new Command.SetPhase(id("nb"), Node.Phase.ACTIVE));
    }

    @Test
    void nodeThatLostADiskIsTakenOutWhereThereAreCopiesAndComesBackWhole() {
        serving("na", "nb");
        supervision.proven(1, now, now);
        report("na", 2);
        lacking("nb", 2);
        pass(10 * SECOND + 1);
        report("na", 2);
        lacking("nb", 2);
        assertThat(decide()).as("nobody else has what was on it").isEmpty();
        apply(new Command.CreateBucket(BucketName.of("twice"), 1, Map.of(Bucket.COPIES, "2")));
        assertThat(decide()).containsExactly(new Command.SetPhase(id("nb"), Node.Phase.OFFLINE));
        apply(new Command.SetPhase(id("nb"), Node.Phase.OFFLINE));
        report("na", 3);
        lacking("nb", 3);
        assertThat(decide()).containsExactly(new Command.Activate(3));
        apply(new Command.Activate(3));
        lacking("nb", 3);
        assertThat(decide()).isEmpty();
        report("nb", 3);
        assertThat(decide()).containsExactly(new Command.SetPhase(id("nb"), Node.Phase.ACTIVE));
    }

    /// One that is repaired, or failed to answer for a moment, is none that was lost.
    @Test
    void diskThatIsBackInTimeIsNotLost() {
        serving("na", "nb");
        apply(new Command.CreateBucket(BucketName.of("twice"), 1, Map.of(Bucket.COPIES, "2")));
        supervision.proven(1, now, now);
        report("na", 2);
        lacking("nb", 2);
        pass(10 * SECOND);
        report("na", 2);
        report("nb", 2);
        lacking("nb", 2);
        pass(1);
        assertThat(decide()).isEmpty();
    }

    @Test
    void lastOwnerIsNeverTakenOut() {
        serving("na", "nb", "nc");
        supervision.proven(1, now, now);
        pass(60 * SECOND);
        assertThat(decide())
                .containsExactly(
                        new Command.SetPhase(id("na"), Node.Phase.OFFLINE),
                        new Command.SetPhase(id("nb"), Node.Phase.OFFLINE));
    }

    @Test
    void epochIsSettledWhenEveryOwnerHasWhatItPlacesThere() {
        serving("na", "nb");
        supervision.proven(1, now, now);
        apply(new Command.SetPhase(id("nb"), Node.Phase.DECOMMISSIONED));
        apply(new Command.Activate(3));
        done("na", 2);
        assertThat(decide()).isEmpty();
        done("nb", 3);
        assertThat(decide()).isEmpty();
        done("na", 3);
        assertThat(decide()).containsExactly(new Command.Settle(3));
        apply(new Command.Settle(3));
        assertThat(decide()).containsExactly(new Command.Leave(id("nb")));
        apply(new Command.Leave(id("nb")));
        assertThat(decide()).isEmpty();
    }

    @Test
    void nodeThatWasRemovedIsNotWaitedFor() {
        serving("na", "nb");
        supervision.proven(1, now, now);
        apply(new Command.Leave(id("nb")));
        report("na", 3);
        pass(5 * SECOND + DRIFT);
        assertThat(decide()).containsExactly(new Command.Activate(3));
        apply(new Command.Activate(3));
        done("na", 3);
        assertThat(decide()).containsExactly(new Command.Settle(3));
    }

    @Test
    void refusedCommandIsNotTriedAgainAtOnce() {
        serving("na", "nb");
        supervision.proven(1, now, now);
        pass(20 * SECOND);
        List<Command> commands = decide();
        assertThat(commands).hasSize(1);
        supervision.refused(commands.getFirst(), now);
        assertThat(decide()).isEmpty();
        pass(10 * SECOND);
        assertThat(decide()).isEqualTo(commands);
    }

    /// What refuses a node may be the number of unsettled epochs.
    @Test
    void epochIsSettledWhileANodeThatComesBackIsRefused() {
        serving("na", "nb");
        supervision.proven(1, now, now);
        pass(16 * SECOND);
        apply(new Command.SetPhase(id("nb"), Node.Phase.OFFLINE));
        apply(new Command.Activate(3));
        done("na", 3);
        report("nb", 3);
        List<Command> commands = decide();
        assertThat(commands).containsExactly(new Command.SetPhase(id("nb"), Node.Phase.ACTIVE));
        supervision.refused(commands.getFirst(), now);
        assertThat(decide()).containsExactly(new Command.Settle(3));
    }

    @Test
    void processThatAnotherHasReplacedIsRefused() {
        serving("na");
        supervision.proven(1, now, now);
        supervision.report(heartbeat("na", "boot-1", 1, Rebalance.NONE), state, now);
        supervision.report(heartbeat("na", "boot-2", 1, Rebalance.NONE), state, now);
        assertThatThrownBy(() -> supervision.report(heartbeat("na", "boot-1", 1, Rebalance.NONE), state, now))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_USE));
    }

    @Test
    void nodeOutsideTheMapIsRefused() {
        serving("na");
        supervision.proven(1, now, now);
        assertThatThrownBy(() -> report("nz", 1))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_NODE));
    }

    /// Storage nodes that serve, with a bucket, so that an owner change has to be prepared.
    private void serving(String... nodes) {
        apply(new Command.Found("c1", 1));
        for (String node : nodes) {
            apply(join(node));
        }
        apply(new Command.CreateBucket(BucketName.of("bucket"), 1, Map.of()));
    }

    private static Command join(String node) {
        return new Command.Join(new Node(id(node), Node.Role.STORAGE, "http://d:1", "http://c:1", Node.Phase.ACTIVE));
    }

    private void apply(Command command) {
        Applied applied = state.apply(command);
        assertThat(applied).isInstanceOf(Applied.Changed.class);
        state = applied.state();
    }

    private void pass(long nanos) {
        now += nanos;
        supervision.proven(supervision.term(), now, now);
    }

    private List<Command> decide() {
        return supervision.decide(state, now);
    }

    private long report(String node, long prepared) {
        return supervision
                .report(heartbeat(node, "boot", prepared, Rebalance.NONE), state, now)
                .leaseNanos();
    }

    private void lacking(String node, long prepared) {
        Space space = new Space(0, 0, 0, 0, 1);
        supervision.report(new Heartbeat(node, "boot", state.version(), prepared, Rebalance.NONE, space), state, now);
    }

    private void done(String node, long epoch) {
        supervision.report(heartbeat(node, "boot", epoch, new Rebalance(epoch, true, 0, 0, 0)), state, now);
    }

    private Heartbeat heartbeat(String node, String boot, long prepared, Rebalance rebalance) {
        return new Heartbeat(node, boot, state.version(), prepared, rebalance, Space.NONE);
    }

    private static NodeId id(String node) {
        return new NodeId(node);
    }
}
