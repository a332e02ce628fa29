package io.forebay.protocol.api.control;

/// How far a storage node is with moving its objects to where an epoch places them. Times are by its own
/// clock.
///
/// @param epoch the number of that epoch; 0 when there was none
/// @param done whether everything that this node holds is where that epoch places it
/// @param objects how many were brought here or given to their other holders
/// @param bytesDone their bytes
/// @param bytesLeft the bytes still to be moved: an estimate from the keys that were looked at so far
/// @param objectsGiven how many of the objects were given to other holders
/// @param bytesGiven their bytes
/// @param startedMillis when the node began with the epoch, in milliseconds since the Unix epoch; 0 when it
///     did not
/// @param endedMillis when it was done; 0 while it is not
public record Rebalance(
        long epoch,
        boolean done,
        long objects,
        long bytesDone,
        long bytesLeft,
        long objectsGiven,
        long bytesGiven,
        long startedMillis,
        long endedMillis) {
    /// Of a node that has moved nothing.
    public static final Rebalance NONE = new Rebalance(0, false, 0, 0, 0);

    /// Of a node that has given nothing, at a time that is not known.
    public Rebalance(long epoch, boolean done, long objects, long bytesDone, long bytesLeft) {
        this(epoch, done, objects, bytesDone, bytesLeft, 0, 0, 0, 0);
    }
}
