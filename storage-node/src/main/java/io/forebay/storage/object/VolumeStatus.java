package io.forebay.storage.object;

/// One volume of a node as it is at a moment.
///
/// @param id of the volume, forever; empty for one that was never open
/// @param path of its folder
/// @param reason why it is in that state; empty when nobody said
/// @param totalBytes of its file system
/// @param freeBytes that may be written before the reserve begins
/// @param reserveBytes that are left free
/// @param usedBytes of its files and segments
/// @param liveBytes that something needs of them
/// @param objects how many it has
/// @param objectsLeft how many the mover has yet to take elsewhere
/// @param bytesLeft their bytes
/// @param ioErrors how often its disk failed
public record VolumeStatus(
        String id,
        String path,
        State state,
        String reason,
        long totalBytes,
        long freeBytes,
        long reserveBytes,
        long usedBytes,
        long liveBytes,
        long objects,
        long objectsLeft,
        long bytesLeft,
        long ioErrors) {

    /// What a volume is there for.
    public enum State {
        /// Reads and writes.
        ENABLED,
        /// Reads only: the mover takes its objects to other volumes.
        DRAINING,
        /// Nothing: an operator took it out of service.
        DISABLED,
        /// Nothing: its disk failed, or it could not be opened.
        FAILED
    }
}
