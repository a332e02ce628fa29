package io.forebay.gateway.core;

import io.forebay.cluster.state.ClusterSettings;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.control.ClusterControl;
import io.forebay.gateway.routing.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Changes of the settings that the cluster state has. All of it waits for consensus: call it only where the
/// exchange may wait.
public final class Configuration {
    private final Router router;
    private final ClusterControl control;

    public Configuration(Router router, ClusterControl control) {
        this.router = router;
        this.control = control;
    }

    /// Changes settings of all nodes, and defaults of properties of new buckets; an empty value takes one
    /// back. Gives the state with them.
    public ClusterState change(Map<String, String> settings, Map<String, String> bucketDefaults) {
        Map<String, String> changes = new TreeMap<>();
        settings.forEach((setting, value) -> changes.put(ClusterSettings.ofAll(setting), value));
        bucketDefaults.forEach((property, value) -> changes.put(ClusterSettings.ofBuckets(property), value));
        return control.change(new Command.ChangeSettings(changes));
    }

    /// Changes settings that a node has for itself, and with it the others of its process; an empty value
    /// takes one back. Throws NO_SUCH_NODE.
    public ClusterState change(NodeId id, Map<String, String> settings) {
        Map<String, String> changes = ofGoneNodes();
        for (Node node : process(id)) {
            settings.forEach((setting, value) -> changes.put(ClusterSettings.ofNode(node.id(), setting), value));
        }
        return control.change(new Command.ChangeSettings(changes));
    }

    /// Takes back what every node has for itself.
    public ClusterState reset() {
        Map<String, String> changes =
                new TreeMap<>(ClusterSettings.ofNodes(router.snapshot().state()));
        changes.replaceAll((setting, value) -> "");
        return control.change(new Command.ChangeSettings(changes));
    }

    /// Takes back what a node has for itself, and the others of its process. Throws NO_SUCH_NODE.
    public ClusterState reset(NodeId id) {
        Map<String, String> settings = new TreeMap<>();
        for (Node node : process(id)) {
            settings.putAll(ClusterSettings.node(router.snapshot().state(), node.id()));
        }
        settings.replaceAll((setting, value) -> "");
        return change(id, settings);
    }

    /// One node of each process, but for that of the given one.
    public List<Node> otherProcesses(NodeId self) {
        Map<String, Node> byUrl = new TreeMap<>();
        for (Node node : router.snapshot().state().nodes().values()) {
            byUrl.putIfAbsent(url(node), node);
        }
        process(self).forEach(node -> byUrl.remove(url(node)));
        return List.copyOf(byUrl.values());
    }

    /// The nodes that live in the process of one.
    private List<Node> process(NodeId id) {
        ClusterState state = router.snapshot().state();
        Node known = state.node(id);
        if (known == null) {
            throw new StoreException(ErrorCode.NO_SUCH_NODE, "node " + id + " is not present in the cluster map");
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : state.nodes().values()) {
            if (url(node).equals(url(known))) {
                nodes.add(node);
            }
        }
        return nodes;
    }

    /// What tells one process from another.
    private static String url(Node node) {
        return node.controlUrl().isEmpty() ? node.dataUrl() : node.controlUrl();
    }

    private Map<String, String> ofGoneNodes() {
        ClusterState state = router.snapshot().state();
        Map<String, String> gone = new TreeMap<>(ClusterSettings.ofNodes(state));
        state.nodes()
                .keySet()
                .forEach(id -> ClusterSettings.node(state, id)
                        .keySet()
                        .forEach(setting -> gone.remove(ClusterSettings.ofNode(id, setting))));
        gone.replaceAll((setting, value) -> "");
        return gone;
    }
}
