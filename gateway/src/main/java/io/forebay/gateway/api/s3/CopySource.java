package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.PercentCode;

/// What a copy reads: `x-amz-copy-source` and the conditions on it.
///
/// @param key the object, or a version of it
/// @param conditions as headers of a read
record CopySource(ObjectKey key, Headers conditions) {
    static final String HEADER = "x-amz-copy-source";
    private static final String VERSION = "?versionId=";
    private static final String CONDITION_PREFIX = "x-amz-copy-source-if-";

    /// Reads `[/]bucket/key[?versionId=ID]`, percent-encoded once. Throws InvalidArgument.
    static CopySource of(S3Call call) {
        String header = call.header(HEADER);
        String text = header == null ? "" : header.strip();
        int mark = text.indexOf(VERSION);
        String version = mark < 0 ? null : text.substring(mark + VERSION.length());
        text = mark < 0 ? text : text.substring(0, mark);
        String path = decode(text.startsWith("/") ? text.substring(1) : text);
        int slash = path.indexOf('/');
        if (slash <= 0 || slash == path.length() - 1) {
            throw S3Failure.invalidArgument(
                    HEADER, text, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        }
        ObjectKey object = new ObjectKey(BucketNames.named(path.substring(0, slash)), path.substring(slash + 1));
        ObjectKey key = version == null ? object : S3Call.versionOf(object, version);
        Headers conditions = new Headers();
        Headers headers = call.exchange().request().headers();
        addCondition(headers, "match", "If-Match", conditions);
        addCondition(headers, "none-match", "If-None-Match", conditions);
        addCondition(headers, "modified-since", "If-Modified-Since", conditions);
        addCondition(headers, "unmodified-since", "If-Unmodified-Since", conditions);
        return new CopySource(key, conditions);
    }

    private static void addCondition(Headers headers, String suffix, String name, Headers conditions) {
        String value = headers.find(CONDITION_PREFIX + suffix);
        if (value != null) {
            conditions.add(name, value);
        }
    }

    private static String decode(String text) {
        try {
            return PercentCode.decode(text);
        } catch (StoreException e) {
            throw S3Failure.invalidArgument(HEADER, text, "Invalid copy source encoding.");
        }
    }
}
