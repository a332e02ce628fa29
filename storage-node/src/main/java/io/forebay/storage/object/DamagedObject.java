package io.forebay.storage.object;

/// One thing that is damaged, as administrators see it.
///
/// @param volume its id
/// @param bucketId 0 for the index itself
/// @param name of the object; empty for the index itself
/// @param version the id of the version; empty for the object itself
/// @param part the number of the part of an upload; 0 for an object
/// @param foundMillis in milliseconds since the epoch
/// @param reason what was found
public record DamagedObject(
        String volume, long bucketId, String name, String version, int part, long foundMillis, String reason) {}
