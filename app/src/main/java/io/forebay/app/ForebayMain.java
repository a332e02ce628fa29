package io.forebay.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Entry of the `forebay` command.
@Command(name = "forebay", mixinStandardHelpOptions = true, description = "A distributed object store.")
public final class ForebayMain implements Runnable {

    private ForebayMain() {}

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ForebayMain()).execute(arguments));
    }
}
