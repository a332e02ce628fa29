package io.forebay.app;

import io.forebay.protocol.api.NodeOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.NodeStatuses;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What `forebay cluster maintenance|decommission|remove` have in common: an order about one node,
/// answered by the nodes as they are then.
@Command(mixinStandardHelpOptions = true)
abstract class ClusterOrderCommand implements Runnable {
    private final PrintStream out;

    @Mixin
    private ControlClient server = new ControlClient();

    @Parameters(index = "0", paramLabel = "NODE", description = "The node's id, as forebay cluster status shows it.")
    private String node = "";

    ClusterOrderCommand(PrintStream out) {
        this.out = out;
    }

    abstract String action();

    boolean force() {
        return false;
    }

    @Override
    public void run() {
        byte[] answer = server.post("/admin/cluster", new NodeOrder(action(), node, force()));
        out.print(ClusterTable.of(WireJson.read(answer, NodeStatuses.class)));
    }

    /// `forebay cluster maintenance NODE on|off`.
    @Command(
            name = "maintenance",
            description = "Takes a storage node out of service for a while (on), or back into it (off). It keeps its"
                    + " data; what others need of it is copied to them.")
    static final class Maintenance extends ClusterOrderCommand {
        enum Switch {
            ON,
            OFF
        }

        @Parameters(index = "1", paramLabel = "on|off", description = "Whether it is in maintenance.")
        private Switch wanted = Switch.ON;

        Maintenance(PrintStream out) {
            super(out);
        }

        @Override
        String action() {
            return wanted == Switch.ON ? "maintenance-on" : "maintenance-off";
        }
    }

    /// `forebay cluster decommission NODE`.
    @Command(
            name = "decommission",
            description = "Takes a storage node out of the cluster: its objects move to the others first, then it"
                    + " leaves. Its data folder cannot join again.")
    static final class Decommission extends ClusterOrderCommand {
        Decommission(PrintStream out) {
            super(out);
        }

        @Override
        String action() {
            return "decommission";
        }
    }

    /// `forebay cluster remove NODE`.
    @Command(
            name = "remove",
            description = "Removes a node that is dead, or stopped, for good. Its objects come from their other"
                    + " copies; refused when there may be none.")
    static final class Remove extends ClusterOrderCommand {
        @Option(
                names = "--force",
                description = "Also when it lives, or has the only copies of objects: they are lost.")
        private boolean force;

        Remove(PrintStream out) {
            super(out);
        }

        @Override
        String action() {
            return "remove";
        }

        @Override
        boolean force() {
            return force;
        }
    }
}
