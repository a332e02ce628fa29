package io.forebay.storage.object;

import io.forebay.storage.metadata.ObjectRecord;

/// One stored part of an upload.
///
/// @param number 1 or more
/// @param record its size, time, checksums and where its bytes are
/// @param store the volume that has them
public record Part(int number, ObjectRecord record, VolumeStore store) {}
