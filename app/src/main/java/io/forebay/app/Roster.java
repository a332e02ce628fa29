package io.forebay.app;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;

/// Enters the nodes of this process into the cluster map, each only when the map has it otherwise.
final class Roster {
    private final CommandLog log;
    private final StateWatch watch;
    private final String controlUrl;

    /// @param controlUrl of this process
    Roster(CommandLog log, StateWatch watch, String controlUrl) {
        this.log = log;
        this.watch = watch;
        this.controlUrl = controlUrl;
    }

    /// Joins a node under that address. Throws the log's refusal.
    void enter(NodeId id, Node.Role role, String dataUrl) {
        ClusterState state = watch.current();
        Node known = state.node(id);
        Node wanted = new Node(id, role, dataUrl, controlUrl, known == null ? Node.Phase.ACTIVE : known.phase());
        if (wanted.equals(known)) {
            return;
        }
        if (log.submit(new Command.Join(wanted)) instanceof Applied.Refused refused) {
            throw new StoreException(refused.code(), refused.message());
        }
    }
}
