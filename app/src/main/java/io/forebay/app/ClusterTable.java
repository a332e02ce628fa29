package io.forebay.app;

import io.forebay.protocol.api.control.EpochStatus;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.api.control.Space;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The nodes of a cluster as a table for people, under one line about the cluster.
final class ClusterTable {
    private static final List<String> TITLES = List.of(
            "NODE",
            "ROLE",
            "STATE",
            "HEARD",
            "LEASE",
            "SIZE",
            "FREE",
            "USED",
            "OBJECTS",
            "REBALANCE",
            "URL",
            "CONTROL");
    private static final Set<Integer> NUMBERS = Set.of(3, 4, 5, 6, 7, 8);
    private static final String NONE = "-";

    private ClusterTable() {}

    static String of(NodeStatuses cluster) {
        TextTable table = new TextTable(TITLES, NUMBERS);
        cluster.nodes().forEach(node -> table.add(line(cluster, node)));
        return "cluster " + cluster.clusterId() + ", state " + cluster.stateVersion() + ", epoch "
                + cluster.activeEpoch() + changes(cluster) + "\n" + epochs(cluster) + rebalance(cluster) + table.text();
    }

    /// A line for each epoch, while there is more than the settled one.
    private static String epochs(NodeStatuses cluster) {
        StringBuilder text = new StringBuilder();
        for (EpochStatus epoch : cluster.areOwnersSettled() ? List.<EpochStatus>of() : cluster.epochs()) {
            text.append("  epoch ")
                    .append(epoch.number())
                    .append(' ')
                    .append(epoch.phase().toLowerCase(Locale.ROOT))
                    .append(": ")
                    .append(String.join(" ", epoch.owners()))
                    .append('\n');
        }
        return text.toString();
    }

    /// What all nodes have moved for the newest epoch, and have yet to.
    private static String rebalance(NodeStatuses cluster) {
        if (cluster.areOwnersSettled()) {
            return "";
        }
        long objects = 0;
        long done = 0;
        long left = 0;
        for (NodeStatus node : cluster.nodes()) {
            if (node.rebalance().epoch() == cluster.newestEpoch()) {
                objects += node.rebalance().objects();
                done += node.rebalance().bytesDone();
                left += node.rebalance().bytesLeft();
            }
        }
        return "  rebalance g" + cluster.newestEpoch() + ": " + objects + " objects, " + TextTable.size(done)
                + " moved, about " + TextTable.size(left) + " left\n";
    }

    private static String changes(NodeStatuses cluster) {
        String next = cluster.newestEpoch() == cluster.activeEpoch()
                ? ""
                : " (" + cluster.newestEpoch() + " is being prepared)";
        String moving = cluster.areOwnersSettled()
                ? ""
                : ", objects of epoch " + cluster.settledEpoch() + " and later are moving";
        return next + moving;
    }

    private static List<String> line(NodeStatuses cluster, NodeStatus node) {
        boolean stores = node.role().equals("STORAGE");
        boolean known = stores && node.space().totalBytes() > 0;
        return List.of(
                node.id(),
                stores ? "storage-node" : "gateway",
                node.phase().toLowerCase(Locale.ROOT) + (node.leads() ? ", leads" : "") + failed(node.space()),
                node.heardMillis() < 0 ? NONE : seconds(node.heardMillis()) + " ago",
                node.leaseMillis() <= 0 ? NONE : seconds(node.leaseMillis()),
                known ? TextTable.size(node.space().totalBytes()) : NONE,
                known ? TextTable.size(node.space().freeBytes()) : NONE,
                known ? TextTable.size(node.space().usedBytes()) : NONE,
                known ? Long.toString(node.space().objects()) : NONE,
                stores && !cluster.areOwnersSettled() ? progress(node.rebalance()) : NONE,
                node.dataUrl(),
                node.controlUrl());
    }

    private static String failed(Space space) {
        return switch (space.failedVolumes()) {
            case 0 -> "";
            case 1 -> ", 1 volume failed";
            default -> ", " + space.failedVolumes() + " volumes failed";
        };
    }

    private static String progress(Rebalance rebalance) {
        return rebalance.done()
                ? "done"
                : TextTable.size(rebalance.bytesDone()) + " of about "
                        + TextTable.size(rebalance.bytesDone() + rebalance.bytesLeft());
    }

    private static String seconds(long millis) {
        return millis / 1000 + "." + millis % 1000 / 100 + " s";
    }
}
