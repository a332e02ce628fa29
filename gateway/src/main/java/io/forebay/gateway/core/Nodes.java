package io.forebay.gateway.core;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.relay.Fanout;
import io.forebay.gateway.relay.Relay;
import io.forebay.gateway.routing.Router;
import io.forebay.gateway.routing.Snapshot;
import io.forebay.protocol.api.NodeReply;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The members of the cluster, and what they say of themselves.
public final class Nodes {
    private final NodeId self;
    private final Router router;
    private final Relay relay;
    private final int maxAnswerBytes;

    public Nodes(NodeId self, Router router, Relay relay, int maxAnswerBytes) {
        this.self = self;
        this.router = router;
        this.relay = relay;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /// The id of this gateway.
    public NodeId self() {
        return self;
    }

    public ClusterState state() {
        return router.snapshot().state();
    }

    /// Every storage node, whatever its phase, by id.
    public List<Node> storageNodes() {
        return state().nodes().values().stream()
                .filter(node -> node.role() == Node.Role.STORAGE)
                .toList();
    }

    /// The gateway that stands for all: the first active one by id. Throws NODE_UNAVAILABLE when there is none.
    public Node primary() {
        for (Node node : state().nodes().values()) {
            if (node.role() == Node.Role.GATEWAY && node.phase() == Node.Phase.ACTIVE) {
                return node;
            }
        }
        throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the cluster map has no gateway yet");
    }

    /// Sends `GET target` to a node and gives its reply, failures included. Only where the exchange may wait.
    /// Throws NO_SUCH_NODE when the node is not in the map.
    public Reply ask(Exchange outer, NodeId id, String target) {
        Snapshot snapshot = router.snapshot();
        return ask(outer, snapshot, require(snapshot, id), target);
    }

    /// Sends a message to a node and gives its reply, failures included. Only where the exchange may wait. Throws
    /// NO_SUCH_NODE when the node is not in the map.
    public Reply tell(Exchange outer, NodeId id, Method method, String target, byte[] message) {
        Snapshot snapshot = router.snapshot();
        Request request = new Request(method, target, new Headers());
        return relay.toNode(outer, require(snapshot, id), snapshot, request, MemoryBody.of(message));
    }

    /// The JSON that each active storage node answers `GET target` with, by node id. Only where the exchange may
    /// wait. Throws the first failure.
    public Map<String, Object> askStorage(Exchange outer, String target) {
        Snapshot snapshot = router.snapshot();
        List<Node> nodes = snapshot.owners();
        List<Object> answers = nodes.isEmpty()
                ? List.of()
                : Fanout.ask(
                        nodes,
                        node -> NodeReply.read(ask(outer, snapshot, node, target), Object.class, maxAnswerBytes));
        Map<String, Object> byNode = new TreeMap<>();
        for (int index = 0; index < answers.size(); index++) {
            byNode.put(nodes.get(index).id().value(), answers.get(index));
        }
        return byNode;
    }

    private static Node require(Snapshot snapshot, NodeId id) {
        Node node = snapshot.state().node(id);
        if (node == null) {
            throw new StoreException(ErrorCode.NO_SUCH_NODE, "node " + id + " is not present in the cluster map");
        }
        return node;
    }

    private Reply ask(Exchange outer, Snapshot snapshot, Node node, String target) {
        return relay.toNode(outer, node, snapshot, new Request(Method.GET, target, new Headers()), Body.empty());
    }
}
