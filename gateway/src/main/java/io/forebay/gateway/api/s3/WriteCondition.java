package io.forebay.gateway.api.s3;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import org.jspecify.annotations.Nullable;

/// The condition under which a write may replace an object, as the node checks it at the moment of the commit.
///
/// @param name the node's header, or null for no condition
/// @param derived whether it stands for another condition that held of the object as it was found
record WriteCondition(@Nullable String name, String value, boolean derived) {
    static final WriteCondition NONE = new WriteCondition(null, "", false);

    /// That the object is still not there, as it was found.
    static final WriteCondition STILL_ABSENT = new WriteCondition("If-None-Match", "*", true);

    /// Reads `If-Match` and `If-None-Match`. `If-None-Match` with entity tags becomes a condition on the object that is
    /// there now, so that it holds at the commit too. Throws PreconditionFailed, or NotImplemented for both
    /// headers.
    static WriteCondition of(S3Call call, ObjectKey key, Objects objects) {
        String match = call.header("If-Match");
        String noneMatch = call.header("If-None-Match");
        if (match != null && noneMatch != null) {
            throw S3Failure.notImplemented("If-Match together with If-None-Match");
        }
        if (match != null) {
            return new WriteCondition("If-Match", match, false);
        }
        if (noneMatch == null) {
            return NONE;
        }
        if (noneMatch.strip().equals("*")) {
            return new WriteCondition("If-None-Match", "*", false);
        }
        String current = currentEtag(call, key, objects);
        if (current == null) {
            return STILL_ABSENT;
        }
        if (names(noneMatch, current)) {
            throw new S3Failure(S3Error.PRECONDITION_FAILED);
        }
        return still(current);
    }

    /// That the object is still the one of that entity tag, as it was found.
    static WriteCondition still(String etag) {
        return new WriteCondition("If-Match", "\"" + etag + "\"", true);
    }

    void addTo(Headers node) {
        if (name != null) {
            node.add(name, value);
        }
    }

    /// A derived condition that failed means that another write came between: the client may try again.
    StoreException check(StoreException failure) {
        if (derived
                && (failure.code() == ErrorCode.PRECONDITION_FAILED || failure.code() == ErrorCode.NO_SUCH_OBJECT)) {
            throw new S3Failure(S3Error.CONDITIONAL_REQUEST_CONFLICT);
        }
        return failure;
    }

    private static @Nullable String currentEtag(S3Call call, ObjectKey key, Objects objects) {
        Headers present = objects.find(call.exchange(), key);
        return present == null ? null : present.find(NodeHeaders.ETAG, "");
    }

    /// Whether a list of entity tags, quotes optional, has that one.
    static boolean names(String list, String etag) {
        for (int from = 0; from <= list.length(); ) {
            int end = list.indexOf(',', from);
            end = end < 0 ? list.length() : end;
            if (unquoted(list.substring(from, end)).equals(etag)) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }

    static String unquoted(String etag) {
        String text = etag.strip();
        if (text.startsWith("W/")) {
            text = text.substring(2);
        }
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
