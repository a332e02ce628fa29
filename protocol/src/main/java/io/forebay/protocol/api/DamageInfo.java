package io.forebay.protocol.api;

/// One thing on a volume that is damaged and not served.
///
/// @param bucketId the number of its bucket; 0 for the index of the volume itself
/// @param name of the object; empty for the index itself
/// @param part the number of the part of an upload; 0 for an object
/// @param foundMillis when it was found, in milliseconds since the epoch
/// @param reason what was found
public record DamageInfo(String volume, long bucketId, String name, int part, long foundMillis, String reason) {}
