package io.forebay.protocol.api;

/// One volume of a storage node, as `GET /v1/daemon/volumes` lists it (`VolumeList`).
///
/// @param id of the volume, forever; empty for one that could not be opened and was never known
/// @param path of its folder
/// @param state `enabled`, `draining`, `disabled` or `failed`
/// @param reason why it is in that state; empty when nobody said
/// @param totalBytes of its file system
/// @param freeBytes that may be written before the reserve begins
/// @param reserveBytes that are left free
/// @param usedBytes of its files and segments
/// @param liveBytes that objects need of them
/// @param objects how many it has
/// @param objectsLeft how many the mover has yet to take to another volume
/// @param bytesLeft their bytes
/// @param ioErrors how often its disk failed since the node started
public record VolumeInfo(
        String id,
        String path,
        String state,
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
    /// The state of a volume whose disk failed.
    public static final String FAILED = "failed";
}
