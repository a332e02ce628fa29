package io.forebay.app;

import java.io.PrintStream;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `forebay cluster token`: what other processes need to join.
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Prints the token by which processes join the cluster of a data folder. Whoever has it may do"
                + " everything that a node of the cluster may.")
final class ClusterTokenCommand implements Runnable {
    private final PrintStream out;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./data",
            description = "Data folder of a node of the cluster (./data).")
    private Path data = Path.of("data");

    ClusterTokenCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        out.println(ClusterSecret.keptIn(data.toAbsolutePath().normalize()));
    }
}
