package io.forebay.gateway.api.cluster;

import io.forebay.cluster.process.NodeOrders;
import io.forebay.cluster.process.RunningSettings;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.core.Configuration;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.cluster.ConfigCatalogue;
import io.forebay.protocol.api.cluster.ConfigChanges;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Orders to change the configuration, of the cluster or of one node, and the other orders that a node
/// carries out for itself.
///
/// What is to stay goes through the log of commands. What is to last as long as a process runs, which the
/// query says by `transient`, is told to the node, or to each process.
final class ConfigControl {
    private static final String DAEMON = "/v1/daemon";

    private final Nodes nodes;
    private final Configuration configuration;
    private final Projections projections;
    private final RunningSettings settings;
    private final NodeOrders orders;
    private final int maxMessageBytes;

    /// @param settings of this gateway's process
    /// @param orders of this gateway
    ConfigControl(
            Nodes nodes,
            Configuration configuration,
            Projections projections,
            RunningSettings settings,
            NodeOrders orders,
            int maxMessageBytes) {
        this.nodes = nodes;
        this.configuration = configuration;
        this.projections = projections;
        this.settings = settings;
        this.orders = orders;
        this.maxMessageBytes = maxMessageBytes;
    }

    /// `set-config` of the cluster. Throws INVALID_ARGUMENT and UNSUPPORTED with nothing changed, and the
    /// first failure of a node that was told.
    Reply setOfCluster(Exchange exchange, Map<String, Object> leaves, Query query) {
        ConfigChanges changes = ConfigCatalogue.read(leaves, projections.config(), projections.clusterValues());
        settings.check(changes.running());
        if (!isTransient(query)) {
            Map<String, String> lasting = new HashMap<>(changes.running());
            lasting.putAll(changes.clusterWide());
            settings.follow(configuration.change(lasting, changes.bucketDefaults()), nodes.self());
            return Reply.of(200);
        }
        if (!changes.clusterWide().isEmpty() || !changes.bucketDefaults().isEmpty()) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED,
                    "settings " + leaves.keySet()
                            + " are agreed on by the whole cluster in part, so they stay: set them without transient");
        }
        settings.changeForNow(changes.running());
        for (Node node : configuration.otherProcesses(nodes.self())) {
            tell(exchange, node.id(), transientTarget(leaves), new byte[0]);
        }
        return Reply.of(200);
    }

    /// An order that every process carries out for itself: `reset-config`, `rotate-logs` or `reset-stats`.
    /// Throws the first failure.
    Reply orderOfAll(Exchange exchange, ActionMessage message) {
        if (message.action().equals(NodeOrders.RESET_CONFIG)) {
            settings.follow(configuration.reset(), nodes.self());
        }
        orders.order(message, Query.EMPTY);
        // Counts are of nodes, not of processes.
        boolean counts = message.action().equals(NodeOrders.RESET_STATISTICS);
        for (Node node : counts ? nodes.state().nodes().values() : configuration.otherProcesses(nodes.self())) {
            if (!node.id().equals(nodes.self())) {
                tell(exchange, node.id(), DAEMON, WireJson.write(message));
            }
        }
        return Reply.of(200);
    }

    /// An order to that node, which may be this gateway itself. Throws INVALID_ARGUMENT, NO_SUCH_NODE,
    /// UNSUPPORTED.
    ///
    /// @param path what is behind `daemon` in the path of the request, or empty
    Reply orderOfNode(Exchange exchange, NodeId id, String path) {
        Query query = exchange.request().query();
        if (path.equals(NodeOrders.SET_CONFIG)) {
            return setOfNode(exchange, id, ConfigCatalogue.leaves(query), query);
        }
        if (!path.isEmpty()) {
            throw NodeErrors.notOffered(exchange.request());
        }
        ActionMessage message = ActionMessage.parse(exchange.body().readAll(maxMessageBytes));
        if (message.action().equals(NodeOrders.SET_CONFIG)) {
            return setOfNode(exchange, id, ConfigCatalogue.leaves(message.valueMap()), query);
        }
        if (message.action().equals(NodeOrders.RESET_CONFIG)) {
            settings.follow(configuration.reset(id), nodes.self());
        }
        return id.equals(nodes.self())
                ? orders.order(message, query)
                : tell(exchange, id, DAEMON, WireJson.write(message));
    }

    private Reply setOfNode(Exchange exchange, NodeId id, Map<String, Object> leaves, Query query) {
        Map<String, String> changes = orders.read(leaves);
        settings.check(changes);
        if (!isTransient(query)) {
            settings.follow(configuration.change(id, changes), nodes.self());
        } else if (id.equals(nodes.self())) {
            settings.changeForNow(changes);
        } else {
            tell(exchange, id, transientTarget(leaves), new byte[0]);
        }
        return Reply.of(200);
    }

    private Reply tell(Exchange exchange, NodeId id, String target, byte[] message) {
        Reply reply = nodes.tell(exchange, id, Method.PUT, target, message);
        if (reply.status() >= 400) {
            throw NodeErrors.read(reply);
        }
        reply.payload().close();
        return Reply.of(200);
    }

    private static String transientTarget(Map<String, Object> leaves) {
        return DAEMON + "/" + NodeOrders.SET_CONFIG + "?"
                + leaves.entrySet().stream()
                        .map(leaf -> PercentCode.encode(leaf.getKey()) + "="
                                + PercentCode.encode(leaf.getValue().toString()))
                        .collect(Collectors.joining("&"))
                + "&" + AisQuery.TRANSIENT + "=true";
    }

    private static boolean isTransient(Query query) {
        return AisQuery.isTrue(query.find(AisQuery.TRANSIENT, ""));
    }
}
