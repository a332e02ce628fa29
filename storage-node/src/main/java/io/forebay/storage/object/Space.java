package io.forebay.storage.object;

/// Space on disk, in bytes.
///
/// @param totalBytes of the file systems, each counted once a volume
/// @param freeBytes that may still be written before the reserve begins
/// @param usedBytes of files and segments of this node
/// @param objectCount how many objects there are
public record Space(long totalBytes, long freeBytes, long usedBytes, long objectCount) {}
