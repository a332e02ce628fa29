package io.forebay.gateway;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.control.ClusterControl;
import io.forebay.gateway.core.ArchiveMembers;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Listings;
import io.forebay.gateway.core.Objects;
import io.forebay.gateway.listing.MergedListing;
import io.forebay.gateway.relay.Relay;
import io.forebay.gateway.routing.Router;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/// A gateway's core in front of storage nodes in memory, in one process: what the faces' tests call.
public final class InMemoryCluster {
    public static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private final Map<NodeId, InMemoryNode> nodes = new LinkedHashMap<>();
    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog log = new InMemoryCommandLog(state);
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Buckets buckets;
    private final Objects objects;
    private final Listings listings;

    public InMemoryCluster(int nodeCount) {
        log.submit(new Command.Found("memory", NOW.toEpochMilli()));
        for (int index = 1; index <= nodeCount; index++) {
            NodeId id = new NodeId("node" + index);
            nodes.put(id, new InMemoryNode(state));
            log.submit(new Command.Join(
                    new Node(id, Node.Role.STORAGE, "http://localhost:" + (9000 + index), "", Node.Phase.ACTIVE)));
        }
        Router router = new Router(state, Duration.ofSeconds(5));
        Relay relay = new Relay(
                router,
                (outer, node, request, body) -> {
                    InMemoryNode target = nodes.get(node);
                    if (target == null) {
                        throw new IllegalStateException("no node " + node);
                    }
                    requests.add(request);
                    return target.handle(DirectExchange.within(outer, request, body));
                },
                Duration.ZERO,
                System::nanoTime,
                new LongAdder(),
                new LongAdder());
        listings = new Listings(router, new MergedListing(relay, 64 << 20), new ArchiveMembers(relay, 64 << 20));
        objects = new Objects(router, relay, 1 << 20);
        buckets = new Buckets(router, new ClusterControl(log, InstantSource.fixed(NOW)), listings);
    }

    public CurrentState state() {
        return state;
    }

    public InMemoryCommandLog commands() {
        return log;
    }

    public Map<NodeId, InMemoryNode> nodes() {
        return nodes;
    }

    /// What reached the nodes, in order.
    public List<Request> requests() {
        return requests;
    }

    public Buckets buckets() {
        return buckets;
    }

    public Objects objects() {
        return objects;
    }

    public Listings listings() {
        return listings;
    }
}
