package io.forebay.cluster.codec;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The fields of a JSON object that are still to be read, strictly: one that is missing, of another type, or left over
/// is an error, because it means that the writer and this reader do not agree.
///
/// Knows what the codecs need: texts, whole numbers, booleans, objects and lists of objects.
final class JsonFields {
    static final JsonFactory FACTORY = new JsonFactory();

    private final String what;
    private final Map<String, Object> values;

    private JsonFields(String what, Map<String, Object> values) {
        this.what = what;
        this.values = values;
    }

    /// The fields of the object that the bytes hold from an offset to their end. Throws CORRUPT naming `what` when they
    /// hold anything else.
    static JsonFields parse(String what, byte[] bytes, int offset) {
        ByteArrayInputStream rest = new ByteArrayInputStream(bytes, offset, bytes.length - offset);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), rest)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw unreadable(what, "it is no JSON object");
            }
            JsonFields fields = new JsonFields(what, object(what, parser));
            if (parser.nextToken() != null) {
                throw unreadable(what, "something follows its end");
            }
            return fields;
        } catch (JacksonException e) {
            throw new StoreException(ErrorCode.CORRUPT, what + " is unreadable: " + e.getOriginalMessage(), e);
        }
    }

    String text(String name) {
        return take(name, String.class);
    }

    long number(String name) {
        return take(name, Long.class);
    }

    boolean flag(String name) {
        return take(name, Boolean.class);
    }

    JsonFields object(String name) {
        return new JsonFields(what, map(name));
    }

    SortedMap<String, String> texts(String name) {
        SortedMap<String, String> texts = new TreeMap<>();
        map(name).forEach((key, value) -> {
            if (!(value instanceof String text)) {
                throw unreadable(what, "field \"" + name + "\" holds something else than text");
            }
            texts.put(key, text);
        });
        return texts;
    }

    @SuppressWarnings("unchecked") // `value` makes lists of such maps only.
    List<JsonFields> list(String name) {
        List<JsonFields> list = new ArrayList<>();
        take(name, List.class).forEach(item -> list.add(new JsonFields(what, (Map<String, Object>) item)));
        return list;
    }

    /// The name of the only field. Throws CORRUPT when there are more or none.
    String onlyName() {
        if (values.size() != 1) {
            throw unreadable(what, "it has " + values.size() + " fields instead of one");
        }
        return values.keySet().iterator().next();
    }

    /// Throws CORRUPT when a field was not read.
    void end() {
        if (!values.isEmpty()) {
            throw unreadable(
                    what,
                    "it has the unknown field \"" + values.keySet().iterator().next() + "\"");
        }
    }

    StoreException unreadable(String why) {
        return unreadable(what, why);
    }

    @SuppressWarnings("unchecked") // `value` makes such maps only.
    private Map<String, Object> map(String name) {
        return take(name, Map.class);
    }

    private <T> T take(String name, Class<T> type) {
        Object value = values.remove(name);
        if (!type.isInstance(value)) {
            throw unreadable(what, "field \"" + name + "\" is " + (value == null ? "missing" : "of another type"));
        }
        return type.cast(value);
    }

    private static Map<String, Object> object(String what, JsonParser parser) {
        Map<String, Object> fields = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (fields.put(name, value(what, parser)) != null) {
                throw unreadable(what, "field \"" + name + "\" is there twice");
            }
        }
        return fields;
    }

    private static Object value(String what, JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_OBJECT -> object(what, parser);
            case START_ARRAY -> objects(what, parser);
            case null, default -> throw unreadable(what, "it holds a value of an unexpected type");
        };
    }

    private static List<Map<String, Object>> objects(String what, JsonParser parser) {
        List<Map<String, Object>> objects = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw unreadable(what, "a list holds something else than objects");
            }
            objects.add(object(what, parser));
        }
        return objects;
    }

    private static StoreException unreadable(String what, String why) {
        return new StoreException(ErrorCode.CORRUPT, what + " is unreadable: " + why);
    }
}
