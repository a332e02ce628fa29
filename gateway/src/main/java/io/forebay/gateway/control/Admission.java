package io.forebay.gateway.control;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.control.JoinReply;
import io.forebay.protocol.api.control.JoinRequest;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Lets nodes into the cluster map, unless their data is of another cluster or may be older than what the
/// cluster has. Waits for the command.
public final class Admission {
    private final StateWatch watch;
    private final CommandLog log;
    private final Voters voters;
    private final int format;
    private final long leaseMillis;
    private final LongAdder admitted;
    private final LongAdder refused;

    /// @param format of the data folders that this version knows
    public Admission(
            StateWatch watch, CommandLog log, Voters voters, int format, SupervisorConfig config, Metrics metrics) {
        this.watch = watch;
        this.log = log;
        this.voters = voters;
        this.format = format;
        this.leaseMillis = config.lease().toMillis();
        this.admitted = metrics.counter(ControlMetric.JOINS, "outcome=\"admitted\"");
        this.refused = metrics.counter(ControlMetric.JOINS, "outcome=\"refused\"");
    }

    /// Enters the node, or its new addresses. Throws IN_USE, UNSUPPORTED or INVALID_ARGUMENT with what
    /// stands against it.
    public JoinReply admit(JoinRequest request) {
        try {
            ClusterState state = watch.current();
            Node node = node(request);
            check(request, node, state);
            Node known = state.node(node.id());
            long version = state.version();
            if (known == null || !known.in(node.phase()).equals(node)) {
                version = enter(node);
            }
            boolean votes = node.role() == Node.Role.GATEWAY && voters.admit(node.id(), node.controlUrl());
            admitted.increment();
            return new JoinReply(state.clusterId(), version, votes);
        } catch (StoreException e) {
            refused.increment();
            throw e;
        }
    }

    private long enter(Node node) {
        return switch (log.submit(new Command.Join(node))) {
            case Applied.Changed changed -> changed.state().version();
            case Applied.Refused no -> throw new StoreException(no.code(), no.message());
        };
    }

    private static Node node(JoinRequest request) {
        return new Node(
                new NodeId(request.node()),
                role(request.role()),
                url(request.dataUrl()),
                url(request.controlUrl()),
                Node.Phase.ACTIVE);
    }

    private static Node.Role role(String name) {
        for (Node.Role role : Node.Role.values()) {
            if (role.name().equals(name)) {
                return role;
            }
        }
        throw new StoreException(ErrorCode.INVALID_ARGUMENT, "role \"" + name + "\" is unknown");
    }

    private static String url(String text) {
        Check.argument(text.matches("https?://[^/?#@\\s]+:\\d{1,5}"), "\"%s\" is not the address of a port", text);
        return text;
    }

    private void check(JoinRequest request, Node node, ClusterState state) {
        String name = "node " + node.id();
        String clusterId = request.clusterId();
        if (!clusterId.isEmpty() && !clusterId.equals(state.clusterId())) {
            throw new StoreException(
                    ErrorCode.IN_USE,
                    name + " has data of cluster " + clusterId + ", and this is cluster " + state.clusterId()
                            + ": give it a new data folder, or start it for its own cluster");
        }
        if (request.format() != format) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED,
                    name + " has a data folder of format " + request.format() + ", and the cluster's have format "
                            + format + ": run the same version of Forebay on all nodes");
        }
        @Nullable Node known = state.node(node.id());
        if (known != null && known.role() != node.role()) {
            throw new StoreException(
                    ErrorCode.IN_USE,
                    name + " is in the cluster map as " + known.role() + ", and joins as " + node.role());
        }
        if (known == null && !clusterId.isEmpty()) {
            throw new StoreException(
                    ErrorCode.IN_USE,
                    name + " has left this cluster, and its data may be older than what the cluster has: give it a new"
                            + " data folder");
        }
        Check.argument(
                request.leaseMillis() == 0 || request.leaseMillis() == leaseMillis,
                "gateway.supervisor.lease is %s ms at %s and %s ms here: it must be the same on every gateway",
                request.leaseMillis(),
                name,
                leaseMillis);
    }
}
