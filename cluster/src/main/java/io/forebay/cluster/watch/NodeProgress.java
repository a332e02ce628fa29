package io.forebay.cluster.watch;

import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.api.control.Space;

/// What a node tells of itself with each heartbeat.
///
/// @param preparedEpoch the newest epoch under which it serves or is ready to (`Heartbeat.preparedEpoch`)
public record NodeProgress(long preparedEpoch, Rebalance rebalance, Space space) {
    /// Of a node that owns nothing, such as a gateway.
    public static final NodeProgress NONE = new NodeProgress(0, Rebalance.NONE, Space.NONE);
}
