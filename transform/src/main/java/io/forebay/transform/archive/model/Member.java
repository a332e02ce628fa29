package io.forebay.transform.archive.model;

/// One regular file in an archive: what it is called, and where its bytes are.
///
/// @param name without a leading slash, and never one that leads out of a folder
/// @param size in bytes, unpacked
/// @param modifiedMillis when it was modified, in milliseconds since the epoch
public record Member(String name, long size, long modifiedMillis, Location location) {}
