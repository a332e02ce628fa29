package io.forebay.protocol.api;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// AIStore's control message: what to do, with what name and value. Its keys match without case.
///
/// @param value decoded JSON of any shape: `Map`, `List`, `String`, `Number`, `Boolean` or null
public record ActionMessage(
        String action, String name, @Nullable Object value) {
    public static final ActionMessage EMPTY = new ActionMessage("", "", null);

    public ActionMessage(@Nullable String action, @Nullable String name, @Nullable Object value) {
        this.action = action == null ? "" : action;
        this.name = name == null ? "" : name;
        this.value = value;
    }

    /// An empty body is an empty message. Throws INVALID_ARGUMENT when the bytes are not such a message.
    public static ActionMessage parse(byte[] json) {
        return isBlank(json) ? EMPTY : WireJson.read(json, ActionMessage.class);
    }

    /// The value as a message of its own; an absent one is that of `{}`. Throws INVALID_ARGUMENT when it has another
    /// shape.
    public <T> T value(Class<T> type) {
        return WireJson.convert(value == null ? Map.of() : value, type);
    }

    /// The value when it is a JSON object; an absent one is empty. Throws INVALID_ARGUMENT for another shape.
    public Map<?, ?> valueMap() {
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new StoreException(
                ErrorCode.INVALID_ARGUMENT, "invalid value of action \"" + action + "\": expecting a JSON object");
    }

    private static boolean isBlank(byte[] json) {
        for (byte b : json) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }
}
