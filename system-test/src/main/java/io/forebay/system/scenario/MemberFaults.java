package io.forebay.system.scenario;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.system.process.ProcessCluster;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Changes of a cluster's storage nodes, while objects move: afterwards there are as many as before.
final class MemberFaults {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ProcessCluster cluster;
    private final SplittableRandom random;
    private final @Nullable Path next;

    /// @param next the jars of the build that nodes are upgraded to; null when they are not
    MemberFaults(ProcessCluster cluster, SplittableRandom random, @Nullable Path next) {
        this.cluster = cluster;
        this.random = random;
        this.next = next;
    }

    /// All nodes, one after the other, stop and start with another build, storage nodes in maintenance meanwhile.
    Fault upgrade() {
        if (next == null) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "there is no build to upgrade to");
        }
        Path jars = next;
        List<String> order = new ArrayList<>(cluster.names());
        for (int last = order.size() - 1; last > 0; last--) {
            Collections.swap(order, last, random.nextInt(last + 1));
        }
        return new Change(
                "upgraded " + String.join(", ", order), () -> order.forEach(node -> upgrade(node, jars)), () -> {});
    }

    private void upgrade(String node, Path jars) {
        boolean stores = cluster.names(ProcessCluster.STORAGE_NODE).contains(node);
        if (stores) {
            order("maintenance-on", node);
            awaitSettled();
        }
        cluster.replace(node, jars);
        if (stores) {
            order("maintenance-off", node);
            awaitSettled();
        }
    }

    /// A node joins, and later another one leaves, its objects first.
    Fault exchange() {
        String leaves = anyNode();
        return new Change(
                "a node joined, then " + leaves + " decommissioned",
                () -> cluster.add(ProcessCluster.STORAGE_NODE),
                () -> {
                    order("decommission", leaves);
                    awaitGone(leaves);
                });
    }

    /// A node owns nothing for a while, and its process may end meanwhile.
    Fault maintenance() {
        String node = anyNode();
        boolean ends = random.nextBoolean();
        return new Change(
                node + " in maintenance" + (ends ? ", killed and started again" : ""),
                () -> order("maintenance-on", node),
                () -> {
                    if (ends) {
                        cluster.kill(node);
                        cluster.start(node);
                    }
                    order("maintenance-off", node);
                });
    }

    /// A node and its disks are lost for good, and another one takes its place: for buckets with copies only,
    /// and not before the copies that an earlier loss cost have been made again.
    Fault loss() {
        String lost = anyNode();
        return new Change(
                lost + " lost with its disks and replaced",
                () -> {
                    awaitSettled();
                    cluster.kill(lost);
                },
                () -> {
                    cluster.add(ProcessCluster.STORAGE_NODE);
                    order("remove", lost);
                    awaitGone(lost);
                });
    }

    private String anyNode() {
        List<String> nodes = cluster.names(ProcessCluster.STORAGE_NODE);
        return nodes.get(random.nextInt(nodes.size()));
    }

    /// Gives an order until it is taken: what is refused is what has to wait for a rebalance, or a leader.
    private void order(String action, String node) {
        String[] refusal = {""};
        try {
            Await.until(action + " of " + node + " is not taken", PATIENCE, () -> {
                String answer = cluster.order(action, node);
                refusal[0] = answer == null ? "" : answer;
                return answer == null;
            });
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + ": " + refusal[0], e);
        }
    }

    /// Until every object is with all its holders.
    private void awaitSettled() {
        Await.until("owners do not settle", PATIENCE, () -> {
            NodeStatuses statuses = cluster.statuses();
            return statuses != null && statuses.areOwnersSettled();
        });
    }

    private void awaitGone(String node) {
        Await.until(node + " does not leave", PATIENCE, () -> {
            NodeStatuses statuses = cluster.statuses();
            return statuses != null
                    && statuses.nodes().stream()
                            .noneMatch(status ->
                                    node.equals(URI.create(status.dataUrl()).getHost()));
        });
        cluster.forget(node);
    }

    /// What begins and ends by steps.
    private record Change(String text, Runnable beginning, Runnable ending) implements Fault {
        @Override
        public Kind kind() {
            return Kind.MEMBERS;
        }

        @Override
        public void begin() {
            beginning.run();
        }

        @Override
        public void end() {
            ending.run();
        }
    }
}
