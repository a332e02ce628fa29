package io.forebay.app;

import io.forebay.protocol.api.NodeOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.NodeStatuses;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `forebay cluster rebalance`: an order to all storage nodes, answered by the nodes as they are then.
@Command(
        name = "rebalance",
        mixinStandardHelpOptions = true,
        description = "Makes all storage nodes compare what they hold, and bring each object to the nodes that are to"
                + " hold it. They do so by themselves whenever their number changes.")
final class ClusterRebalanceCommand implements Runnable {
    private final PrintStream out;

    @Mixin
    private ControlClient server = new ControlClient();

    ClusterRebalanceCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        byte[] answer = server.post("/admin/cluster", new NodeOrder("rebalance", "", false));
        out.print(ClusterTable.of(WireJson.read(answer, NodeStatuses.class)));
    }
}
