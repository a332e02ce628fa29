package io.forebay.storage.object;

/// What a removal removed, or left in its place.
///
/// @param versionId the id of the version that is gone for good, or of the marker; empty where a bucket has no
///     versions
/// @param marker whether a marker was left, or removed
public record Removed(String versionId, boolean marker) {
    /// An object of a bucket without versions.
    static final Removed OBJECT = new Removed("", false);
}
