package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.storage.object.Conditions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a writer demands of the object that it replaces or removes.
final class WriteConditions {
    private WriteConditions() {}

    /// Reads `If-Match`, `If-None-Match: *`, and what a node says of size and time. Throws UNSUPPORTED when the second
    /// names tags.
    static Conditions of(Headers headers) {
        String match = headers.find("If-Match");
        String noneMatch = headers.find("If-None-Match");
        Long size = number(headers, NodeHeaders.IF_SIZE);
        Long modified = number(headers, NodeHeaders.IF_MODIFIED_AT);
        if (match == null && noneMatch == null && size == null && modified == null) {
            return Conditions.NONE;
        }
        if (noneMatch != null && !noneMatch.strip().equals("*")) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED, "If-None-Match of a write is only supported with *, not " + noneMatch);
        }
        return new Conditions(
                noneMatch == null ? Conditions.Existence.ANY : Conditions.Existence.ABSENT,
                match == null ? List.of() : EntityTags.split(match),
                size,
                modified);
    }

    private static @Nullable Long number(Headers headers, String name) {
        String text = headers.find(name);
        return text == null ? null : Long.valueOf(text);
    }
}
