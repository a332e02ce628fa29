package io.forebay.storage.info;

import io.forebay.cluster.placement.Placement;
import io.forebay.cluster.process.NodeOrders;
import io.forebay.cluster.process.NodeStatistics;
import io.forebay.cluster.process.RunningSettings;
import io.forebay.cluster.process.Statistic;
import io.forebay.cluster.state.ClusterSettings;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.AisVersion;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.cluster.ClusterConfig;
import io.forebay.protocol.api.cluster.ConfigValues;
import io.forebay.protocol.api.cluster.JobSnapshot;
import io.forebay.protocol.api.cluster.NodeMessage;
import io.forebay.protocol.api.cluster.NodeState;
import io.forebay.protocol.api.cluster.SystemLoad;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Space;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers `GET /v1/daemon?what=…` and `GET /v1/health` of a storage node, and carries out `PUT /v1/daemon`.
public final class NodeQueries {
    private final NodeFacts facts;
    private final NodeStatistics statistics;
    private final NodeOrders orders;
    private final DiskLoad disks;
    private final StateWatch watch;
    private final ObjectStore store;
    private final Supplier<Rebalance> progress;

    /// @param counters where the node's counts are kept
    /// @param metrics shows them under AIStore's names
    /// @param progress how far the node is with moving its objects
    public NodeQueries(
            NodeFacts facts,
            Map<Statistic, LongSupplier> counters,
            Metrics metrics,
            StateWatch watch,
            ObjectStore store,
            Supplier<Rebalance> progress,
            int maxMessageBytes) {
        this.facts = facts;
        this.watch = watch;
        this.store = store;
        this.progress = progress;
        this.statistics = new NodeStatistics(
                        counters, () -> nodeState(watch.current()).flags(), facts.ticker())
                .shownBy(metrics, NodeMessage.STORAGE, facts.id());
        this.disks = new DiskLoad(DiskLoad.COUNTS, facts.ticker());
        this.orders = new NodeOrders(facts.process(), statistics, this::config, maxMessageBytes);
    }

    /// Carries out an order to this node. Only where the exchange may wait; throws what `NodeOrders` throws.
    public Reply order(Exchange exchange) {
        return orders.answer(exchange);
    }

    /// Answers a query by its `what`. Throws INVALID_ARGUMENT when there is no such question.
    public Reply answer(Query query) {
        String what = query.find(AisQuery.WHAT, "");
        return switch (what) {
            case "snode" -> JsonReply.of(self());
            case "sysinfo" -> JsonReply.of(systemInfo());
            case "node_status" -> JsonReply.of(status());
            case "node_stats" -> JsonReply.of(stats());
            case "metrics" -> JsonReply.of(statistics.kinds());
            case "disk" -> JsonReply.of(diskLoads());
            case "mountpaths" -> JsonReply.of(VolumeQueries.mountpaths(store.volumeStatuses()));
            case "config" -> JsonReply.of(config());
            case "log" -> facts.process().log().answer(query);
            case "software_version" -> Reply.text(200, facts.version());
            default -> throw new StoreException(ErrorCode.INVALID_ARGUMENT, "unexpected query \"what=" + what + "\"");
        };
    }

    /// Says that the node lives, and for how long; with `cii` which state it has. Waits for nothing.
    public Reply health(Query query) {
        String uptime = Long.toString(statistics.uptimeNanos());
        Reply reply = AisQuery.isTrue(query.find(AisQuery.NODE_STATE, ""))
                ? JsonReply.of(nodeState(watch.current()))
                : Reply.of(200);
        return reply.with(AisHeaders.NODE_UPTIME, uptime).with(AisHeaders.CLUSTER_UPTIME, uptime);
    }

    private NodeMessage self() {
        @Nullable Node node = watch.current().node(facts.id());
        String url = node == null ? "" : node.dataUrl();
        long flags = switch (node == null ? Node.Phase.ACTIVE : node.phase()) {
            case ACTIVE -> 0;
            case OFFLINE, MAINTENANCE -> NodeMessage.MAINTENANCE;
            case DECOMMISSIONED -> NodeMessage.DECOMMISSION;
        };
        return NodeMessage.of(facts.id(), NodeMessage.STORAGE, url, flags, Placement.digestOf(facts.id()));
    }

