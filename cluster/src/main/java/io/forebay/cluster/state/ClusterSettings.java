package io.forebay.cluster.state;

import io.forebay.common.model.NodeId;
import java.util.Map;
import java.util.TreeMap;

/// The names that settings have in the cluster state: of all nodes, or of one, which go before.
public final class ClusterSettings {
    /// Whether owners bring objects to where they belong; `true` unless set.
    public static final String REBALANCE = "storage.rebalance.enabled";

    private static final String ALL = "setting.";
    private static final String NODE = "node.setting.";
    private static final String BUCKET = "bucket.default.";

    private ClusterSettings() {}

    /// The name of a setting that all nodes have.
    public static String ofAll(String setting) {
        return ALL + setting;
    }

    /// The name of a setting that one node has for itself.
    public static String ofNode(NodeId node, String setting) {
        return nodePrefix(node) + setting;
    }

    /// The name of the default of a property that buckets have when they are created.
    public static String ofBuckets(String property) {
        return BUCKET + property;
    }

    /// What is set for all nodes, by setting.
    public static Map<String, String> all(ClusterState state) {
        return below(state, ALL);
    }

    /// What is set for one node, by setting.
    public static Map<String, String> node(ClusterState state, NodeId node) {
        return below(state, nodePrefix(node));
    }

    /// The defaults of new buckets that were set, by property.
    public static Map<String, String> buckets(ClusterState state) {
        return below(state, BUCKET);
    }

    /// Whether owners bring objects to where they belong.
    public static boolean rebalances(ClusterState state) {
        return !"false".equals(state.settings().get(ofAll(REBALANCE)));
    }

    /// Every setting of single nodes by its name in the state, those of nodes that are gone included.
    public static Map<String, String> ofNodes(ClusterState state) {
        Map<String, String> found = new TreeMap<>();
        below(state, NODE).forEach((rest, value) -> found.put(NODE + rest, value));
        return found;
    }

    private static String nodePrefix(NodeId node) {
        return NODE + node + ".";
    }

    private static Map<String, String> below(ClusterState state, String prefix) {
        Map<String, String> found = new TreeMap<>();
        state.settings()
                .tailMap(prefix)
                .headMap(prefix + Character.MAX_VALUE)
                .forEach((name, value) -> found.put(name.substring(prefix.length()), value));
        return found;
    }
}
