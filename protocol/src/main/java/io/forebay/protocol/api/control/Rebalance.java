package io.forebay.protocol.api.control;

/// How far a storage node is with moving its objects to where an epoch places them.
///
/// @param epoch the number of that epoch; 0 when there was none
/// @param done whether everything that this node holds is where that epoch places it
/// @param objects how many were moved
/// @param bytesDone their bytes
/// @param bytesLeft the bytes still to be moved, as far as known
public record Rebalance(long epoch, boolean done, long objects, long bytesDone, long bytesLeft) {
    /// Of a node that has moved nothing.
    public static final Rebalance NONE = new Rebalance(0, false, 0, 0, 0);
}
