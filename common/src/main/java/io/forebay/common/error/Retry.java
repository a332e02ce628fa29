package io.forebay.common.error;

/// What a caller inside the cluster may do after a failure.
public enum Retry {
    /// The same request fails again.
    NEVER,
    /// The same node may succeed after a pause.
    SAME_NODE_LATER,
    /// Succeeds after the cluster state was refreshed.
    AFTER_REFRESH,
    /// Another node may succeed at once.
    OTHER_NODE
}
