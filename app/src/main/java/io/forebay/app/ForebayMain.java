package io.forebay.app;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// Entry of the `forebay` command, and the only place that reads the environment.
@Command(
        name = "forebay",
        mixinStandardHelpOptions = true,
        versionProvider = ForebayVersion.class,
        description = "A distributed object store for training data: AIStore and S3 at one address.",
        synopsisSubcommandLabel = "COMMAND")
public final class ForebayMain implements Runnable {
    private static final Logger LOG = Logger.getLogger(ForebayMain.class.getName());

    private final PrintStream out;

    private ForebayMain(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        CommandLine.usage(this, out);
    }

    /// Runs a command and exits with its code: 0, or 1 after one sentence on standard error.
    public static void main(String[] arguments) {
        Logging.toStandardError();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int code = commandLine(
                        out,
                        System.err,
                        new GivenKeys(
                                System.getenv("FOREBAY_ROOT_ACCESS_KEY"),
                                System.getenv("FOREBAY_ROOT_SECRET_KEY"),
                                System.getenv("FOREBAY_TOKEN")))
                .execute(arguments);
        System.exit(code);
    }

    static CommandLine commandLine(PrintStream out, PrintStream err, GivenKeys keys) {
        return new CommandLine(new ForebayMain(out))
                .addSubcommand(new ServerCommand(out, keys))
                .addSubcommand(new GatewayCommand(out, keys))
                .addSubcommand(new StorageNodeCommand(out, keys))
                .addSubcommand(new ConfigCommand(out))
                .addSubcommand(volumeCommand(out, err))
                .addSubcommand(ClusterCommand.commandLine(out))
                .addSubcommand(UserCommand.commandLine(out))
                .addSubcommand(new VersionCommand(out))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((refused, rest) -> refuse(err, usageText(refused)))
                .setExecutionExceptionHandler((failure, command, parsed) -> fail(err, failure));
    }

    private static CommandLine volumeCommand(PrintStream out, PrintStream err) {
        return new CommandLine(new VolumeCommand(out))
                .addSubcommand(new VolumeListCommand(out))
                .addSubcommand(new VolumeOrderCommand.Add(out))
                .addSubcommand(new VolumeOrderCommand.Enable(out))
                .addSubcommand(new VolumeOrderCommand.Disable(out))
                .addSubcommand(new VolumeOrderCommand.Drain(out))
                .addSubcommand(new VolumeOrderCommand.Remove(out))
                .addSubcommand(new VolumeCheckCommand(out, err))
                .addSubcommand(new VolumeRebuildCommand(out, err))
                .addSubcommand(new VolumeScrubCommand(out))
                .addSubcommand(new VolumeDamagedCommand(out));
    }

    private static String usageText(ParameterException refused) {
        String command = refused.getCommandLine().getCommandSpec().qualifiedName();
        return refused.getMessage() + " (see " + command + " --help)";
    }

    private static int fail(PrintStream err, Exception failure) {
        if (failure instanceof StoreException known && known.code().fault() != Fault.BUG) {
            return refuse(err, known.text());
        }
        LOG.log(Level.SEVERE, "unexpected failure", failure);
        return refuse(err, ErrorCode.INTERNAL.description());
    }

    private static int refuse(PrintStream err, String sentence) {
        err.println("forebay: " + sentence);
        return 1;
    }
}
