package io.forebay.gateway.api.s3;

import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.RemovalsRequest;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// What a client demands of an object that it removes: its entity tag, when it was modified, how large it is.
/// One that is not there is removed already, whatever is demanded.
///
/// @param etag as `If-Match` has it, or null
/// @param modifiedSeconds since the epoch, or null
/// @param size in bytes, or null
record RemovalCondition(
        @Nullable String etag,
        @Nullable Long modifiedSeconds,
        @Nullable Long size) {
    private static final String MODIFIED = "x-amz-if-match-last-modified-time";
    private static final String SIZE = "x-amz-if-match-size";

    /// Of a DeleteObject. Throws InvalidArgument.
    static RemovalCondition of(S3Call call) {
        return of(call.header("If-Match"), MODIFIED, call.header(MODIFIED), SIZE, call.header(SIZE));
    }

    /// Of an `Object` in a DeleteObjects. Throws InvalidArgument.
    static RemovalCondition of(XmlElement object) {
        return of(
                object.findText("ETag"),
                "LastModifiedTime",
                object.findText("LastModifiedTime"),
                "Size",
                object.findText("Size"));
    }

    private static RemovalCondition of(
            @Nullable String etag, String timeName, @Nullable String time, String sizeName, @Nullable String size) {
        return new RemovalCondition(
                etag, time == null ? null : seconds(timeName, time), size == null ? null : bytes(sizeName, size));
    }

    void addTo(Headers node) {
        if (etag != null) {
            node.add("If-Match", etag);
        }
        if (modifiedSeconds != null) {
            node.add(NodeHeaders.IF_MODIFIED_AT, modifiedSeconds);
        }
        if (size != null) {
            node.add(NodeHeaders.IF_SIZE, size);
        }
    }

    /// The removal of an object or version under this condition.
    RemovalsRequest.Removal removal(ObjectKey key, boolean bypassesGovernance) {
        return new RemovalsRequest.Removal(key.name(), key.version(), etag, size, modifiedSeconds, bypassesGovernance);
    }

    /// A time as HTTP or ISO 8601 writes it.
    private static long seconds(String name, String text) {
        long millis = HttpDate.parse(text);
        if (millis != HttpDate.INVALID) {
            return Math.floorDiv(millis, 1000);
        }
        try {
            return Instant.parse(text).getEpochSecond();
        } catch (DateTimeParseException e) {
            throw S3Failure.invalidArgument(name, text, "Not a time");
        }
    }

    private static long bytes(String name, String text) {
        boolean number = !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number) {
            throw S3Failure.invalidArgument(name, text, "Not a size in bytes");
        }
        return Long.parseLong(text);
    }
}
