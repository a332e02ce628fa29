package io.forebay.common.config;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The settings that a record declares, nested records included: which keys there are, and values bound to them.
///
/// A key is the path of record components in dash-case: `storage.volume.segmentSize` is `storage.volume.segment-size`.
public final class Settings<T extends Record> {
    private final Class<T> type;
    private final Map<String, Leaf> leaves = new LinkedHashMap<>();

    private Settings(Class<T> type) {
        this.type = type;
        collect("", type);
    }

    /// The settings of a record. Throws IllegalStateException when one of its components cannot be a setting.
    public static <T extends Record> Settings<T> of(Class<T> type) {
        return new Settings<>(type);
    }

    /// The record with every setting at its default. Throws INVALID_ARGUMENT when one has none.
    public static <T extends Record> T defaults(Class<T> type) {
        return of(type).bind(Map.of());
    }

    /// Every setting, in the order of the records.
    public List<SettingInfo> list() {
        return leaves.values().stream()
                .map(leaf -> new SettingInfo(leaf.key, leaf.type.name(), leaf.defaultText, leaf.doc))
                .toList();
    }

    /// The record with these values, and defaults for the rest. Throws INVALID_ARGUMENT for an unknown key (naming the
    /// nearest known one), a value that breaks its rule (naming key, value and rule), and a required one not given.
    public T bind(Map<String, String> values) {
        for (String key : new TreeSet<>(values.keySet())) {
            Check.argument(leaves.containsKey(key), "unknown setting %s: did you mean %s?", key, nearest(key));
        }
        return type.cast(bind("", type, values));
    }

    /// The values of a record of these settings as `key = value` lines, secrets masked.
    public String text(T config) {
        StringBuilder out = new StringBuilder();
        values(config)
                .forEach((key, text) ->
                        out.append(key).append(" = ").append(text).append('\n'));
        return out.toString();
    }

    /// The values of a record of these settings by key, in the order of the records, secrets masked; empty
    /// for those without one.
    public Map<String, String> values(T config) {
        Map<String, String> values = new LinkedHashMap<>();
        put("", config, values);
        return values;
    }

    private void collect(String prefix, Class<?> record) {
        for (RecordComponent component : record.getRecordComponents()) {
            String key = prefix + dashed(component.getName());
            if (isGroup(component)) {
                collect(key + ".", component.getType());
            } else {
                leaves.put(key, leaf(key, component));
            }
        }
    }

    private static Leaf leaf(String key, RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        Check.that(setting != null, "setting %s has no @Setting that says what it means", key);
        Default fallback = component.getAnnotation(Default.class);
        boolean isList = component.getType() == List.class;
        boolean isNullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return new Leaf(
                key,
                isList ? SettingType.listOf(SettingType.of(element(component))) : SettingType.of(component.getType()),
                fallback != null ? fallback.value() : isList ? "" : null,
                isNullable,
                setting == null ? "" : setting.value());
    }

    private static Class<?> element(RecordComponent component) {
        Type argument = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        return (Class<?>) argument;
    }

    private static boolean isGroup(RecordComponent component) {
        Class<?> type = component.getType();
        return type.isRecord() && type != DataSize.class && type != Ratio.class && type != Secret.class;
    }

    private Object bind(String prefix, Class<?> record, Map<String, String> values) {
        RecordComponent[] components = record.getRecordComponents();
        @Nullable Object[] arguments = new Object[components.length];
        for (int index = 0; index < components.length; index++) {
            String key = prefix + dashed(components[index].getName());
            Leaf leaf = leaves.get(key);
            arguments[index] =
                    leaf == null ? bind(key + ".", components[index].getType(), values) : leaf.value(values.get(key));
        }
        return construct(prefix, record, components, arguments);
    }

    private static Object construct(
            String prefix, Class<?> record, RecordComponent[] components, @Nullable Object[] arguments) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = record.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            String group = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1) + ": ";
            String rule = e.getCause() == null ? "" : e.getCause().getMessage();
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid settings " + group + rule, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot construct " + record.getName(), e);
        }
    }

    private void put(String prefix, Object config, Map<String, String> values) {
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            String key = prefix + dashed(component.getName());
            Object value = read(component, config);
            Leaf leaf = leaves.get(key);
            if (leaf != null) {
                values.put(key, value == null ? "" : leaf.type.format().apply(value));
            } else if (value != null) {
                put(key + ".", value, values);
            }
        }
    }

    private static @Nullable Object read(RecordComponent component, Object config) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    private String nearest(String key) {
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        for (String known : leaves.keySet()) {
            int distance = distance(key, known);
            if (distance < bestDistance) {
                best = known;
                bestDistance = distance;
            }
        }
        return best;
    }

    /// How many characters must be added, removed or changed (Levenshtein).
    private static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        Arrays.setAll(previous, index -> index);
        for (int row = 1; row <= left.length(); row++) {
            int[] current = new int[right.length() + 1];
            current[0] = row;
            for (int column = 1; column <= right.length(); column++) {
                int change = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
                current[column] =
                        Math.min(previous[column - 1] + change, 1 + Math.min(previous[column], current[column - 1]));
            }
            previous = current;
        }
        return previous[right.length()];
    }

    private static String dashed(String name) {
        StringBuilder out = new StringBuilder();
        for (int index = 0; index < name.length(); index++) {
            char c = name.charAt(index);
            if (Character.isUpperCase(c)) {
                out.append('-');
            }
            out.append(Character.toLowerCase(c));
        }
        return out.toString();
    }

    /// One setting with its rule.
    private record Leaf(
            String key, SettingType type, @Nullable String defaultText, boolean nullable, String doc) {
        @Nullable
        Object value(@Nullable String given) {
            String text = given != null ? given.strip() : defaultText;
            if (text == null) {
                Check.argument(nullable, "setting %s is required: %s", key, doc);
                return null;
            }
            try {
                return type.parse().apply(text);
            } catch (StoreException e) {
                String shown = type.name().equals("secret") ? "" : " " + e.text();
                throw new StoreException(e.code(), "setting " + key + ":" + shown, e);
            }
        }
    }
}
