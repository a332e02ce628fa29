package io.forebay.app;

import io.forebay.common.config.Settings;
import io.forebay.common.config.SettingsFile;
import io.forebay.common.error.Check;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The options by which a command is given settings.
@Command
final class SettingsOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "Settings file: see forebay config.")
    private @Nullable Path config;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting, as in a settings file.")
    private List<String> sets = new ArrayList<>();

    /// The settings of a process that is given these options alone. Throws INVALID_ARGUMENT.
    ForebayConfig forebay() {
        return Settings.of(ForebayConfig.class).bind(values());
    }

    /// What the file says, then `--set`: the later wins. Throws INVALID_ARGUMENT.
    Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        if (config != null) {
            values.putAll(SettingsFile.read(config));
        }
        for (String set : sets) {
            int equals = set.indexOf('=');
            Check.argument(equals > 0, "--set \"%s\" is not KEY=VALUE", set);
            values.put(
                    set.substring(0, equals).strip(), set.substring(equals + 1).strip());
        }
        return values;
    }
}
