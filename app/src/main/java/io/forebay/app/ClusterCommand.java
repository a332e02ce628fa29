package io.forebay.app;

import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `forebay cluster`: the nodes of a running cluster.
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = "Shows the nodes of a cluster and changes who belongs to it.",
        synopsisSubcommandLabel = "COMMAND")
final class ClusterCommand implements Runnable {
    private final PrintStream out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ClusterCommand(PrintStream out) {
        this.out = out;
    }

    /// The command with those below it.
    static CommandLine commandLine(PrintStream out) {
        return new CommandLine(new ClusterCommand(out))
                .addSubcommand(new ClusterStatusCommand(out))
                .addSubcommand(new ClusterTokenCommand(out))
                .addSubcommand(new ClusterOrderCommand.Maintenance(out))
                .addSubcommand(new ClusterOrderCommand.Decommission(out))
                .addSubcommand(new ClusterOrderCommand.Remove(out))
                .addSubcommand(new ClusterRebalanceCommand(out));
    }

    @Override
    public void run() {
        CommandLine.usage(spec.commandLine(), out);
    }
}
