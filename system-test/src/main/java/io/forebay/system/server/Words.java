package io.forebay.system.server;

import io.forebay.common.error.Check;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A command line of words `--option value`.
public final class Words {
    private final Map<String, String> given = new TreeMap<>();

    /// Throws INVALID_ARGUMENT, with the usage, when a word is none of these options.
    public Words(List<String> arguments, List<String> options, String usage) {
        for (int index = 0; index < arguments.size(); index += 2) {
            String option = arguments.get(index);
            Check.argument(options.contains(option) && index + 1 < arguments.size(), "%s", usage);
            given.put(option, arguments.get(index + 1));
        }
    }

    public @Nullable String find(String option) {
        return given.get(option);
    }

    public String text(String option, String otherwise) {
        return given.getOrDefault(option, otherwise);
    }

    /// Throws INVALID_ARGUMENT when it is not a number.
    public long number(String option, long otherwise) {
        String text = given.get(option);
        if (text == null) {
            return otherwise;
        }
        Check.argument(text.matches("\\d{1,18}"), "%s \"%s\" is not a number", option, text);
        return Long.parseLong(text);
    }
}
