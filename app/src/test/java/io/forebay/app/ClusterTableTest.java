package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.control.EpochStatus;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.api.control.Space;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClusterTableTest {
    private static final NodeStatus GATEWAY =
            new NodeStatus("g1", "GATEWAY", "ACTIVE", "", "http://a:1", "http://a:2", true, 9, 0, 0, 0, null, null);

    @Test
    void columnsLineUpAndTheClusterIsSaidAbove() {
        NodeStatus well = storage("t1", "ACTIVE", 340, 4600, new Rebalance(2, true, 1, 5, 0));
        NodeStatus moving = storage("t2", "DECOMMISSIONED", 1200, 0, new Rebalance(2, false, 1, 1 << 20, 3 << 20));
        assertThat(ClusterTable.of(new NodeStatuses(
                        "id",
                        9,
                        2,
                        2,
                        1,
                        List.of(
                                new EpochStatus(1, "SETTLED", List.of("t1")),
                                new EpochStatus(2, "ACTIVE", List.of("t1", "t2"))),
                        List.of(GATEWAY, well, moving))))
                .startsWith("cluster id, state 9, epoch 2, objects of epoch 1 and later are moving\n")
                .contains("\n  epoch 1 settled: t1\n  epoch 2 active: t1 t2\n")
                .contains("\n  rebalance g2: 2 objects, 1.0 MiB moved, about 3.0 MiB left\nNODE  ROLE ")
                .containsPattern("g1 +gateway +active, leads +0.0 s ago +- +- +- +- +- +- +http://a:1  http://a:2\n")
                .containsPattern("t1 +storage-node +active +0.3 s ago +4.6 s +1.0 TiB +1.0 MiB +500 B +12 +done +http")
                .containsPattern(
                        "t2 +storage-node +decommissioned +1.2 s ago +- .* 1.0 MiB of about 4.0 MiB +http://b:1");
    }

    @Test
    void settledClusterMovesNothingAndAPendingEpochIsSaid() {
        NodeStatus unheard = storage("t1", "OFFLINE", -1, 0, Rebalance.NONE);
        assertThat(ClusterTable.of(new NodeStatuses("id", 9, 2, 2, 2, List.of(unheard))))
                .startsWith("cluster id, state 9, epoch 2\n")
                .containsPattern("t1 +storage-node +offline +- +- +1.0 TiB +1.0 MiB +500 B +12 +- +http");
        assertThat(ClusterTable.of(new NodeStatuses("id", 9, 2, 3, 2, List.of())))
                .startsWith("cluster id, state 9, epoch 2 (3 is being prepared), objects of epoch 2 and later")
                .contains("\n  rebalance g3: 0 objects, 0 B moved, about 0 B left\n");
    }

    @Test
    void lostDisksAreSaid() {
        Space lacking = new Space(1L << 40, 1 << 20, 500, 12, 1);
        NodeStatus node = new NodeStatus(
                "t1",
                "STORAGE",
                "OFFLINE",
                "",
                "http://b:1",
                "http://b:2",
                false,
                9,
                2,
                300,
                0,
                Rebalance.NONE,
                lacking);
        assertThat(ClusterTable.of(new NodeStatuses("id", 9, 2, 2, 2, List.of(node))))
                .containsPattern("t1 +storage-node +offline, 1 volume failed +0.3 s ago");
    }

    private static NodeStatus storage(String id, String phase, long heard, long lease, Rebalance rebalance) {
        Space space = new Space(1L << 40, 1 << 20, 500, 12);
        return new NodeStatus(
                id, "STORAGE", phase, "", "http://b:1", "http://b:2", false, 9, 2, heard, lease, rebalance, space);
    }
}
