package io.forebay.gateway.api.s3;

import io.forebay.protocol.http.Headers;
import java.util.Map;

/// Headers that ask for more than is offered. They are refused, never passed over: a client that asks for a rename
/// must not believe that it has one.
final class RefusedHeaders {
    /// Those that only one operation knows.
    private static final Map<String, Operation> OF_ONE = Map.of(
            "x-amz-if-match-",
            Operation.DELETE_OBJECT,
            Appends.OFFSET,
            Operation.APPEND_OBJECT,
            Renames.SOURCE,
            Operation.RENAME_OBJECT);

    private RefusedHeaders() {}

    /// Throws NotImplemented.
    static void check(Headers headers, Operation operation) {
        for (int index = 0; index < headers.count(); index++) {
            String name = headers.name(index);
            if (name.length() > 6 && name.regionMatches(true, 0, "x-amz-", 0, 6)) {
                OF_ONE.forEach((prefix, only) -> {
                    if (only != operation && isOf(prefix, name)) {
                        throw S3Failure.notImplemented(name);
                    }
                });
            }
        }
    }

    private static boolean isOf(String prefix, String name) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }
}
