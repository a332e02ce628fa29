package io.forebay.protocol.api.control;

/// The disks of a storage node, all volumes together.
///
/// @param totalBytes of their file systems
/// @param freeBytes that may be written before the reserve begins
/// @param usedBytes of the node's files and segments
/// @param objects how many the node holds
/// @param failedVolumes how many volumes are out of service because their disks failed
public record Space(long totalBytes, long freeBytes, long usedBytes, long objects, int failedVolumes) {
    /// Of a node without disks.
    public static final Space NONE = new Space(0, 0, 0, 0);

    /// Of a node all of whose volumes serve.
    public Space(long totalBytes, long freeBytes, long usedBytes, long objects) {
        this(totalBytes, freeBytes, usedBytes, objects, 0);
    }
}
