package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Headers;
import io.forebay.storage.object.Conditions;
import java.util.List;

/// What a writer demands of the object that it replaces or removes.
final class WriteConditions {
    private WriteConditions() {}

    /// Reads `If-Match` and `If-None-Match: *`. Throws UNSUPPORTED when the latter names tags.
    static Conditions of(Headers headers) {
        String match = headers.find("If-Match");
        String noneMatch = headers.find("If-None-Match");
        if (match == null && noneMatch == null) {
            return Conditions.NONE;
        }
        if (noneMatch != null && !noneMatch.strip().equals("*")) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED, "If-None-Match of a write is only supported with *, not " + noneMatch);
        }
        return new Conditions(
                noneMatch == null ? Conditions.Existence.ANY : Conditions.Existence.ABSENT,
                match == null ? List.of() : EntityTags.split(match));
    }
}
