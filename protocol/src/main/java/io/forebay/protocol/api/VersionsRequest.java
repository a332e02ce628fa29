package io.forebay.protocol.api;

import org.jspecify.annotations.Nullable;

/// Asks one storage node for one page of the versions of one bucket's objects.
///
/// Sent as JSON in the body of `GET /v1/buckets/BUCKET?what=versions`, for the objects that the node answers for; and
/// of `?what=versionnames`, while owners change, for the names of all that it has.
///
/// @param page which names; `after` is passed over, but for the versions of it behind `afterVersion`
/// @param afterVersion the id of a version of the name `after`; empty for none
public record VersionsRequest(PageRequest page, String afterVersion) {
    /// A text that a message leaves out is empty.
    public VersionsRequest(PageRequest page, @Nullable String afterVersion) {
        this.page = page;
        this.afterVersion = afterVersion == null ? "" : afterVersion;
    }
}
