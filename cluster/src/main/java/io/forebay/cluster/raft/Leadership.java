package io.forebay.cluster.raft;

/// A proof that this node led the group at an instant.
///
/// @param term the term that it leads; no two nodes lead the same
/// @param electedNanos when it was elected, by the monotonic clock of this process
/// @param confirmedNanos the instant that is proven: no other node had been elected in a later term before it
public record Leadership(long term, long electedNanos, long confirmedNanos) {}
