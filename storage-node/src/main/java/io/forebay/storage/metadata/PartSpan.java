package io.forebay.storage.metadata;

import io.forebay.common.model.Checksum;
import org.jspecify.annotations.Nullable;

/// Where one part lies in a multipart object.
///
/// @param number as the client numbered it, ascending but with gaps where parts were left out
/// @param offset of its first byte in the object
/// @param length in bytes; only the last part may be empty
/// @param checksum the part's own, where the upload asked for one
public record PartSpan(
        int number, long offset, long length, @Nullable Checksum checksum) {}
