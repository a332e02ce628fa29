package io.forebay.protocol.api.control;

/// The disks of a storage node, all volumes together.
///
/// @param totalBytes of their file systems
/// @param freeBytes that may be written before the reserve begins
/// @param usedBytes of the node's files and segments
/// @param objects how many the node holds
public record Space(long totalBytes, long freeBytes, long usedBytes, long objects) {
    /// Of a node without disks.
    public static final Space NONE = new Space(0, 0, 0, 0);
}
