package io.forebay.app;

import io.forebay.common.config.Settings;
import io.forebay.common.config.SettingsFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `forebay config`: what can be set, or what a file sets.
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Prints every setting with its default, or with --config the effective values of a file.")
final class ConfigCommand implements Runnable {
    private final PrintStream out;

    @Option(names = "--config", paramLabel = "FILE", description = "Check this file and print what is in force.")
    private @Nullable Path file;

    @Option(names = "--markdown", description = "Print the settings as the page docs/CONFIG.md.")
    private boolean markdown;

    ConfigCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        Settings<ForebayConfig> settings = Settings.of(ForebayConfig.class);
        Path given = file;
        if (given != null) {
            Map<String, String> values = SettingsFile.read(given);
            out.print(settings.text(settings.bind(values)));
        } else if (markdown) {
            out.print(SettingsPage.markdown(settings.list()));
        } else {
            out.print(SettingsPage.properties(settings.list()));
        }
    }
}
