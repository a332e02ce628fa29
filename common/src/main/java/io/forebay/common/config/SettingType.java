package io.forebay.common.config;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A type that one setting can have: its name for documentation, how its text is read and how it is written.
///
/// `parse` throws INVALID_ARGUMENT with a message that names the text and the rule.
record SettingType(String name, Function<String, Object> parse, Function<Object, String> format) {

    /// The scalar type of a class. Throws IllegalStateException for a class that no setting may have.
    static SettingType of(Class<?> type) {
        if (type == String.class) {
            return new SettingType("text", text -> text, Object::toString);
        } else if (type == int.class) {
            return new SettingType("number", SettingType::parseInt, Object::toString);
        } else if (type == long.class) {
            return new SettingType("number", SettingType::parseLong, Object::toString);
        } else if (type == double.class) {
            return new SettingType("number", SettingType::parseDouble, Object::toString);
        } else if (type == boolean.class) {
            return new SettingType("true or false", SettingType::parseBoolean, Object::toString);
        } else if (type == Duration.class) {
            return new SettingType("duration", DurationText::parse, value -> DurationText.format((Duration) value));
        } else if (type == DataSize.class) {
            return new SettingType("size", DataSize::parse, Object::toString);
        } else if (type == Ratio.class) {
            return new SettingType("share", Ratio::parse, Object::toString);
        } else if (type == Secret.class) {
            return new SettingType("secret", Secret::new, Object::toString);
        } else if (type == Path.class) {
            return new SettingType("path", SettingType::parsePath, Object::toString);
        } else if (type.isEnum()) {
            return ofEnum(type);
        }
        throw new IllegalStateException("no setting can have type " + type.getName());
    }

    /// A comma-separated list of a scalar type.
    static SettingType listOf(SettingType element) {
        return new SettingType(
                "list of " + element.name,
                text -> split(text).stream().map(element.parse).toList(),
                value -> ((List<?>) value).stream().map(element.format).collect(Collectors.joining(",")));
    }

    private static SettingType ofEnum(Class<?> type) {
        List<Object> constants = List.of((Object[]) type.getEnumConstants());
        String choices = constants.stream().map(SettingType::dashed).collect(Collectors.joining(", "));
        Function<String, Object> parse = text -> constants.stream()
                .filter(constant -> dashed(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> invalid("\"" + text + "\" is none of " + choices));
        return new SettingType(choices.replace(", ", " \\| "), parse, SettingType::dashed);
    }

    private static String dashed(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<String> split(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static Object parseInt(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw invalid("\"" + text + "\" is not a whole number");
        }
    }

    private static Object parseLong(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw invalid("\"" + text + "\" is not a whole number");
        }
    }

    private static Object parseDouble(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw invalid("\"" + text + "\" is not a number");
        }
    }

    private static Object parseBoolean(String text) {
        return switch (text) {
            case "true", "on", "yes" -> true;
            case "false", "off", "no" -> false;
            default -> throw invalid("\"" + text + "\" is neither true nor false");
        };
    }

    private static Object parsePath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw invalid("\"" + text + "\" is not a path");
        }
    }

    private static StoreException invalid(String message) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
