package io.forebay.storage.object;

import io.forebay.storage.metadata.ObjectRecord;

/// One stored part of an upload.
///
/// @param number 1 or more
/// @param record its size, time, checksums and where its bytes are
/// @param uploadId of the upload
/// @param store the volume that had them when the part was listed
public record Part(int number, ObjectRecord record, String uploadId, VolumeStore store) {
    /// The same part, of which another record tells.
    public Part withRecord(ObjectRecord next) {
        return new Part(number, next, uploadId, store);
    }
}
