package io.forebay.cluster.codec;

import io.forebay.cluster.state.User;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/// Users as JSON, in the state and in commands.
final class UserCodec {
    private UserCodec() {}

    /// All of them as `users`, by name.
    static void write(JsonGenerator json, Map<String, User> users) {
        json.writeArrayPropertyStart("users");
        users.values().stream().sorted(Comparator.comparing(User::name)).forEach(user -> write(json, user));
        json.writeEndArray();
    }

    static void write(JsonGenerator json, User user) {
        json.writeStartObject();
        json.writeStringProperty("name", user.name());
        json.writeStringProperty("id", user.id());
        json.writeNumberProperty("createdMillis", user.createdMillis());
        json.writeBooleanProperty("administrator", user.administrator());
        json.writeBooleanProperty("enabled", user.enabled());
        json.writeArrayPropertyStart("keys");
        user.keys().forEach(key -> write(json, key));
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(JsonGenerator json, User.AccessKey key) {
        json.writeStartObject();
        json.writeStringProperty("id", key.id());
        json.writeStringProperty("secret", key.sealedSecret());
        json.writeNumberProperty("createdMillis", key.createdMillis());
        json.writeEndObject();
    }

    /// By name. Throws CORRUPT when two have the same.
    static Map<String, User> readAll(List<JsonFields> list) {
        Map<String, User> users = new HashMap<>();
        for (JsonFields fields : list) {
            User user = read(fields);
            if (users.put(user.name(), user) != null) {
                throw fields.unreadable("it names user " + user.name() + " twice");
            }
        }
        return users;
    }

    static User read(JsonFields fields) {
        List<User.AccessKey> keys = new ArrayList<>();
        fields.list("keys").forEach(key -> keys.add(readKey(key)));
        User user = new User(
                fields.text("name"),
                fields.text("id"),
                fields.number("createdMillis"),
                fields.flag("administrator"),
                fields.flag("enabled"),
                keys);
        fields.end();
        return user;
    }

    static User.AccessKey readKey(JsonFields fields) {
        User.AccessKey key =
                new User.AccessKey(fields.text("id"), fields.text("secret"), fields.number("createdMillis"));
        fields.end();
        return key;
    }
}
