package io.forebay.cluster.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StopOrderTest {
    private static final NodeId GATEWAY = new NodeId("g1");
    private static final NodeId NODE = new NodeId("t1");

    private ClusterState state = ClusterState.EMPTY;

    private void apply(Command command) {
        Applied applied = state.apply(command);
        assertThat(applied).as("%s", command).isInstanceOf(Applied.Changed.class);
        state = applied.state();
    }

    private void join(String id, Node.Role role) {
        apply(new Command.Join(new Node(new NodeId(id), role, "http://h:1", "http://h:2", Node.Phase.ACTIVE)));
    }

    private void order(NodeId id, String boot) {
        apply(new Command.ChangeSettings(Map.of(StopOrder.setting(id), boot)));
    }

    private void open() {
        join("g1", Node.Role.GATEWAY);
        join("t1", Node.Role.STORAGE);
        join("t2", Node.Role.STORAGE);
        apply(new Command.CreateBucket(BucketName.of("b"), 1, Map.of()));
    }

    @Test
    void gatewayEndsAtOnceAndOnlyTheRunThatIsMeant() {
        open();
        assertThat(StopOrder.isDue(state, GATEWAY, "run1")).isFalse();
        order(GATEWAY, "run1");
        assertThat(StopOrder.isDue(state, GATEWAY, "run1")).isTrue();
        assertThat(StopOrder.isDue(state, GATEWAY, "run2")).isFalse();
        assertThat(StopOrder.isDue(state, NODE, "run1")).isFalse();
    }

    @Test
    void storageNodeEndsWhenItsObjectsAreWithOthers() {
        open();
        order(NODE, "run1");
        assertThat(StopOrder.isDue(state, NODE, "run1")).as("it owns").isFalse();
        apply(new Command.SetPhase(NODE, Node.Phase.MAINTENANCE));
        assertThat(StopOrder.isDue(state, NODE, "run1")).as("others prepare").isFalse();
        apply(new Command.Activate(state.newestEpoch().number()));
        assertThat(StopOrder.isDue(state, NODE, "run1")).as("objects move").isFalse();
        apply(new Command.Settle(state.newestEpoch().number()));
        assertThat(StopOrder.isDue(state, NODE, "run1")).isTrue();
    }

    @Test
    void nodeThatHasLeftEnds() {
        open();
        order(NODE, "run1");
        apply(new Command.Leave(NODE));
        assertThat(StopOrder.isDue(state, NODE, "run1")).isTrue();
    }

    @Test
    void settingNamesItsNode() {
        assertThat(StopOrder.nodeOf(StopOrder.setting(NODE))).isEqualTo("t1");
        assertThat(StopOrder.nodeOf("other")).isEmpty();
    }
}
