package io.forebay.gateway.api.cluster;

import io.forebay.cluster.placement.Placement;
import io.forebay.cluster.process.RunningSettings;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterSettings;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.bucket.BucketProperties;
import io.forebay.protocol.api.cluster.ClusterConfig;
import io.forebay.protocol.api.cluster.ClusterMap;
import io.forebay.protocol.api.cluster.ConfigValues;
import io.forebay.protocol.api.cluster.NodeMessage;
import io.forebay.protocol.api.cluster.NodeState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// The cluster state as AIStore's messages show it: map, bucket map, configuration. Their versions are the
/// state's.
final class Projections {
    private final Nodes nodes;
    private final RunningSettings settings;
    private final boolean secure;

    /// @param settings of this gateway's process
    /// @param secure whether it is for clients that speak HTTPS, at the ports at which others speak HTTP
    Projections(Nodes nodes, RunningSettings settings, boolean secure) {
        this.nodes = nodes;
        this.settings = settings;
        this.secure = secure;
    }

    ClusterMap map() {
        ClusterState state = nodes.state();
        Map<String, NodeMessage> gateways = new TreeMap<>();
        Map<String, NodeMessage> storageNodes = new TreeMap<>();
        for (Node node : state.nodes().values()) {
            (node.role() == Node.Role.GATEWAY ? gateways : storageNodes)
                    .put(node.id().value(), message(node));
        }
        return new ClusterMap(
                gateways,
                storageNodes,
                message(nodes.primary()),
                state.clusterId(),
                Instant.ofEpochMilli(state.createdMillis()).toString(),
                version(state));
    }

    Map<String, Object> bucketMap() {
        ClusterState state = nodes.state();
        Map<String, Map<String, Map<String, Object>>> providers = new TreeMap<>();
        for (Bucket bucket : state.buckets().values()) {
            providers
                    .computeIfAbsent(bucket.name().provider().wireName(), provider -> new TreeMap<>())
                    .computeIfAbsent(bucket.name().namespace().toString(), namespace -> new TreeMap<>())
                    .put(
                            bucket.name().name(),
                            BucketProperties.json(
                                    bucket.name(), bucket.id(), bucket.createdMillis(), bucket.properties()));
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("providers", providers);
        map.put("uuid", state.clusterId());
        map.put("version", version(state));
        return map;
    }

    /// The configuration that all nodes have. Where nothing was set for all, it shows what this gateway has.
    Map<String, Object> config() {
        return config(clusterValues());
    }

    /// What of settings the cluster's configuration shows.
    ConfigValues clusterValues() {
        Map<String, String> ofAll = ClusterSettings.all(nodes.state());
        return new ConfigValues(
                key -> ofAll.getOrDefault(key, settings.startedValue(key)), ClusterSettings.buckets(nodes.state()));
    }

    /// The configuration of this gateway, what lasts only while it runs included.
    Map<String, Object> ownConfig() {
        ClusterState state = nodes.state();
        return ClusterConfig.ofNode(
                config(new ConfigValues(key -> settings.value(key, state), ClusterSettings.buckets(state))),
                self(),
                settings.startedValue("server.data"));
    }

    private Map<String, Object> config(ConfigValues values) {
        ClusterState state = nodes.state();
        return ClusterConfig.json(
                state.clusterId(),
                nodes.primary().dataUrl(secure),
                Instant.ofEpochMilli(state.createdMillis()).toString(),
                version(state),
                values);
    }

    NodeState nodeState() {
        ClusterState state = nodes.state();
        return NodeState.started(message(nodes.primary()), state.clusterId(), version(state));
    }

    /// This gateway as the map shows it; the primary while it is not in the map.
    NodeMessage self() {
        Node self = nodes.state().node(nodes.self());
        return message(self == null ? nodes.primary() : self);
    }

    String version() {
        return version(nodes.state());
    }

    boolean isPrimary() {
        return nodes.primary().id().equals(nodes.self());
    }

    private static String version(ClusterState state) {
        return Long.toString(state.version());
    }

    private NodeMessage message(Node node) {
        NodeId id = node.id();
        boolean gateway = node.role() == Node.Role.GATEWAY;
        long phase = switch (node.phase()) {
            case ACTIVE -> 0;
            case OFFLINE, MAINTENANCE -> NodeMessage.MAINTENANCE;
            case DECOMMISSIONED -> NodeMessage.DECOMMISSION;
        };
        return NodeMessage.of(
                id,
                gateway ? NodeMessage.GATEWAY : NodeMessage.STORAGE,
                node.dataUrl(secure),
                gateway ? phase | NodeMessage.INFORMS : phase,
                Placement.digestOf(id));
    }
}
