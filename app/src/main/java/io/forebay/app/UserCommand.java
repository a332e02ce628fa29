package io.forebay.app;

import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `forebay user`: the users of a running cluster.
@Command(
        name = "user",
        mixinStandardHelpOptions = true,
        description = "Shows, adds and removes those who may use a cluster, and changes their keys. Root is none of"
                + " them: its keys are given to each gateway.",
        synopsisSubcommandLabel = "COMMAND")
final class UserCommand implements Runnable {
    private final PrintStream out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private UserCommand(PrintStream out) {
        this.out = out;
    }

    /// The command with those below it.
    static CommandLine commandLine(PrintStream out) {
        return new CommandLine(new UserCommand(out))
                .addSubcommand(new UserListCommand(out))
                .addSubcommand(new UserKeyCommand.Add(out))
                .addSubcommand(new UserKeyCommand.Rotate(out))
                .addSubcommand(new UserOrderCommand.Enable(out))
                .addSubcommand(new UserOrderCommand.Disable(out))
                .addSubcommand(new UserOrderCommand.Remove(out));
    }

    @Override
    public void run() {
        CommandLine.usage(spec.commandLine(), out);
    }
}
