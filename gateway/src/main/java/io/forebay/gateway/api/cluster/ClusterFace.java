package io.forebay.gateway.api.cluster;

import io.forebay.cluster.process.NodeOrders;
import io.forebay.cluster.process.NodeStatistics;
import io.forebay.cluster.process.RunningProcess;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Configuration;
import io.forebay.gateway.core.Members;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.cluster.ConfigCatalogue;
import io.forebay.protocol.api.cluster.NetInfo;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Everything under `/v1` but objects and buckets.
public final class ClusterFace {
    private static final String SYSTEM_LOAD = "/v1/daemon?what=sysinfo";
    private static final String STATS = "/v1/daemon?what=node_stats";
    private static final String VOLUMES = "/v1/daemon?what=mountpaths";

    private final Nodes nodes;
    private final Projections projections;
    private final Projections encrypted;
    private final NodeQueries queries;
    private final JobQueries jobs;
    private final MountpathControl mountpaths;
    private final MembershipControl membership;
    private final ConfigControl config;
    private final int maxMessageBytes;

    /// @param process that this gateway runs in
    /// @param statistics what it counts
    public ClusterFace(
            Nodes nodes,
            Members members,
            Buckets buckets,
            Configuration configuration,
            RunningProcess process,
            NodeStatistics statistics,
            InstantSource clock,
            int maxMessageBytes) {
        this.nodes = nodes;
        this.projections = new Projections(nodes, process.settings(), false);
        this.encrypted = new Projections(nodes, process.settings(), true);
        this.queries = new NodeQueries(nodes, projections, process.log(), statistics);
        this.config = new ConfigControl(
                nodes,
                configuration,
                projections,
                process.settings(),
                new NodeOrders(process, statistics, projections::ownConfig, maxMessageBytes),
                maxMessageBytes);
        this.jobs = new JobQueries(nodes, members, buckets, new RebalanceJobs(nodes, members, clock), maxMessageBytes);
        this.mountpaths = new MountpathControl(nodes, maxMessageBytes);
        this.membership = new MembershipControl(nodes, members);
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Answers an admitted request; `query` is its own, parsed. Throws StoreException.
    public Reply handle(Exchange exchange, Query query) {
        NativePath path = NativePath.parse(exchange.request().rawPath());
        Method method = exchange.request().method();
        return switch (path.collection()) {
            case "health" -> method == Method.GET ? health(exchange, query) : notAllowed(method, "GET");
            case "daemon" ->
                switch (method) {
                    case GET -> queries.answer(exchange, query, shown(exchange));
                    case PUT ->
                        exchange.mayWait()
                                ? config.orderOfNode(exchange, nodes.self(), path.bucket())
                                : Reply.WOULD_WAIT;
                    case POST, DELETE -> throw notOffered(exchange);
                    default -> notAllowed(method, "DELETE, GET, POST, PUT");
                };
            case "reverse" ->
                switch (method) {
                    case GET -> reverse(exchange, path, query);
                    case PUT, POST, DELETE -> reverseOrder(exchange, path);
                    default -> notAllowed(method, "DELETE, GET, POST, PUT");
                };
            case "cluster" ->
                switch (method) {
                    case GET -> cluster(exchange, query);
                    case PUT -> control(exchange, path, query);
                    case POST -> join(exchange, path);
                    case DELETE -> throw notOffered(exchange);
                    default -> notAllowed(method, "DELETE, GET, POST, PUT");
                };
            case "etl", "sort", "download" -> emptyList(exchange, path, query);
            case "tokens" -> throw notOffered(exchange);
            default -> throw NodeErrors.noSuchApi(exchange.request().rawPath());
        };
    }

    /// Whether this gateway knows its cluster: before, it answers as one that is starting.
    public boolean isReady() {
        return !nodes.state().clusterId().isEmpty() && nodes.state().node(nodes.self()) != null;
    }

    /// What the caller sees. A storage node that asks does so for a client that may speak plain HTTP.
    private Projections shown(Exchange exchange) {
        return exchange.secure() && !exchange.fromNode() ? encrypted : projections;
    }

    private Reply health(Exchange exchange, Query query) {
        boolean state = AisQuery.isTrue(query.find(AisQuery.NODE_STATE, ""));
        boolean stateOfPrimary = AisQuery.isTrue(query.find(AisQuery.NODE_STATE_OF_PRIMARY, ""));
        boolean primaryReady = AisQuery.isTrue(query.find(AisQuery.PRIMARY_READY, ""));
        boolean assertsPrimary = AisQuery.isTrue(query.find(AisQuery.ASSERT_PRIMARY, ""));
        Check.argument(!state || !primaryReady, "invalid health query: %s with %s", "prr", "cii");
        Check.argument(
                !stateOfPrimary || (!state && !assertsPrimary),
                "invalid health query: %s with %s",
                "cii-apr",
                "cii, apr");
        if (!isReady()) {
            return Reply.of(503);
        }
        Check.argument(
                (!assertsPrimary && !stateOfPrimary) || projections.isPrimary(), "p[%s] is not primary", nodes.self());
        if (primaryReady && !projections.isPrimary()) {
            return exchange.mayWait()
                    ? nodes.ask(
                            exchange, nodes.primary().id(), exchange.request().target())
                    : Reply.WOULD_WAIT;
        }
        if (state || stateOfPrimary) {
            return JsonReply.of(shown(exchange).nodeState());
        }
        Headers headers = new Headers()
                .add(AisHeaders.NODE_UPTIME, queries.uptimeNanos())
                .add(AisHeaders.CLUSTER_UPTIME, queries.uptimeNanos());
        return new Reply(200, headers, Payload.none());
    }

    private Reply reverse(Exchange exchange, NativePath path, Query query) {
        Check.argument(
                path.bucket().equals("daemon"),
                "invalid URL path \"%s\"",
                exchange.request().rawPath());
        return queries.reverse(exchange, named(exchange), query, shown(exchange));
    }

    private Reply reverseOrder(Exchange exchange, NativePath path) {
        boolean ofMountpaths = path.object().equals("mountpaths");
        if (!path.bucket().equals("daemon")
                || (!ofMountpaths && exchange.request().method() != Method.PUT)) {
            throw notOffered(exchange);
        }
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        NodeId id = named(exchange);
        return ofMountpaths ? mountpaths.order(exchange, id) : config.orderOfNode(exchange, id, path.object());
    }

    /// The node that the header names. Throws INVALID_ARGUMENT.
    private static NodeId named(Exchange exchange) {
        String id = exchange.request().headers().find(AisHeaders.NODE_ID, "");
        Check.argument(!id.isEmpty(), "missing node ID in header %s", AisHeaders.NODE_ID);
        return new NodeId(id);
    }

    private Reply cluster(Exchange exchange, Query query) {
        String what = query.find(AisQuery.WHAT, "");
        return switch (what) {
            case "smap", "bmd", "snode", "smapvote" -> queries.answer(exchange, query, shown(exchange));
            case "cluster_config" -> JsonReply.of(shown(exchange).config());
            case "backends" -> JsonReply.of(List.of());
            case "remote" -> JsonReply.of(NodeQueries.remoteClusters());
            case "target_ips" -> Reply.text(200, targetAddresses());
            case "sysinfo", "node_stats", "mountpaths", "status", "status_all", "qryxstats", "running_all" ->
                exchange.mayWait() ? waiting(exchange, what) : Reply.WOULD_WAIT;
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "unexpected query \"what=" + what + "\" of the cluster");
        };
    }

