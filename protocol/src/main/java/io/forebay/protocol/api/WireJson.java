package io.forebay.protocol.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON as AIStore's servers read and write it: keys match without case, unknown keys pass, null is absent for
/// numbers and refused in lists, and `/`, `<`, `>` and `&` are never escaped. What is read is UTF-8 (`JsonText`).
public final class WireJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
            .withConfigOverride(List.class, list -> list.setNullHandling(JsonSetter.Value.forContentNulls(Nulls.FAIL)))
            .changeDefaultPropertyInclusion(value -> value.withValueInclusion(JsonInclude.Include.ALWAYS))
            .build();
    private static final JsonMapper ASCII =
            MAPPER.rebuild().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private WireJson() {}

    /// One line of UTF-8 without a line end.
    public static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /// One line of UTF-8 with its line end, as AIStore's replies have it.
    public static byte[] line(Object value) {
        byte[] json = write(value);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /// One line of ASCII without a line end: what a header can carry.
    public static String writeAscii(Object value) {
        return ASCII.writeValueAsString(value);
    }

    /// Throws INVALID_ARGUMENT when the bytes are not JSON of that shape.
    public static <T> T read(byte[] json, Class<T> type) {
        JsonText.require(json);
        try {
            T value = MAPPER.readValue(json, type);
            if (value != null) {
                return value;
            }
        } catch (JacksonException e) {
            throw invalid(e);
        }
        throw new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid JSON message: null");
    }

    /// A JSON document in which no key of an object is there twice, nested no deeper than that. Throws INVALID_ARGUMENT
    /// when the bytes are not JSON of that shape.
    public static <T> T readStrict(byte[] json, Class<T> type, int maxDepth) {
        JsonText.require(json);
        try {
            JsonMapper strict = JsonMapper.builder(JsonFactory.builder()
                            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                            .streamReadConstraints(StreamReadConstraints.builder()
                                    .maxNestingDepth(maxDepth)
                                    .build())
                            .build())
                    .build();
            T value = strict.readValue(json, type);
            if (value != null) {
                return value;
            }
        } catch (JacksonException e) {
            throw invalid(e);
        }
        throw new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid JSON message: null");
    }

    /// A JSON array. Throws INVALID_ARGUMENT when the bytes are not an array of that shape.
    public static <T> List<T> readList(byte[] json, Class<T> type) {
        JsonText.require(json);
        try {
            List<T> values = MAPPER.readValue(json, MAPPER.getTypeFactory().constructCollectionType(List.class, type));
            return values == null ? List.of() : values;
        } catch (JacksonException e) {
            throw invalid(e);
        }
    }

    /// Reads a value that was decoded as maps, lists and plain values into a message. Throws INVALID_ARGUMENT
    /// when it has another shape.
    public static <T> T convert(Object value, Class<T> type) {
        try {
            return MAPPER.convertValue(value, type);
        } catch (JacksonException e) {
            throw invalid(e);
        } catch (IllegalArgumentException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid JSON message: " + e.getMessage(), e);
        }
    }

    /// A rule that a message itself states is told as it states it.
    private static StoreException invalid(JacksonException failure) {
        return failure.getCause() instanceof StoreException rule
                ? rule
                : new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "invalid JSON message: " + JsonFault.words(failure), failure);
    }
}
