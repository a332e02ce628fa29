package io.forebay.storage.object;

import io.forebay.storage.metadata.Stamp;

/// The removal of an object, or of a version, of so long ago that it need not be remembered.
///
/// @param version the id of the version; empty for the object
public record OldRemoval(long bucketId, String name, String version, Stamp stamp) {}