    private Reply waiting(Exchange exchange, String what) {
        return switch (what) {
            case "sysinfo" ->
                JsonReply.of(Map.of(
                        "proxy", Map.of(nodes.self().value(), MachineLoad.now()),
                        "target", nodes.askStorage(exchange, SYSTEM_LOAD)));
            case "node_stats" ->
                JsonReply.of(Map.of("proxy", queries.stats(), "target", nodes.askStorage(exchange, STATS)));
            case "mountpaths" -> JsonReply.of(nodes.askStorage(exchange, VOLUMES));
            case "status" -> jobs.status(jobs.read(exchange));
            case "status_all" -> jobs.statuses(jobs.read(exchange));
            case "qryxstats" -> jobs.snapshots(jobs.read(exchange));
            default -> jobs.running(jobs.read(exchange));
        };
    }

    private Reply join(Exchange exchange, NativePath path) {
        if (!path.bucket().equals("join-by-admin")) {
            throw notOffered(exchange);
        }
        return exchange.mayWait() ? membership.join(exchange.body().readAll(maxMessageBytes)) : Reply.WOULD_WAIT;
    }

    private Reply control(Exchange exchange, NativePath path, Query query) {
        boolean setsConfig = path.bucket().equals(NodeOrders.SET_CONFIG);
        if (!path.bucket().isEmpty() && !setsConfig) {
            throw notOffered(exchange);
        }
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        if (setsConfig) {
            return config.setOfCluster(exchange, ConfigCatalogue.leaves(query), query);
        }
        ActionMessage message = ActionMessage.parse(exchange.body().readAll(maxMessageBytes));
        return switch (message.action()) {
            case "start" -> jobs.start(message);
            case "stop" -> jobs.stop(message);
            case NodeOrders.SET_CONFIG ->
                config.setOfCluster(exchange, ConfigCatalogue.leaves(message.valueMap()), query);
            case NodeOrders.RESET_CONFIG, NodeOrders.ROTATE_LOGS, NodeOrders.RESET_STATISTICS ->
                config.orderOfAll(exchange, message);
            case "start-maintenance", "stop-maintenance", "decommission-node", "shutdown-node", "rm-unsafe" ->
                membership.order(message);
            case "shutdown", "decommission", "clear-lcache", "reload-creds" -> throw notOffered(message);
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "unknown cluster action \"" + message.action() + "\"");
        };
    }

    /// Lists of what there is none of; anything more about them is not offered.
    private static Reply emptyList(Exchange exchange, NativePath path, Query query) {
        boolean lists = exchange.request().method() == Method.GET
                && path.bucket().isEmpty()
                && query.find(AisQuery.UUID, "").isEmpty();
        if (lists) {
            return JsonReply.of(List.of());
        }
        throw notOffered(exchange);
    }

    private String targetAddresses() {
        StringBuilder text = new StringBuilder();
        for (Node node : nodes.storageNodes()) {
            String host = NetInfo.of(node.dataUrl()).host();
            text.append(text.isEmpty() ? "" : ",")
                    .append(host)
                    .append(',')
                    .append(host)
                    .append(',')
                    .append(host);
        }
        return text.toString();
    }

    private static Reply notAllowed(Method method, String allowed) {
        return NodeErrors.methodNotAllowed(method, allowed);
    }

    private static StoreException notOffered(Exchange exchange) {
        return NodeErrors.notOffered(exchange.request());
    }

    private static StoreException notOffered(ActionMessage message) {
        return new StoreException(ErrorCode.UNSUPPORTED, "cluster action \"" + message.action() + "\" is not offered");
    }
}
