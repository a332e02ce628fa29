package io.forebay.gateway.api.admin;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.core.Members;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;

/// `/admin/cluster`: every node as the leader sees it (GET), and orders about who belongs to the cluster (POST).
final class ClusterAdmin {
    static final String PATH = "/admin/cluster";

    private static final int MAX_ORDER_BYTES = 4096;

    private final Members members;

    ClusterAdmin(Members members) {
        this.members = members;
    }

    Reply answer(Exchange exchange) {
        Method method = exchange.request().method();
        return switch (method) {
            case GET -> JsonReply.of(members.statuses());
            case POST -> order(exchange);
            case PUT, DELETE, HEAD, PATCH, OPTIONS -> NodeErrors.methodNotAllowed(method, "GET, POST");
        };
    }

    ///
    private Reply order(Exchange exchange) {
        NodeOrder order = WireJson.read(JsonMessage.read(exchange, MAX_ORDER_BYTES), NodeOrder.class);
        if (order.action().equals("rebalance")) {
            Check.argument(order.node().isEmpty(), "a rebalance is of all nodes, not of %s", order.node());
            members.rebalance();
            return JsonReply.of(members.statuses());
        }
        Check.argument(!order.node().isEmpty(), "the message names no node");
        NodeId id = new NodeId(order.node());
        switch (order.action()) {
            case "maintenance-on" -> members.setPhase(id, Node.Phase.MAINTENANCE);
            case "maintenance-off" -> members.setPhase(id, Node.Phase.ACTIVE);
            case "decommission" -> members.setPhase(id, Node.Phase.DECOMMISSIONED);
            case "remove" -> members.remove(id, order.force());
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "action \"" + order.action()
                                + "\" is none of maintenance-on, maintenance-off, decommission, remove, rebalance");
        }
        return JsonReply.of(members.statuses());
    }
}
