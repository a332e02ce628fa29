package io.forebay.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks a storage node to remove objects of one bucket together, as far as nothing about them is with other
/// nodes.
///
/// Sent as JSON in the body of `DELETE /v1/buckets/BUCKET?what=objects`. The answer is a `RemovalsReply`;
/// while owners of objects change it is STALE_MAP, and nothing was removed.
///
/// @param removals at most `MAX_COUNT`
public record RemovalsRequest(List<Removal> removals) {
    /// As many as S3's DeleteObjects has.
    public static final int MAX_COUNT = 1000;

    /// A list that a message leaves out is empty.
    public RemovalsRequest(@Nullable List<Removal> removals) {
        this.removals = removals == null ? List.of() : List.copyOf(removals);
    }

    /// One object, or a version of it.
    ///
    /// @param version id of the version that is to go for good; empty for the object
    /// @param etag that the object must have, as `If-Match` has it; or null
    /// @param size in bytes that it must have, or null
    /// @param modifiedSeconds since the epoch, at which it must have been modified; or null
    /// @param bypassesGovernance whether retention in governance mode does not count
    public record Removal(
            String name,
            String version,
            @Nullable String etag,
            @Nullable Long size,
            @Nullable Long modifiedSeconds,
            boolean bypassesGovernance) {}
}
