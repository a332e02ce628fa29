package io.forebay.gateway.auth.policy;

/// What a policy says of a request.
public enum Decision {
    /// A statement denies it: nothing else counts.
    DENY,
    /// A statement allows it, and none denies it.
    ALLOW,
    /// No statement speaks of it.
    NONE
}
