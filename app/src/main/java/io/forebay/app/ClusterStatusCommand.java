package io.forebay.app;

import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.NodeStatuses;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `forebay cluster status`: every node of a running cluster.
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Lists the nodes: role, state, when the leader heard of it, how long its lease lives, space, and"
                + " how far it has moved its objects since the owners changed. Above them, while objects move: the"
                + " epochs of owners, with their phases, and what is moved and left in all (bytes left are an"
                + " estimate).")
final class ClusterStatusCommand implements Runnable {
    private final PrintStream out;

    @Mixin
    private ControlClient server = new ControlClient();

    @Option(names = "--json", description = "Print the server's answer as it is.")
    private boolean json;

    ClusterStatusCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        byte[] answer = server.get("/admin/cluster");
        if (json) {
            out.print(new String(answer, StandardCharsets.UTF_8));
        } else {
            out.print(ClusterTable.of(WireJson.read(answer, NodeStatuses.class)));
        }
    }
}
