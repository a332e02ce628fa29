package io.forebay.protocol.api.control;

/// What the leader answers to a heartbeat.
///
/// @param leaseNanos how long the node's lease lives, counted from when it sent the heartbeat; 0 when it
///     gets none
/// @param stateVersion of the leader's cluster state
public record HeartbeatReply(long leaseNanos, long stateVersion) {}
