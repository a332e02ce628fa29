package io.forebay.app;

import java.io.PrintStream;
import picocli.CommandLine.Command;

/// `forebay version`.
@Command(name = "version", mixinStandardHelpOptions = true, description = "Prints the version.")
final class VersionCommand implements Runnable {
    private final PrintStream out;

    VersionCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        out.println("forebay " + ForebayVersion.text() + " on Java " + Runtime.version());
    }
}