    private Map<String, Object> status() {
        ClusterState state = watch.current();
        @Nullable Node node = state.node(facts.id());
        Map<String, Object> status = new LinkedHashMap<>();
        Rebalance moving = progress.get();
        if (moving.epoch() > 0) {
            String id = JobSnapshot.rebalanceId(moving.epoch());
            status.put("rebalance_snap", JobSnapshot.json(id, JobSnapshot.REBALANCE, null, moving, false));
        }
        status.put("status", node == null ? "" : statusWord(node.phase()));
        status.put("deployment", "");
        status.put("ais_version", AisVersion.TEXT);
        status.put("build_time", "");
        status.put("k8s_pod_name", "");
        status.putAll(stats());
        status.put("cluster", nodeState(state));
        status.put("sys_info", MachineLoad.measure());
        status.put("smap_version", Long.toString(state.version()));
        return status;
    }

    private static String statusWord(Node.Phase phase) {
        return switch (phase) {
            case ACTIVE -> "";
            case OFFLINE -> "offline";
            case MAINTENANCE -> "maintenance";
            case DECOMMISSIONED -> "decommission";
        };
    }

    private Map<String, Object> stats() {
        Map<String, Object> stats = new LinkedHashMap<>();
        stats.put("snode", self());
        stats.put("tracker", statistics.tracker());
        stats.put("capacity", capacity());
        return stats;
    }

    private Map<String, Object> diskLoads() {
        Map<String, Object> json = new LinkedHashMap<>();
        Set<String> names = new TreeSet<>();
        store.volumeStatuses().forEach(volume -> names.add(disks.diskOf(Path.of(volume.path()))));
        json.put("AllDiskStats", disks.json(names));
        json.putAll(capacity());
        return json;
    }

    private Map<String, Object> capacity() {
        return VolumeQueries.capacity(store.volumeStatuses(), disks::diskOf);
    }

    private Map<String, Object> systemInfo() {
        SystemLoad load = MachineLoad.measure();
        Space space = store.space();
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("mem_used", load.memoryUsed());
        info.put("mem_avail", load.memoryAvailable());
        info.put("pct_mem_used", load.percentMemoryUsed());
        info.put("pct_cpu_used", load.percentProcessorUsed());
        info.put("load_avg", load.loadAverage());
        info.put("cpu_util", load.processorPercent());
        info.put("fs_used", Long.toString(space.usedBytes()));
        info.put("fs_capacity", Long.toString(space.totalBytes()));
        info.put("pct_fs_used", (double) percentUsed(space));
        return info;
    }

    private Map<String, Object> config() {
        ClusterState state = watch.current();
        RunningSettings settings = facts.process().settings();
        NodeMessage primary = primary(state);
        Map<String, Object> cluster = ClusterConfig.json(
                state.clusterId(),
                primary.publicNet().url(),
                Instant.ofEpochMilli(state.createdMillis()).toString(),
                Long.toString(state.version()),
                new ConfigValues(key -> settings.value(key, state), ClusterSettings.buckets(state)));
        Map<String, Object> config =
                new LinkedHashMap<>(ClusterConfig.ofNode(cluster, self(), settings.startedValue("server.data")));
        Map<String, Object> paths = new LinkedHashMap<>();
        store.volumeStatuses().forEach(volume -> paths.put(volume.path(), ""));
        config.put("fspaths", paths);
        return config;
    }

    private NodeState nodeState(ClusterState state) {
        @Nullable Node node = state.node(facts.id());
        Rebalance moving = progress.get();
        long alerts = moving.epoch() > 0 && !moving.done() ? NodeState.REBALANCING : 0;
        if (node != null && node.phase() == Node.Phase.MAINTENANCE) {
            alerts |= NodeState.IN_MAINTENANCE;
        }
        return NodeState.started(primary(state), state.clusterId(), Long.toString(state.version()), alerts);
    }

    /// The gateway that AIStore's clients take for the primary: the first by id. A map without one shows this
    /// node.
    private NodeMessage primary(ClusterState state) {
        for (Node node : state.nodes().values()) {
            if (node.role() == Node.Role.GATEWAY) {
                return NodeMessage.of(
                        node.id(),
                        NodeMessage.GATEWAY,
                        node.dataUrl(),
                        NodeMessage.INFORMS,
                        Placement.digestOf(node.id()));
            }
        }
        return self();
    }

    private static int percentUsed(Space space) {
        return space.totalBytes() == 0 ? 0 : (int) (100 * space.usedBytes() / space.totalBytes());
    }
}
