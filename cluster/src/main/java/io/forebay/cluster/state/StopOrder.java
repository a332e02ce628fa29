package io.forebay.cluster.state;

import io.forebay.common.model.NodeId;

/// An order to the process of a node to end: a cluster setting that names the run of the process which is
/// meant, so that the node can be started again. Whoever starts a storage node again after that finds it in
/// maintenance still.
public final class StopOrder {
    private static final String PREFIX = "node.stop.";

    private StopOrder() {}

    /// The name of the setting by which a node's process is ordered to end.
    public static String setting(NodeId node) {
        return PREFIX + node;
    }

    /// The setting's node, as it was named; empty when the setting is none of these.
    public static String nodeOf(String setting) {
        return setting.startsWith(PREFIX) ? setting.substring(PREFIX.length()) : "";
    }

    /// Whether the process has to end now: a gateway at once, a storage node when no object is placed on it any
    /// more, and those that it had are with their other holders.
    ///
    /// @param boot names the run of the process
    public static boolean isDue(ClusterState state, NodeId node, String boot) {
        if (!boot.equals(state.settings().get(setting(node)))) {
            return false;
        }
        Node known = state.node(node);
        return known == null
                || known.role() == Node.Role.GATEWAY
                || (!known.owns()
                        && state.epochs().stream()
                                .noneMatch(epoch -> epoch.owners().contains(node)));
    }
}
