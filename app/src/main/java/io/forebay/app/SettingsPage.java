package io.forebay.app;

import io.forebay.common.config.SettingInfo;
import java.util.List;

/// The list of settings as pages to read: a properties file to begin from, and `docs/CONFIG.md`.
final class SettingsPage {
    private SettingsPage() {}

    /// A properties file in which every setting stands commented out at its default.
    static String properties(List<SettingInfo> settings) {
        StringBuilder out = new StringBuilder();
        for (SettingInfo setting : settings) {
            String value = setting.defaultText() == null ? "" : setting.defaultText();
            out.append("# ")
                    .append(setting.doc())
                    .append(" (")
                    .append(setting.type().replace("\\", ""));
            out.append(")\n#").append(setting.key()).append(" = ").append(value).append("\n\n");
        }
        return out.toString();
    }

    /// The page `docs/CONFIG.md`.
    static String markdown(List<SettingInfo> settings) {
        StringBuilder out = new StringBuilder("""
                # Settings

                Made by `scripts/forebay config --markdown`, and compared by a test. A settings file is given with
                `scripts/forebay server --config FILE`: Java properties in UTF-8, `key = value` a line. One setting can also be
                given as `--set KEY=VALUE`. An unknown key stops the start with the nearest known one. Sizes are whole numbers
                with a unit (`128KiB`, `5GiB`, `64kB`), durations `100ms`, `5s`, `1m30s`, shares `5%`, lists are separated by
                commas. What must agree in the whole cluster is not here: it is in the cluster state.
                """);
        String group = "";
        for (SettingInfo setting : settings) {
            String own = setting.key().substring(0, setting.key().lastIndexOf('.'));
            if (!own.equals(group)) {
                group = own;
                out.append("\n## ").append(group).append("\n\n");
                out.append("| Setting | Type | Default | Meaning |\n| --- | --- | --- | --- |\n");
            }
            row(setting, out);
        }
        return out.toString();
    }

    private static void row(SettingInfo setting, StringBuilder out) {
        String value = setting.defaultText();
        out.append("| `")
                .append(setting.key())
                .append("` | ")
                .append(setting.type())
                .append(" | ");
        out.append(value == null ? "none" : value.isEmpty() ? "empty" : "`" + value + "`");
        out.append(" | ").append(setting.doc().replace("|", "\\|")).append(" |\n");
    }
}
