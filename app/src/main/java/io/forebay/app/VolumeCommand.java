package io.forebay.app;

import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `forebay volume`: the parent of everything about volumes.
@Command(
        name = "volume",
        mixinStandardHelpOptions = true,
        description = "Looks after the volumes (disks) of the storage nodes.",
        synopsisSubcommandLabel = "COMMAND")
final class VolumeCommand implements Runnable {
    private final PrintStream out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    VolumeCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        CommandLine.usage(spec.commandLine(), out);
    }
}
