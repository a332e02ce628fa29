package io.forebay.gateway.api.s3;

import io.forebay.protocol.http.Headers;

/// Headers that ask for more than is offered. They are refused, never passed over: a client that asks for encryption
/// or a lock must not believe that it has one.
final class RefusedHeaders {
    private static final String[] PREFIXES = {
        "x-amz-server-side-encryption",
        "x-amz-copy-source-server-side-encryption",
        "x-amz-object-lock-",
        "x-amz-bucket-object-lock-enabled",
        "x-amz-write-offset-bytes",
        "x-amz-if-match-last-modified-time",
        "x-amz-if-match-size",
        "x-amz-rename-source"
    };

    private RefusedHeaders() {}

    /// Throws NotImplemented.
    static void check(Headers headers) {
        for (int index = 0; index < headers.count(); index++) {
            String name = headers.name(index);
            if (name.length() > 6 && name.regionMatches(true, 0, "x-amz-", 0, 6)) {
                check(name, headers.value(index));
            }
        }
    }

    private static void check(String name, String value) {
        if (name.equalsIgnoreCase("x-amz-bucket-object-lock-enabled") && value.equalsIgnoreCase("false")) {
            return;
        }
        for (String prefix : PREFIXES) {
            if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
                throw S3Failure.notImplemented(name);
            }
        }
    }
}
