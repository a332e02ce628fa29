package io.forebay.gateway.api.cluster;

import io.forebay.cluster.process.NodeStatistics;
import io.forebay.cluster.process.ProcessLog;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.AisVersion;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `GET /v1/daemon?what=…`: what this gateway says of itself; and `GET /v1/reverse/daemon?what=…`: what another
/// node says of itself, asked for through this one.
final class NodeQueries {
    private static final Map<String, Object> NO_CAPACITY = Map.of(
            "mountpaths",
            Map.of(),
            "cs_err",
            "",
            "total_used",
            "0",
            "total_avail",
            "0",
            "pct_max",
            0,
            "pct_avg",
            0,
            "pct_min",
            0);

    private final Nodes nodes;
    private final Projections projections;
    private final ProcessLog log;
    private final NodeStatistics statistics;

    NodeQueries(Nodes nodes, Projections projections, ProcessLog log, NodeStatistics statistics) {
        this.nodes = nodes;
        this.projections = projections;
        this.log = log;
        this.statistics = statistics;
    }

    /// Nanoseconds since this gateway was made.
    long uptimeNanos() {
        return statistics.uptimeNanos();
    }

    /// Throws INVALID_ARGUMENT for what a gateway does not know.
    ///
    /// @param shown the cluster as the caller sees it
    Reply answer(Exchange exchange, Query query, Projections shown) {
        String what = query.find(AisQuery.WHAT, "");
        return switch (what) {
            case "smap" -> JsonReply.of(shown.map());
            case "bmd" -> JsonReply.of(shown.bucketMap());
            case "config" -> JsonReply.of(shown.ownConfig());
            case "snode" -> JsonReply.of(shown.self());
            case "smapvote" -> JsonReply.of(voteBundle(shown));
            case "node_stats" -> JsonReply.of(stats());
            case "node_status" -> JsonReply.of(status());
            case "metrics" -> JsonReply.of(statistics.kinds());
            case "sysinfo" -> JsonReply.of(MachineLoad.now());
            case "log" -> exchange.mayWait() ? log.answer(query) : Reply.WOULD_WAIT;
            case "software_version" -> Reply.text(200, AisVersion.TEXT);
            case "remote" -> JsonReply.of(remoteClusters());
            case "tls_certificate" ->
                throw new StoreException(ErrorCode.UNSUPPORTED, "this gateway has no TLS certificate");
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "unexpected query \"what=" + what + "\" of a gateway");
        };
    }

    /// Answers for that node. Throws NO_SUCH_NODE for an unknown one.
    Reply reverse(Exchange exchange, NodeId id, Query query, Projections shown) {
        if (id.equals(nodes.self())) {
            return answer(exchange, query, shown);
        }
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        String rawQuery = exchange.request().rawQuery();
        return nodes.ask(exchange, id, "/v1/daemon" + (rawQuery.isEmpty() ? "" : "?" + rawQuery));
    }

    /// `{snode, tracker, capacity}`.
    Map<String, Object> stats() {
        Map<String, Object> stats = new LinkedHashMap<>();
        stats.put("snode", projections.self());
        stats.put("tracker", statistics.tracker());
        stats.put("capacity", NO_CAPACITY);
        return stats;
    }

    /// Attached remote clusters: none.
    static Map<String, Object> remoteClusters() {
        Map<String, Object> remote = new LinkedHashMap<>();
        remote.put("a", List.of());
        remote.put("ver", 0);
        return remote;
    }

    private Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("status", "");
        status.put("deployment", "dev");
        status.put("ais_version", AisVersion.TEXT);
        status.put("build_time", "");
        status.put("k8s_pod_name", "");
        status.putAll(stats());
        status.put("cluster", projections.nodeState());
        status.put("sys_info", MachineLoad.now());
        status.put("smap_version", projections.version());
        return status;
    }

    private static Map<String, Object> voteBundle(Projections shown) {
        Map<String, Object> bundle = new LinkedHashMap<>();
        bundle.put("smap", shown.map());
        bundle.put("bmd", shown.bucketMap());
        bundle.put("config", shown.config());
        return bundle;
    }
}
