package io.forebay.gateway.api.s3;

import io.forebay.protocol.http.Headers;

/// Headers that ask for more than is offered. They are refused, never passed over: a client that asks for encryption
/// or a lock must not believe that it has one.
final class RefusedHeaders {
    private static final String[] PREFIXES = {
        "x-amz-server-side-encryption",
        "x-amz-copy-source-server-side-encryption",
        "x-amz-write-offset-bytes",
        "x-amz-rename-source"
    };
    /// Conditions that only removals know.
    private static final String OF_REMOVALS = "x-amz-if-match-";

    private RefusedHeaders() {}

    /// Throws NotImplemented.
    ///
    /// @param removal whether one object is to be removed
    static void check(Headers headers, boolean removal) {
        for (int index = 0; index < headers.count(); index++) {
            String name = headers.name(index);
            if (name.length() > 6 && name.regionMatches(true, 0, "x-amz-", 0, 6)) {
                check(name);
                if (!removal && name.regionMatches(true, 0, OF_REMOVALS, 0, OF_REMOVALS.length())) {
                    throw S3Failure.notImplemented(name);
                }
            }
        }
    }

    private static void check(String name) {
        for (String prefix : PREFIXES) {
            if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
                throw S3Failure.notImplemented(name);
            }
        }
    }
}
