package io.forebay.storage.object;

import io.forebay.common.model.ObjectKey;

/// An object, or a version of one, that is to be removed.
public record ObjectRemoval(ObjectKey key, RemovalOptions options) {}
