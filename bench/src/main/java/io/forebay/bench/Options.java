package io.forebay.bench;

import io.forebay.common.config.SettingInfo;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Options of a command line, `--key value`, as settings of a record. The last word of a key is enough where it is
/// the only one that ends so.
final class Options {
    private static final String PREFIX = "--";

    private Options() {}

    /// Throws INVALID_ARGUMENT for an option that there is not, and with all that there are for `--help`.
    static <T extends Record> T bind(Class<T> type, List<String> arguments) {
        Settings<T> settings = Settings.of(type);
        Map<String, String> values = new HashMap<>();
        for (int index = 0; index < arguments.size(); index += 2) {
            String option = arguments.get(index);
            if (!option.startsWith(PREFIX) || index + 1 == arguments.size()) {
                throw new StoreException(ErrorCode.INVALID_ARGUMENT, help(settings));
            }
            values.put(key(settings, option.substring(PREFIX.length())), arguments.get(index + 1));
        }
        return settings.bind(values);
    }

    private static String key(Settings<?> settings, String option) {
        for (SettingInfo info : settings.list()) {
            if (info.key().equals(option) || info.key().endsWith("." + option)) {
                return info.key();
            }
        }
        return option;
    }

    private static String help(Settings<?> settings) {
        StringBuilder out = new StringBuilder("options, each with a value:\n");
        for (SettingInfo info : settings.list()) {
            String key = info.key().substring(info.key().lastIndexOf('.') + 1);
            out.append("  %-16s %s (%s)%n".formatted(PREFIX + key, info.doc(), info.defaultText()));
        }
        return out.toString();
    }
}
