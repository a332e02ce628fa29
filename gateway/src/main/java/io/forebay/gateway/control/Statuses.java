package io.forebay.gateway.control;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Epoch;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.control.EpochStatus;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.api.control.Space;
import java.util.List;
import java.util.function.Function;

/// The table of nodes as it is told: what the cluster state has of each, with what is known beside that.
public final class Statuses {
    private static final long NOT_HEARD = -1;

    private Statuses() {}

    /// Of a state, with what the function knows of each node.
    static NodeStatuses of(ClusterState state, Function<Node, NodeStatus> known) {
        List<Epoch> epochs = state.epochs();
        Epoch serving = Supervision.serving(state);
        return new NodeStatuses(
                state.clusterId(),
                state.version(),
                serving == null ? 0 : serving.number(),
                epochs.isEmpty() ? 0 : epochs.getLast().number(),
                epochs.isEmpty() ? 0 : epochs.getFirst().number(),
                epochs.stream().map(Statuses::of).toList(),
                state.nodes().values().stream().map(known).toList());
    }

    /// Of a state where nothing else is known of the nodes.
    public static NodeStatuses unheard(ClusterState state) {
        return of(state, Statuses::unheard);
    }

    private static EpochStatus of(Epoch epoch) {
        return new EpochStatus(
                epoch.number(),
                epoch.phase().name(),
                epoch.owners().stream().map(NodeId::value).toList());
    }

    private static NodeStatus unheard(Node node) {
        return new NodeStatus(
                node.id().value(),
                node.role().name(),
                node.phase().name(),
                "",
                node.dataUrl(),
                node.controlUrl(),
                false,
                0,
                0,
                NOT_HEARD,
                0,
                Rebalance.NONE,
                Space.NONE);
    }
}
