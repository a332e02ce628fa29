package io.forebay.app;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.ControlCalls;
import io.forebay.cluster.watch.HeartbeatChannel;
import io.forebay.cluster.watch.HeartbeatSender;
import io.forebay.cluster.watch.KnownGateways;
import io.forebay.cluster.watch.LeaderCalls;
import io.forebay.cluster.watch.Lease;
import io.forebay.cluster.watch.NodeProgress;
import io.forebay.cluster.watch.QuorumContact;
import io.forebay.cluster.watch.RemoteLeader;
import io.forebay.cluster.watch.StatePuller;
import io.forebay.cluster.watch.WatchConfig;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.control.ControlPaths;
import io.forebay.protocol.api.control.JoinReply;
import io.forebay.protocol.api.control.JoinRequest;
import io.forebay.protocol.http.Method;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/// How a process reaches the gateways of its cluster: those of the state, and before it knows any, those that
/// it is told to join or remembers.
final class ClusterLink {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Foundation base;
    private final WatchConfig config;
    private final List<String> given;
    private final KnownGateways gateways;
    private final ControlCalls calls;
    private final RemoteLeader leader;
    private final QuorumContact contact;

    ClusterLink(Foundation base) {
        this.base = base;
        this.config = base.config().cluster();
        Set<String> known = new LinkedHashSet<>(base.config().join().gateways());
        known.addAll(base.memory().gateways());
        this.given = List.copyOf(known);
        this.gateways = new KnownGateways(base.state(), given);
        this.calls = new ControlCalls(base.http(), base.secret(), Timers.SYSTEM, (int)
                config.maxState().bytes());
        this.leader = new RemoteLeader(new LeaderCalls(gateways, calls), config.answerTimeout());
        this.contact = new QuorumContact(config.contactTolerance(), Ticker.SYSTEM, base.metrics());
    }

    /// What this process was told to join, or remembers.
    List<String> given() {
        return given;
    }

    KnownGateways gateways() {
        return gateways;
    }

    RemoteLeader leader() {
        return leader;
    }

    QuorumContact contact() {
        return contact;
    }

    /// The id of the cluster, from the first gateway that answers. Throws FORBIDDEN when one refuses the token,
    /// NODE_UNAVAILABLE when none answers in time, IN_USE when the folder is another cluster's.
    String clusterId() {
        long deadline = Ticker.SYSTEM.nanos() + base.config().join().patience().toNanos();
        String why = "none is known: name one with --join";
        while (true) {
            for (String url : gateways.get()) {
                try {
                    String id = clusterIdAt(url);
                    base.memory().check(id);
                    return id;
                } catch (StoreException e) {
                    if (e.code() == ErrorCode.FORBIDDEN || e.code() == ErrorCode.IN_USE) {
                        throw e;
                    }
                    why = e.text();
                }
            }
            if (gateways.get().isEmpty() || Ticker.SYSTEM.nanos() - deadline >= 0) {
                throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "no gateway of the cluster can be asked: " + why);
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    private String clusterIdAt(String url) {
        ControlCalls.Answer answer =
                calls.call(url, Method.GET, ControlPaths.STATE + "?after=-1", new byte[0], config.answerTimeout());
        String id = answer.headers().find(NodeHeaders.CLUSTER, "");
        if (id.isEmpty()) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, url + " is no gateway of a cluster");
        }
        return id;
    }

    /// Keeps the state of this process current, by asking gateways.
    StatePuller puller(String clusterId) {
        return new StatePuller(
                config,
                new StatePuller.Parts(
                        base.state(),
                        clusterId,
                        gateways,
                        calls,
                        Ticker.SYSTEM,
                        Timers.SYSTEM,
                        new SecureRandom(),
                        base.metrics()));
    }

    /// Enters a node into the cluster map, and says whether it votes on commands. Throws the leader's
    /// refusal, and when none lets it in within `join.patience`, the last failure.
    boolean join(NodeId node, Node.Role role, String dataUrl, String controlUrl, String clusterId) {
        JoinRequest request = new JoinRequest(
                node.value(),
                role.name(),
                dataUrl,
                controlUrl,
                base.memory().clusterId(),
                DataFolder.FORMAT,
                role == Node.Role.GATEWAY
                        ? base.config().gateway().supervisor().lease().toMillis()
                        : 0);
        JoinReply reply = new StartPatience(base.config().join().patience())
                .ask(() -> leader.join(request, base.config().raft().patience()));
        base.memory().rememberCluster(clusterId);
        return reply.votes();
    }

    /// Tells the leader that a node lives, from the start on.
    ///
    /// @param newer told each state version that the leader has
    /// @param lease is kept alive by them
    HeartbeatSender heartbeats(
            NodeId node, Supplier<NodeProgress> progress, HeartbeatChannel channel, LongConsumer newer, Lease lease) {
        return new HeartbeatSender(
                node,
                config,
                new HeartbeatSender.Parts(
                        base.state(),
                        progress,
                        channel,
                        lease,
                        contact,
                        newer,
                        Ticker.SYSTEM,
                        Timers.SYSTEM,
                        new SecureRandom(),
                        base.metrics()));
    }

    /// Notes in the data folder where the gateways are, whenever that changes.
    void rememberGateways() {
        base.parts().add(base.state().subscribe(this::remember));
    }

    private void remember(ClusterState state) {
        List<String> urls = new ArrayList<>();
        for (Node node : state.nodes().values()) {
            if (node.role() == Node.Role.GATEWAY && !node.controlUrl().isEmpty()) {
                urls.add(node.controlUrl());
            }
        }
        if (!urls.isEmpty()) {
            base.memory().rememberGateways(urls);
        }
    }
}
