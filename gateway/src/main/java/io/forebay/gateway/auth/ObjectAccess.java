package io.forebay.gateway.auth;

import io.forebay.protocol.http.Query;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an object itself has to do with who may do what with it.
///
/// @param list its access control list as text; null where it has none of its own
/// @param tags by key
public record ObjectAccess(@Nullable String list, Map<String, String> tags) {
    /// The attribute of an object that has its list.
    public static final String LIST = "x-amz-acl";

    /// The attribute of an object that has its tags, as `key=value&...`, percent-encoded.
    public static final String TAGS = "x-amz-tagging";

    public ObjectAccess {
        tags = Map.copyOf(tags);
    }

    /// Of an object with these attributes.
    public static ObjectAccess of(Map<String, String> attributes) {
        Map<String, String> tags = new HashMap<>();
        Query query = Query.parse(attributes.getOrDefault(TAGS, ""));
        for (int index = 0; index < query.count(); index++) {
            tags.put(query.name(index), query.value(index));
        }
        return new ObjectAccess(attributes.get(LIST), tags);
    }
}
