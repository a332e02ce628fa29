package io.forebay.app;

import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.api.control.Rebalance;
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
                + cluster.activeEpoch() + changes(cluster) + "\n" + table.text();
    }

    private static String changes(NodeStatuses cluster) {
        String next = cluster.newestEpoch() == cluster.activeEpoch()
                ? ""
                : " (" + cluster.newestEpoch() + " is being prepared)";
        String moving =
                isSettled(cluster) ? "" : ", objects of epoch " + cluster.settledEpoch() + " and later are moving";
        return next + moving;
    }

    private static boolean isSettled(NodeStatuses cluster) {
        return cluster.settledEpoch() == cluster.newestEpoch();
    }

    private static List<String> line(NodeStatuses cluster, NodeStatus node) {
        boolean stores = node.role().equals("STORAGE");
        boolean known = stores && node.space().totalBytes() > 0;
        return List.of(
                node.id(),
                stores ? "storage-node" : "gateway",
                node.phase().toLowerCase(Locale.ROOT) + (node.leads() ? ", leads" : ""),
                node.heardMillis() < 0 ? NONE : seconds(node.heardMillis()) + " ago",
                node.leaseMillis() <= 0 ? NONE : seconds(node.leaseMillis()),
                known ? TextTable.size(node.space().totalBytes()) : NONE,
                known ? TextTable.size(node.space().freeBytes()) : NONE,
                known ? TextTable.size(node.space().usedBytes()) : NONE,
                known ? Long.toString(node.space().objects()) : NONE,
                stores && !isSettled(cluster) ? progress(node.rebalance()) : NONE,
                node.dataUrl(),
                node.controlUrl());
    }

    private static String progress(Rebalance rebalance) {
        return rebalance.done()
                ? "done"
                : TextTable.size(rebalance.bytesDone()) + " of "
                        + TextTable.size(rebalance.bytesDone() + rebalance.bytesLeft());
    }

    private static String seconds(long millis) {
        return millis / 1000 + "." + millis % 1000 / 100 + " s";
    }
}
