package io.forebay.gateway.api.cluster;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.core.Members;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.cluster.JobSnapshot;
import io.forebay.protocol.api.cluster.NetInfo;
import io.forebay.protocol.api.cluster.NodeMessage;
import io.forebay.protocol.api.cluster.NodeRemoval;
import io.forebay.protocol.http.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// AIStore's orders about who belongs to the cluster: what `forebay cluster` does, in AIStore's words. They are
/// answered with the id of the rebalance that follows, or nothing when no object has to move.
///
/// Objects move in any case: what asks for less (`skip_rebalance`) is taken for a wish that is not granted, since it
/// would lose them.
final class MembershipControl {
    private final Nodes nodes;
    private final Members members;

    MembershipControl(Nodes nodes, Members members) {
        this.nodes = nodes;
        this.members = members;
    }

    /// Carries out `start-maintenance`, `stop-maintenance`, `decommission-node`, `shutdown-node` or `rm-unsafe`. Throws
    /// NO_SUCH_NODE, INVALID_ARGUMENT, UNSUPPORTED, and what the state refuses.
    Reply order(ActionMessage message) {
        NodeRemoval order = message.value(NodeRemoval.class);
        List<NodeId> ids = order.nodes();
        for (NodeId id : ids) {
            members.require(id);
            Check.argument(
                    !id.equals(nodes.primary().id()),
                    "p[%s] is the current primary, cannot perform action \"%s\" on it",
                    id,
                    message.action());
        }
        long epoch = 0;
        for (NodeId id : ids) {
            Node node = members.require(id);
            epoch = Math.max(
                    epoch,
                    switch (message.action()) {
                        case "start-maintenance" -> startMaintenance(node);
                        case "stop-maintenance" -> stopMaintenance(node);
                        case "decommission-node" -> decommission(node, order);
                        case "shutdown-node" -> shutDown(node);
                        case "rm-unsafe" -> removeUnsafely(node, order);
                        default ->
                            throw new StoreException(
                                    ErrorCode.INVALID_ARGUMENT, "unknown cluster action \"" + message.action() + "\"");
                    });
        }
        return epoch == 0 ? Reply.of(200) : Reply.text(200, JobSnapshot.rebalanceId(epoch));
    }

    /// `join-by-admin`: tells which node of the cluster is at an address. Nodes join by themselves, with the cluster's
    /// token; one that is not in the map is refused with words.
    Reply join(byte[] json) {
        NodeMessage asked = WireJson.read(json, NodeMessage.class);
        NetInfo net = asked.controlNet();
        Check.argument(
                net != null && net.host() != null && net.port() != null, "the message names no address of a node");
        String address = net.host() + ":" + net.port();
        for (Node node : nodes.state().nodes().values()) {
            if (isAt(node.dataUrl(), address) || isAt(node.controlUrl(), address)) {
                String type = node.role() == Node.Role.GATEWAY ? NodeMessage.GATEWAY : NodeMessage.STORAGE;
                if (type.equals(asked.type())) {
                    Map<String, Object> result = new LinkedHashMap<>();
                    result.put("daemon_id", node.id().value());
                    result.put("rebalance_id", rebalance());
                    return JsonReply.of(result);
                }
            }
        }
        throw new StoreException(
                ErrorCode.INVALID_ARGUMENT,
                "no " + asked.type() + " of this cluster is at " + address
                        + ": start it there with --join and the cluster's token, and it joins by itself");
    }

    private String rebalance() {
        return nodes.state().isSettled()
                ? ""
                : JobSnapshot.rebalanceId(nodes.state().newestEpoch().number());
    }

    private static boolean isAt(String url, String address) {
        return url.endsWith("//" + address);
    }

    private long startMaintenance(Node node) {
        return switch (node.phase()) {
            case MAINTENANCE -> 0;
            case DECOMMISSIONED -> throw leaving(node, "");
            case ACTIVE, OFFLINE -> members.setPhase(node.id(), Node.Phase.MAINTENANCE);
        };
    }

    private long stopMaintenance(Node node) {
        return switch (node.phase()) {
            case ACTIVE, OFFLINE -> 0;
            case DECOMMISSIONED -> throw leaving(node, "stop-maintenance: node ");
            case MAINTENANCE -> members.setPhase(node.id(), Node.Phase.ACTIVE);
        };
    }

    private long decommission(Node node, NodeRemoval order) {
        if (order.removeData()) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED,
                    "the data folder of node " + node.id()
                            + " is left as it is (rm_user_data is not offered): remove it"
                            + " on its machine when the node has left");
        }
        if (node.role() == Node.Role.GATEWAY) {
            members.remove(node.id(), false);
            return 0;
        }
        long epoch = members.setPhase(node.id(), Node.Phase.DECOMMISSIONED);
        if (!order.noShutdown() && members.isAloneInItsProcess(node) && members.isHeardOf(node.id())) {
            members.orderStop(node.id());
        }
        return epoch;
    }

    private long shutDown(Node node) {
        long epoch = node.role() == Node.Role.GATEWAY ? 0 : startMaintenance(node);
        members.orderStop(node.id());
        return epoch;
    }

    private long removeUnsafely(Node node, NodeRemoval order) {
        Check.argument(order.skipRebalance(), "unsafe must be unsafe: %s without skip_rebalance", "rm-unsafe");
        members.remove(node.id(), true);
        return 0;
    }

    private static StoreException leaving(Node node, String before) {
        return new StoreException(
                ErrorCode.INVALID_ARGUMENT, before + "t[" + node.id() + "] is currently being decommissioned");
    }
}
