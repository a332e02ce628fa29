package io.forebay.storage.object;

import io.forebay.storage.metadata.Stamp;

/// An object's removal of so long ago that it need not be remembered.
public record OldRemoval(long bucketId, String name, Stamp stamp) {}
